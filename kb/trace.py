"""The trace: who changed what, when, from which to what. It is only ever added to."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import JSON, ColumnElement, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.database import Database
from kb.schema import Base

LONGEST_TEXT = 200
"""Characters of a value that is kept as it is; of a longer one length and digest are kept."""
MOST_ITEMS = 40
BATCH = 500
DIGEST_LETTERS = 16


class Deed(Base):
    """One change by one person or program; ``before`` and ``after`` hold the fields that differ, and nothing else."""

    __tablename__ = "deed"
    __table_args__ = (Index("ix_deed_actor_id", "actor", "id"), Index("ix_deed_kind_id", "kind", "id"), Index("ix_deed_subject_id", "subject", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    done_at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, object]] = mapped_column(JSON)
    after: Mapped[dict[str, object]] = mapped_column(JSON)

    @property
    def name(self) -> str:
        """Which one of its kind was changed."""
        return self.subject.partition(":")[2]

    @property
    def fields(self) -> list[str]:
        """What differs, in order of names."""
        return sorted({*self.before, *self.after})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deeds are wanted; what is empty asks for all. The days are of UTC, both included."""

    actor: str = ""
    kind: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class TracePage:
    """Some of the deeds that were asked for: page ``number`` of ``pages``, of ``total`` deeds."""

    deeds: list[Deed]
    total: int
    number: int
    pages: int


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    before: Mapping[str, object] = {},
    after: Mapping[str, object] = {},
    now: datetime,
) -> Deed | None:
    """Write down a change, in the transaction that makes it.

    Never give it what a customer wrote: ids and counts say enough.

    :param actor: e-mail address of a member of staff, or the name of a program; empty for the application itself.
    :param action: a past participle: ``published``, ``changed``, ``deleted``.
    :param subject: kind and name, as in ``article:pump-hums/en``, ``rule:12``, ``staff:anna@example.com``.
    :param before: fields before. Of those that did not change nothing is kept, of lists only the items that went.
    :param after: fields after, of lists only the items that came. Long texts become length and digest.
    :return: nothing if fields were given and none of them differs.
    """
    names = [name for name in {**before, **after} if name not in before or name not in after or before[name] != after[name]]
    if (before or after) and not names:
        return None
    old, new = _differing(before, after, names), _differing(after, before, names)
    subject = _storable(subject)[:300]
    deed = Deed(
        done_at=now, actor=_storable(actor)[:255], action=_storable(action)[:64], kind=subject.partition(":")[0][:64], subject=subject, before=old, after=new
    )
    session.add(deed)
    return deed


def page(session: Session, asked: Asked, *, number: int = 1, per_page: int = 50) -> TracePage:
    """List deeds, the last one first.

    :param number: page wanted, from 1; beyond the last one the last is given.
    """
    wanted = select(Deed).where(*_conditions(asked))
    total = session.scalar(wanted.with_only_columns(func.count()).select_from(Deed)) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    found = session.scalars(wanted.order_by(Deed.id.desc()).offset((number - 1) * per_page).limit(per_page))
    return TracePage(list(found), total, number, pages)


def actors(session: Session, most: int = 500) -> list[str]:
    """List who has changed something, in order of names."""
    return list(session.scalars(select(Deed.actor).distinct().order_by(Deed.actor).limit(most)))


def kinds(session: Session) -> list[str]:
    """List what kinds of things were changed."""
    return list(session.scalars(select(Deed.kind).distinct().order_by(Deed.kind)))


def stream(database: Database, asked: Asked) -> Iterator[Deed]:
    """Give all deeds that are asked for, the last one first, in short transactions: a slow reader holds nothing up."""
    before: int | None = None
    while True:
        conditions = [*_conditions(asked), *([Deed.id < before] if before is not None else [])]
        with database.reading() as session:
            batch = list(session.scalars(select(Deed).where(*conditions).order_by(Deed.id.desc()).limit(BATCH)))
        yield from batch
        if len(batch) < BATCH:
            return
        before = batch[-1].id


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    exact = {"actor": Deed.actor, "kind": Deed.kind, "subject": Deed.subject}
    conditions: list[ColumnElement[bool]] = [column == getattr(asked, name) for name, column in exact.items() if getattr(asked, name)]
    if asked.first is not None:
        conditions.append(Deed.done_at >= _midnight(asked.first))
    if asked.last is not None and asked.last < date.max:
        conditions.append(Deed.done_at < _midnight(asked.last + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _differing(mine: Mapping[str, object], other: Mapping[str, object], names: list[str]) -> dict[str, object]:
    return {name: _plain(_items(mine[name], other.get(name))) for name in names if name in mine}


def _items(mine: object, other: object) -> object:
    """Of two lists, give what only this one has."""
    if isinstance(mine, list | tuple | set | frozenset) and isinstance(other, list | tuple | set | frozenset):
        reordered = all(item in other for item in mine) and all(item in mine for item in other)
        return list(mine) if reordered else [item for item in mine if item not in other]
    return mine


def _plain(value: object) -> object:
    """Make a value one that fits in JSON and does not grow."""
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(item) for item in value]
        return items if len(items) <= MOST_ITEMS else [*items[:MOST_ITEMS], f"+{len(items) - MOST_ITEMS}"]
    text = _storable(str(value))
    if len(text) <= LONGEST_TEXT:
        return text
    return {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LETTERS]}


def _storable(text: str) -> str:
    """Leave out what a database cannot keep: zeros and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
