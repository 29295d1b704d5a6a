"""Messages in an outbox and couriers for tests."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.orm import Session

from kb.database import Database
from webform import outbox
from webform.deliveries import Courier
from webform.mailer import Mailer, Parcel, Receipt
from webform.outbox import MessageKind
from webform.schedule import Schedule
from webform.tickets import Ticket, TicketStatus, new_reference

WAITS = Schedule(tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)), timedelta(days=3), lambda: 0.0)
LEASE = timedelta(minutes=2)


def put(session: Session, now: datetime, kind: MessageKind = MessageKind.REQUEST, recipients: Sequence[str] = ("team@example.com",)) -> int:
    """Store a ticket with one message; give the message's number."""
    reference = new_reference()
    ticket = Ticket(
        reference=reference,
        submission_key=reference,
        visit_token="visit",
        message_id=f"<{reference}@example.com>",
        email="anna@customer.example",
        message="It hums.",
        language="en",
        interface_language="en",
        status=TicketStatus.NEW,
        created_at=now,
        updated_at=now,
    )
    session.add(ticket)
    session.flush()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "help@example.com", ", ".join(recipients), "Pump"
    message["Message-ID"] = ticket.message_id
    message.set_content("It hums. Насос гудит.", cte="quoted-printable")
    return outbox.enqueue(session, ticket=ticket, kind=kind, sender="bounce@example.com", recipients=recipients, message=message, now=now).id


class Told:
    """A mailer that does as told: each parcel goes to a function; without an answer of its own it is delivered."""

    def __init__(self, answer: Callable[[Parcel], Receipt | None] = lambda parcel: None) -> None:
        self.answer = answer
        self.asked: list[Parcel] = []
        self.closed = 0

    def send(self, parcel: Parcel) -> Receipt:
        self.asked.append(parcel)
        return self.answer(parcel) or Receipt("250 taken")

    def close(self) -> None:
        self.closed += 1


def courier(database: Database, mailer: Mailer, now: datetime, name: str = "worker") -> Courier:
    return Courier(database, mailer, WAITS, name, LEASE, lambda session: now)
