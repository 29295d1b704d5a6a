"""What was set aside: text that somebody wrote and that could not be merged with what somebody else had saved."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.revisions import Wording
from kb.schema import Base


class SetAside(Base):
    """One person's text of a translation, kept until that person has put it together with what is there, or gives it up.

    ``lines`` are its title, summary, category and slug, ``base`` is the wording that it was made of.
    """

    __tablename__ = "set_aside"

    translation_id: Mapped[int] = mapped_column(ForeignKey("translation.id", ondelete="CASCADE"), primary_key=True)
    writer: Mapped[str] = mapped_column(String(200), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    lines: Mapped[dict[str, str]] = mapped_column(JSON)
    base: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime]

    @property
    def wording(self) -> Wording:
        """What was written."""
        return Wording(body=self.body, **self.lines)

    @property
    def began_with(self) -> Wording:
        """What the writer had before."""
        return Wording(**self.base)


def set_aside(session: Session, translation_id: int, writer: str, wording: Wording, base: Wording, *, now: datetime) -> None:
    """Keep a text that collided; the same person's later one takes its place."""
    lines = asdict(wording)
    values = {"body": lines.pop("body"), "lines": lines, "base": asdict(base), "kept_at": now}
    row = insert_into(session, SetAside).values(translation_id=translation_id, writer=writer, **values)
    session.execute(row.on_conflict_do_update(index_elements=["translation_id", "writer"], set_=values))


def find_aside(session: Session, translation_id: int, writer: str) -> SetAside | None:
    """Find the text that somebody has yet to put together with what is there."""
    return session.get(SetAside, (translation_id, writer))


def take_back(session: Session, translation_id: int, writer: str) -> None:
    """Forget a text that was set aside: it has been merged, or is given up."""
    found = find_aside(session, translation_id, writer)
    if found is not None:
        session.delete(found)
        session.flush()
