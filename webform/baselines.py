"""Baselines: old support mail and what the articles of a moment would have answered of it; questions are kept masked, mails never."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, delete, false, or_, select, true, update
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from kb import jobs
from kb.import_jobs import MOST_BYTES as MOST_BYTES
from kb.jobs import LEASE as LEASE
from kb.jobs import Job
from kb.schema import Base

UNREAD = timedelta(days=2)
"""After which a file that no worker could read is given up, and gone."""
MOST_LISTED = 100


class Stage(StrEnum):
    """How far a baseline is: its mail is being read, its questions are being asked, or it has come to an end."""

    READING = "reading"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"


WORKED_ON = (Stage.READING, Stage.ASKING)


class Verdict(StrEnum):
    """What our people said of a question and the article proposed for it: right, another one, none at all, or not to be learned from."""

    NONE = ""
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    UNANSWERED = "unanswered"
    DROPPED = "dropped"


class Baseline(Job):
    """One look at old mail. ``content`` are the bytes of a file that was sent on the page, until a worker has read it.

    ``position`` counts conversations read, then questions asked; ``gate``, ``generation`` and how many ``articles``
    were published are those that it was asked at; older ones do not say of how many.
    """

    __tablename__ = "baseline"

    name: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64), index=True, default="")
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False, default=b""))
    uploaded: Mapped[bool] = mapped_column(default=False, server_default=false())
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    ours: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    mails: Mapped[int] = mapped_column(default=0)
    kinds: Mapped[dict[str, int]] = mapped_column(JSON)
    gate: Mapped[float | None]
    generation: Mapped[int | None]
    articles: Mapped[int | None]
    fault: Mapped[str] = mapped_column(String(300), default="")


class BaselineQuestion(Base):
    """A question of old mail, masked; ``asked_at`` is its hour, or that of the baseline if it is not ``dated``.

    ``article_id`` is the article shown for it, or believed in most; ``answered`` says whether it passes the gate, and is nothing until it was asked.
    ``learned`` says that suggestions had learned from its very text by then, so that their answer proves nothing.
    ``reason``, ``gap_id`` and ``nearness`` are as those of a `webform.gaps.GapRequest`.
    """

    __tablename__ = "baseline_question"
    __table_args__ = (
        UniqueConstraint("baseline_id", "place", name="uq_baseline_question_baseline_id_place"),
        Index("ix_baseline_question_baseline_id_answered", "baseline_id", "answered"),
        Index("ix_baseline_question_gap_id_nearness", "gap_id", "nearness"),
        Index("ix_baseline_question_language_gap_id_id", "language", "gap_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    baseline_id: Mapped[int] = mapped_column(ForeignKey("baseline.id", ondelete="CASCADE"))
    place: Mapped[int]
    language: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    dated: Mapped[bool] = mapped_column(default=True, server_default=true())
    article_id: Mapped[int | None]
    score: Mapped[float | None]
    answered: Mapped[bool | None]
    learned: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(String(16), default="")
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gap.id", ondelete="SET NULL"))
    nearness: Mapped[float | None]
    verdict: Mapped[str] = mapped_column(String(16), default="")
    example_id: Mapped[int | None]

    @property
    def text(self) -> str:
        """Subject and message together, as they are matched."""
        return f"{self.subject}\n{self.message}".strip()


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be looked at: the name of a mailbox, our own addresses and domains, the zone of our hours, the language of texts that do not tell theirs."""

    name: str
    ours: tuple[str, ...]
    zone: str
    language: str


def submit(session: Session, order: Order, content: bytes, author: str, now: datetime) -> Baseline:
    """Take a file that somebody sent, to be read by a worker."""
    found = _new(order, author, now)
    found.content, found.size, found.uploaded = content, len(content), True
    session.add(found)
    session.flush()
    return found


def take_up(session: Session, order: Order, fingerprint: str, size: int, worker: str, now: datetime) -> Baseline:
    """Begin a baseline of a mailbox at hand, or go on with one of the same mailbox that has not come to its end, whoever had it."""
    unfinished = select(Baseline).where(Baseline.fingerprint == fingerprint, Baseline.stage.in_(WORKED_ON)).order_by(Baseline.id.desc())
    found = session.scalars(unfinished.limit(1)).first()
    if found is None:
        found = _new(order, "", now)
        found.fingerprint, found.size = fingerprint, size
        session.add(found)
    found.worker, found.leased_until = worker, now + LEASE
    session.flush()
    return found


def find(session: Session, number: int) -> Baseline | None:
    """Find a baseline, without the bytes of its mail."""
    return session.get(Baseline, number) if number < 2**31 else None


def latest(session: Session) -> Sequence[Baseline]:
    """List the baselines, the newest first."""
    return session.scalars(select(Baseline).order_by(Baseline.id.desc()).limit(MOST_LISTED)).all()


def claim(session: Session, worker: str, now: datetime) -> Baseline | None:
    """Take the oldest baseline that is nobody's, for a while; a mailbox at hand can be read only by whoever has it at hand."""
    readable = or_(Baseline.stage == Stage.ASKING, (Baseline.stage == Stage.READING) & Baseline.uploaded)
    return jobs.claim(session, Baseline, readable, worker, now)


def keep_going(session: Session, number: int, worker: str, now: datetime, **values: object) -> bool:
    """Note how far a baseline is, and keep it for another while.

    :param values: columns that change.
    :return: whether it is still this worker's.
    """
    return jobs.keep_going(session, Baseline, number, worker, now, **values)


def close(session: Session, number: int, worker: str, stage: Stage, now: datetime, *, fault: str = "") -> None:
    """End a baseline; nothing of its mail is kept."""
    jobs.close(session, Baseline, number, worker, now, stage=stage, fault=fault[:300], content=b"")


def release(session: Session, worker: str) -> None:
    """Give back what a worker that ends has claimed."""
    jobs.release(session, Baseline, worker)


def remove(session: Session, number: int) -> bool:
    """Delete a baseline with its questions; tell whether there was one."""
    session.execute(delete(BaselineQuestion).where(BaselineQuestion.baseline_id == number))
    return session.execute(delete(Baseline).where(Baseline.id == number).returning(Baseline.id)).first() is not None


def prune(session: Session, now: datetime) -> None:
    """Give up files that no worker has read."""
    unread = (Baseline.stage == Stage.READING, Baseline.uploaded, Baseline.touched_at < now - UNREAD)
    session.execute(update(Baseline).where(*unread).values(stage=Stage.FAILED, content=b"", fault="was not read in time"))


def _new(order: Order, author: str, now: datetime) -> Baseline:
    values = {"name": order.name[:200], "ours": " ".join(order.ours), "zone": order.zone, "language": order.language, "author": author}
    return Baseline(**values, stage=Stage.READING, kinds={}, created_at=now, touched_at=now)
