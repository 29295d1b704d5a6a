"""The queue of webhooks: what other programs are to be told, stored in the same transaction as what happened."""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, Select, String, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.hooks import Detail, Hook, HookEvent, listening
from webform.leases import FURTHEST
from webform.outbox import Delivery
from webform.schedule import Schedule

SCHEMA = "webform.event/1"
KEPT = timedelta(days=30)


class HookDelivery(Base):
    """One event for one address: the bytes that every attempt sends, under a name that never changes.

    ``answer_status`` and ``answer`` are what the last attempt came to; a status of 0 means that nobody answered.
    """

    __tablename__ = "hook_delivery"
    __table_args__ = (Index("ix_hook_delivery_due", "status", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(String(40), unique=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(64), default="")
    answer_status: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def payload(self) -> str:
        """The bytes that are sent, laid out for a person."""
        return json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)

    @property
    def is_being_sent(self) -> bool:
        """Whether a worker holds it at the moment."""
        return bool(self.leased_by)


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that a worker may make now; ``attempts`` includes this one, and with ``worker`` tells this claim from every other."""

    id: int
    delivery_id: str
    hook_id: int
    url: str
    salt: str
    event: str
    body: bytes
    worker: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an attempt came to: the answer's status (0 when nobody answered), and whether it is worth trying again."""

    status: int
    words: str
    hopeless: bool = False

    @property
    def good(self) -> bool:
        """Whether the other side has taken it."""
        return 200 <= self.status < 300


def tell(session: Session, event: HookEvent, data: Mapping[str, object], now: datetime, *, details: Mapping[Detail, Mapping[str, object]] | None = None) -> int:
    """Have every address told that wants to know; part of the transaction that stores what happened.

    :param data: ids and facts that everybody is told.
    :param details: what is added where a lead has chosen it.
    :return: how many addresses.
    """
    told = listening(session, event)
    for hook in told:
        chosen = {name: value for detail in sorted(hook.may_say) for name, value in (details or {}).get(detail, {}).items()}
        put(session, hook, event, {**data, **chosen}, now)
    return len(told)


def put(session: Session, hook: Hook, event: HookEvent, data: Mapping[str, object], now: datetime) -> HookDelivery:
    """Put one event for one address into the queue."""
    name = f"evt_{secrets.token_hex(16)}"
    told = {"schema": SCHEMA, "id": name, "event": event.value, "at": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "data": data}
    row = HookDelivery(
        delivery_id=name,
        hook_id=hook.id,
        event=event.value,
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(),
        status=Delivery.WAITING.value,
        next_attempt_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def any_due(session: Session, now: datetime, troubled: Collection[int] = ()) -> bool:
    """Tell whether there is anything to claim; takes no lock."""
    return session.scalar(_due(now, troubled).limit(1)) is not None


def claim(session: Session, *, worker: str, lease: timedelta, now: datetime, troubled: Collection[int] = ()) -> Claim | None:
    """Take the oldest delivery that is due: one statement, so that two workers never get the same one.

    :param troubled: webhooks that did not answer just now, and whose turn is over.
    """
    wanted = _due(now, troubled).order_by(HookDelivery.id).limit(1).with_for_update(skip_locked=True, of=HookDelivery)
    taken = session.execute(
        update(HookDelivery)
        .where(HookDelivery.id == wanted.scalar_subquery())
        .values(leased_by=worker, leased_until=now + lease, attempts=HookDelivery.attempts + 1)
        .returning(HookDelivery.__table__)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    hook = session.get_one(Hook, taken.hook_id)
    return Claim(taken.id, taken.delivery_id, hook.id, hook.url, hook.salt, taken.event, bytes(taken.body), worker, taken.attempts, taken.created_at)


def settle(session: Session, claim: Claim, verdict: Verdict, *, schedule: Schedule, now: datetime) -> Delivery | None:
    """Write down what became of a claimed delivery.

    :return: how far it is now; None when the claim was not ours any more.
    """
    later = None if verdict.good or verdict.hopeless else schedule.next_attempt(claim.attempts, claim.created_at, now)
    fate = Delivery.SENT if verdict.good else Delivery.WAITING if later else Delivery.FAILED
    values = {"status": fate.value, "answer_status": verdict.status, "answer": verdict.words[:300], "leased_by": "", "leased_until": None}
    times = {"next_attempt_at": later} if later else {"ended_at": now}
    ours = (HookDelivery.id == claim.id, HookDelivery.leased_by == claim.worker, HookDelivery.attempts == claim.attempts)
    freed = update(HookDelivery).where(*ours).values(**values, **times).returning(HookDelivery.id)
    kept = session.execute(freed.execution_options(synchronize_session=False)).one_or_none()
    return fate if kept is not None else None


def retry(session: Session, number: int, now: datetime) -> bool:
    """Make a delivery that was given up or waits due at once, with the whole schedule before it again.

    :return: False when there is none, it was taken, or a worker holds it.
    """
    fresh = {"status": Delivery.WAITING.value, "attempts": 0, "next_attempt_at": now, "created_at": now, "ended_at": None}
    which = (HookDelivery.id == number, HookDelivery.status != Delivery.SENT, HookDelivery.leased_by == "")
    return bool(session.execute(update(HookDelivery).where(*which).values(**fresh).returning(HookDelivery.id)).all())


def latest(session: Session, hook_id: int, limit: int = 50) -> list[HookDelivery]:
    """List the deliveries to an address: what was given up first, then the latest."""
    given_up = HookDelivery.status == Delivery.FAILED
    return list(session.scalars(select(HookDelivery).where(HookDelivery.hook_id == hook_id).order_by(given_up.desc(), HookDelivery.id.desc()).limit(limit)))


def tally(session: Session) -> dict[int, dict[str, int]]:
    """Count the deliveries of each webhook by how far they are."""
    counts: dict[int, dict[str, int]] = {}
    for hook, status, number in session.execute(
        select(HookDelivery.hook_id, HookDelivery.status, func.count()).group_by(HookDelivery.hook_id, HookDelivery.status)
    ):
        counts.setdefault(hook, {})[status] = number
    return counts


def prune(session: Session, now: datetime) -> int:
    """Forget the deliveries that ended thirty days ago; what they said is stored elsewhere, or was meant to be forgotten."""
    return len(session.execute(delete(HookDelivery).where(HookDelivery.ended_at < now - KEPT).returning(HookDelivery.id)).all())


def _due(now: datetime, troubled: Collection[int]) -> Select[int]:
    free = or_(HookDelivery.leased_until.is_(None), HookDelivery.leased_until <= now, HookDelivery.leased_until > now + FURTHEST)
    ripe: ColumnElement[bool] = or_(HookDelivery.attempts == 0, HookDelivery.next_attempt_at <= now, HookDelivery.next_attempt_at > now + FURTHEST)
    found = select(HookDelivery.id).join(Hook, Hook.id == HookDelivery.hook_id)
    return found.where(HookDelivery.status == Delivery.WAITING, Hook.active, Hook.id.not_in(troubled), free, ripe)
