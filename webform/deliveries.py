"""Deliveries: sending what is due, one message after the other, and writing down how each went."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kb.database import Database
from webform import hook_facts, leases
from webform.leases import Claim
from webform.mailer import Mailer, Receipt, Refusal, Unreachable, clean
from webform.outbox import Attempt, Delivery, OutboxMessage, Outcome
from webform.schedule import Schedule

MANY_INTERRUPTIONS = 3
TRIES_TO_WRITE = 5
SECONDS_BETWEEN_TRIES = 1.0
OUTCOMES = {Delivery.SENT: Outcome.SENT, Delivery.WAITING: Outcome.RETRY, Delivery.FAILED: Outcome.FAILED}
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What one pass over the outbox came to; ``unreachable`` has the words if it ended because nothing could be sent."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    unreachable: str = ""


@dataclass(frozen=True, slots=True)
class Courier:
    """What a delivering process works with.

    :ivar name: its own, different from every other's at any time.
    :ivar lease: longer than any message can take.
    :ivar clock: tells the time by which leases and waits are kept: :func:`webform.leases.clock`, except in tests.
    """

    database: Database
    mailer: Mailer
    schedule: Schedule
    name: str
    lease: timedelta
    clock: Callable[[Session], datetime]


def deliver_due(courier: Courier, *, stop: Callable[[], bool] = lambda: False) -> Tally:
    """Send everything that is due.

    It ends early when asked to stop, after the message in hand, or when the server cannot be reached: then every other
    message would only wait for the same time-out.
    """
    tally = Tally()
    try:
        while not stop() and not tally.unreachable and (claim := _next(courier)):
            _deliver(courier, claim, tally)
    finally:
        courier.mailer.close()
    return tally


def settle(session: Session, claim: Claim, receipt: Receipt, *, schedule: Schedule, now: datetime) -> dict[Delivery, tuple[str, ...]]:
    """Write down what became of a claimed message.

    Recipients who share a fate share a row: if it differs, those who still wait, and those who are refused for good,
    get rows of their own with the same bytes.

    :return: the recipients by how far their message is now; empty when the claim was not ours any more.
    """
    fates = _fates(claim, receipt, schedule, now)
    (fate, recipients), *others = fates.items()
    later = schedule.next_attempt(claim.attempts, claim.parcel.created_at, now)
    if not leases.release(session, claim, recipients="\n".join(recipients), **_state(fate, later, now)):
        return {}
    _end_attempt(session, claim.id, fate, _words(receipt, recipients))
    given_up = [claim.id] if fate is Delivery.FAILED else []
    for other, theirs in others:
        row = _twin(session, claim, theirs, _state(other, later, now))
        given_up += [row.id] if other is Delivery.FAILED else []
        session.add(Attempt(message_id=row.id, attempted_at=now, outcome=OUTCOMES[other].value, reply=_words(receipt, theirs)))
    session.flush()
    for number in given_up:
        hook_facts.undeliverable(session, number, claim.parcel.kind, claim.parcel.reference, now)
    return fates


def _next(courier: Courier) -> Claim | None:
    with courier.database.reading() as session:
        if not leases.any_due(session, courier.clock(session)):
            return None
    with courier.database.writing() as session:
        return leases.claim(session, worker=courier.name, lease=courier.lease, now=courier.clock(session))


def _deliver(courier: Courier, claim: Claim, tally: Tally) -> None:
    """Send outside of any transaction: a slow server must not hold the database."""
    receipt = _send(courier.mailer, claim, tally)
    fates = _written_down(courier, claim, receipt)
    if not fates:
        log.warning("a lease ended before its message was settled", extra={"outbox_message": claim.id})
    tally.sent += Delivery.SENT in fates
    tally.retried += Delivery.WAITING in fates
    tally.failed += Delivery.FAILED in fates


def _send(mailer: Mailer, claim: Claim, tally: Tally) -> Receipt:
    if claim.interruptions >= MANY_INTERRUPTIONS:
        # It may be what ends them, so from now on it is tried as rarely as if a server refused it.
        return Receipt.none(claim.parcel, Refusal(False, f"{claim.interruptions} times the worker ended while it sent this message."))
    try:
        return mailer.send(claim.parcel)
    except Unreachable as error:
        tally.unreachable = clean(str(error)) or "no words"
        return Receipt.none(claim.parcel, Refusal(False, tally.unreachable))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one message, the next one must go out
        # Only the kind of fault is kept: its words may quote the message.
        log.error("a message could not be sent", extra={"outbox_message": claim.id, "fault": type(error).__name__})
        return Receipt.none(claim.parcel, Refusal(False, f"The mailer failed: {type(error).__name__}"))


def _written_down(courier: Courier, claim: Claim, receipt: Receipt) -> dict[Delivery, tuple[str, ...]]:
    """Settle, patiently: a message that was sent and is not marked so will be sent again."""
    for rest in reversed(range(TRIES_TO_WRITE)):
        try:
            with courier.database.writing() as session:
                return settle(session, claim, receipt, schedule=courier.schedule, now=courier.clock(session))
        except DBAPIError:
            if not rest:
                raise
            time.sleep(SECONDS_BETWEEN_TRIES)
    raise AssertionError("the last try returns or raises")


def _fates(claim: Claim, receipt: Receipt, schedule: Schedule, now: datetime) -> dict[Delivery, tuple[str, ...]]:
    """Group the recipients: sent first, then those who wait, then those who are given up."""
    given_up = schedule.next_attempt(claim.attempts, claim.parcel.created_at, now) is None

    def fate(recipient: str) -> Delivery:
        refusal = receipt.refused.get(recipient)
        if refusal is None:
            return Delivery.SENT
        return Delivery.FAILED if refusal.permanent or given_up else Delivery.WAITING

    grouped = {delivery: tuple(one for one in claim.parcel.recipients if fate(one) == delivery) for delivery in OUTCOMES}
    return {delivery: recipients for delivery, recipients in grouped.items() if recipients}


def _state(fate: Delivery, later: datetime | None, now: datetime) -> dict[str, object]:
    if fate is Delivery.SENT:
        return {"status": fate.value, "sent_at": now}
    if fate is Delivery.FAILED:
        return {"status": fate.value, "failed_at": now}
    return {"status": fate.value, "next_attempt_at": later}


def _words(receipt: Receipt, recipients: tuple[str, ...]) -> str:
    refusal = receipt.refused.get(recipients[0])
    return refusal.words if refusal else receipt.words


def _end_attempt(session: Session, message_id: int, fate: Delivery, words: str) -> None:
    unfinished = (Attempt.message_id == message_id) & (Attempt.outcome == Outcome.SENDING)
    session.execute(update(Attempt).where(unfinished).values(outcome=OUTCOMES[fate].value, reply=words))


def _twin(session: Session, claim: Claim, recipients: tuple[str, ...], state: dict[str, object]) -> OutboxMessage:
    original = session.get_one(OutboxMessage, claim.id)
    copied = {name: getattr(original, name) for name in ("ticket_id", "kind", "sender", "message_id", "attempts", "next_attempt_at", "created_at")}
    row = OutboxMessage(**copied | state, recipients="\n".join(recipients), mime=claim.parcel.mime, leased_by="")
    session.add(row)
    session.flush()
    return row
