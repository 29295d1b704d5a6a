"""Leases: a worker claims one message at a time, and what it did counts only while the claim is still its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from kb.schema import UtcDateTime
from webform.mailer import Parcel
from webform.outbox import ABOUT, Attempt, Delivery, MessageKind, OutboxMessage, Outcome
from webform.tickets import Ticket

# No wait and no lease is longer, so whatever is planned further ahead was planned by a clock that has been put right since.
FURTHEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Claim:
    """One message that a worker may send now.

    :ivar attempts: how often it was claimed, this time included: with ``worker`` it tells this claim from every other.
    :ivar interruptions: how many workers ended while they sent it, the last one just before this claim; else 0.
    """

    id: int
    worker: str
    attempts: int
    interruptions: int
    parcel: Parcel


def clock(session: Session) -> datetime:
    """Tell the time by which leases are kept: the database's own where several machines share one, so that none is wrong alone."""
    if session.get_bind().dialect.name == "postgresql":
        told: datetime = session.scalars(select(func.clock_timestamp())).one()
        return told
    return datetime.now(UTC)


Moment = datetime | BindParameter[datetime]


def _is_due(now: Moment, furthest: Moment) -> ColumnElement[bool]:
    """Select the messages that somebody should send: waiting, nobody's, and their time has come (a new one's always has)."""
    free = or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now, OutboxMessage.leased_until > furthest)
    ripe = or_(OutboxMessage.attempts == 0, OutboxMessage.next_attempt_at <= now, OutboxMessage.next_attempt_at > furthest)
    return (OutboxMessage.status == Delivery.WAITING) & free & ripe


# Asked twice a second by every worker, so it is put together once.
ANY_DUE = select(OutboxMessage.id).where(_is_due(bindparam("now", type_=UtcDateTime), bindparam("furthest", type_=UtcDateTime))).limit(1)


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether there is anything to claim; cheap, and takes no lock."""
    return session.scalar(ANY_DUE, {"now": now, "furthest": now + FURTHEST}) is not None


def claim(session: Session, *, worker: str, lease: timedelta, now: datetime) -> Claim | None:
    """Take the next message: requests before acknowledgements, the oldest first.

    One statement finds and takes it, so two workers never get the same one.
    """
    first = case((OutboxMessage.kind.in_((MessageKind.REQUEST, MessageKind.ADDITION)), 0), else_=1)
    wanted = select(OutboxMessage.id).where(_is_due(now, now + FURTHEST)).order_by(first, OutboxMessage.id).limit(1)
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == wanted.with_for_update(skip_locked=True).scalar_subquery())
        .values(leased_by=worker, leased_until=now + lease, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage.__table__)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    reference = session.scalars(select(Ticket.reference).where(Ticket.id == taken.ticket_id)).one_or_none() or ABOUT.get(taken.kind, taken.kind)
    parcel = Parcel(reference, taken.kind, taken.sender, tuple(taken.recipients.splitlines()), taken.mime, taken.created_at)
    return Claim(taken.id, worker, taken.attempts, _begin_attempt(session, taken.id, now), parcel)


def _begin_attempt(session: Session, message_id: int, now: datetime) -> int:
    """Note the attempt before it is made, so that one which its worker does not survive is seen.

    :return: how many were not survived, if the last one was not.
    """
    unfinished = (Attempt.message_id == message_id) & (Attempt.outcome == Outcome.SENDING)
    interrupted = session.execute(update(Attempt).where(unfinished).values(outcome=Outcome.INTERRUPTED.value).returning(Attempt.id)).all()
    session.add(Attempt(message_id=message_id, attempted_at=now, outcome=Outcome.SENDING.value, reply=""))
    session.flush()
    if not interrupted:
        return 0
    lost = (Attempt.message_id == message_id) & (Attempt.outcome == Outcome.INTERRUPTED)
    return session.scalar(select(func.count()).select_from(Attempt).where(lost)) or 0


def release(session: Session, claim: Claim, **values: object) -> bool:
    """Give a claim back with the row's new values.

    :return: False when it was not ours any more: the lease ended and somebody else has the message now.
    """
    ours = (OutboxMessage.id == claim.id, OutboxMessage.leased_by == claim.worker, OutboxMessage.attempts == claim.attempts)
    freed = update(OutboxMessage).where(*ours).values(leased_by="", leased_until=None, **values).returning(OutboxMessage.id)
    return session.execute(freed.execution_options(synchronize_session=False)).one_or_none() is not None
