"""Additions: what a customer adds to a request that was sent, which reaches the team in the same thread."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base
from webform import addition_mail, attachments, dispatch, hook_facts, mailed_files, outbox, tickets, topics
from webform.attachments import Attachment
from webform.lines import storable
from webform.outbox import MessageKind
from webform.terms import Terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus


class Addition(Base):
    """Words and files that came later, with the Message-ID of the mail that carries them."""

    __tablename__ = "addition"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


def holder(ticket: Ticket) -> str:
    """Tell under what name files wait that are about to be added to a request, where those of a form have its visit."""
    return f"more-{ticket.reference}"


def of_ticket(session: Session, ticket_id: int) -> list[Addition]:
    """List what was added to a request, in its order."""
    return list(session.scalars(select(Addition).where(Addition.ticket_id == ticket_id).order_by(Addition.id)))


def add(session: Session, ticket: Ticket, message: str, files: Sequence[Attachment], *, once: str, terms: Terms, now: datetime) -> bool:
    """Keep an addition together with its mail to the team: both are committed, or nothing.

    A request that was answered or closed is new again: somebody has to read this. As long as one is held, so is what is added to it.

    :param once: what the page carried that it was sent from; sent twice from one page it is one addition.
    :return: whether it is new.
    """
    words = storable(message).strip()
    key = terms.tokens.digest("addition", "\0".join((ticket.reference, once, words, attachments.fingerprint(files))))
    message_id = f"<{ticket.reference}.{secrets.token_hex(8)}.add@{terms.mail_domain}>"
    row = {"ticket_id": ticket.id, "key": key, "message_id": message_id, "message": words, "created_at": now}
    made = insert_into(session, Addition).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(Addition.id)
    number = session.scalar(made)
    if number is None:
        for file in (each for each in files if each.ticket_id is None):  # The same file went with the first of them.
            session.delete(file)
        return False
    addition = session.get_one(Addition, number)
    kept = attachments.attach(session, ticket, files)
    for file in kept:
        file.addition_id = addition.id
    before = TicketStatus(ticket.status)
    if before is not TicketStatus.HELD:
        _forward(session, ticket, addition, kept, terms, now)
    if before in {TicketStatus.ANSWERED, TicketStatus.CLOSED}:
        tickets.set_status(session, ticket, TicketStatus.NEW, now, by=Party.CUSTOMER)
        hook_facts.status_changed(session, ticket, before, now)
    return True


def forward_held(session: Session, ticket: Ticket, terms: Terms, now: datetime) -> None:
    """Put the mails of everything in line that was added while a request was held; the request's own mail is there before."""
    files = attachments.of_ticket(session, ticket.id)
    for addition in of_ticket(session, ticket.id):
        _forward(session, ticket, addition, [file for file in files if file.addition_id == addition.id], terms, now)


def _forward(session: Session, ticket: Ticket, addition: Addition, files: Sequence[Attachment], terms: Terms, now: datetime) -> None:
    to = _recipients(session, ticket, terms)
    topic = topics.find(session, ticket.topic) if ticket.topic else None
    going, mailed = dispatch.again(session, ticket, topic, terms), mailed_files.divide(files, terms, now)
    mail = addition_mail.compose(ticket, addition, to=to, topic=topic, going=going, files=mailed, terms=terms)
    outbox.enqueue(session, ticket=ticket, kind=MessageKind.ADDITION, sender=terms.bounce, recipients=to, message=mail, now=now)


def _recipients(session: Session, ticket: Ticket, terms: Terms) -> list[str]:
    """Tell who got the request itself: an addition goes to the same people."""
    sent = (message for message in outbox.of_ticket(session, ticket.id) if message.kind == MessageKind.REQUEST)
    return list(dict.fromkeys(address for message in sent for address in message.addresses)) or [terms.team_address]
