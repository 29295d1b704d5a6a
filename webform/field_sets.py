"""Field sets: the fields of a topic as they were at a time; a version is never changed, so that old requests stay readable."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform import fields
from webform.fields import FormField


class FieldSet(Base):
    """A version of a topic's fields."""

    __tablename__ = "field_set"
    __table_args__ = (UniqueConstraint("topic", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    fields: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(320))

    @property
    def questions(self) -> list[FormField]:
        """Give the fields in their order."""
        return [fields.of_facts(each) for each in self.fields]

    @property
    def mark(self) -> str:
        """Name the version in a form that is sent, so that it is read as it was shown."""
        return f"{self.topic}.{self.version}"


class Overtaken(Exception):
    """Somebody else has made another version meanwhile."""


def newest(session: Session, topic: str) -> FieldSet | None:
    """Give the fields of a topic as they are now; nothing if there never were any."""
    return session.scalar(select(FieldSet).where(FieldSet.topic == topic).order_by(FieldSet.version.desc()).limit(1))


def newest_of_each(session: Session) -> dict[str, FieldSet]:
    """Give the fields of every topic as they are now, by slug."""
    last = select(FieldSet.topic, func.max(FieldSet.version).label("version")).group_by(FieldSet.topic).subquery()
    rows = session.scalars(select(FieldSet).join(last, (FieldSet.topic == last.c.topic) & (FieldSet.version == last.c.version)))
    return {row.topic: row for row in rows}


def versions(session: Session, topic: str, most: int = 100) -> list[FieldSet]:
    """List the versions of a topic's fields, the newest one first."""
    return list(session.scalars(select(FieldSet).where(FieldSet.topic == topic).order_by(FieldSet.version.desc()).limit(most)))


def find(session: Session, number: int | None) -> FieldSet | None:
    """Find a version by the number that requests keep."""
    return session.get(FieldSet, number) if number is not None else None


def marked(session: Session, topic: str, mark: str) -> FieldSet | None:
    """Give the version of a topic's fields that a form was shown with, else the newest."""
    named, _, version = mark.rpartition(".")
    if named == topic and version.isascii() and version.isdigit() and len(version) < 9:
        shown = session.scalar(select(FieldSet).where(FieldSet.topic == topic, FieldSet.version == int(version)))
        if shown is not None:
            return shown
    return newest(session, topic)


def keep(session: Session, topic: str, questions: Sequence[FormField], *, version: int, author: str, now: datetime) -> FieldSet:
    """Keep a new version of a topic's fields.

    :param version: the newest one when the author began, 0 for none.
    :raises Overtaken: if there is a newer one.
    """
    last = newest(session, topic)
    if (last.version if last else 0) != version:
        raise Overtaken
    made = FieldSet(topic=topic, version=version + 1, fields=[each.facts() for each in questions], made_at=now, made_by=author)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Overtaken from None
    return made
