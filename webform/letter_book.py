"""The book of letters: every version that leads have written, by language and topic, and the ones that come with the product."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform import letters
from webform.letter_texts import Letter

EVERY_TOPIC = ""


class LetterKind(StrEnum):
    """Which mail it is the text of."""

    ACKNOWLEDGEMENT = "acknowledgement"


class LetterVersion(Base):
    """One version of a letter; the newest of its kind, language and topic holds. An empty ``body`` goes back to what came with the product."""

    __tablename__ = "letter_version"
    __table_args__ = (Index("ix_letter_version_place", "kind", "language", "topic", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str] = mapped_column(String(64), default=EVERY_TOPIC)
    subject: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(320))

    @property
    def letter(self) -> Letter | None:
        """The letter, or nothing where this version gave one up."""
        return Letter(self.subject, self.body) if self.body else None


class Overtaken(Exception):
    """Somebody else has written a version meanwhile."""


def in_force(session: Session, language: str, topic: str, *, template: str = "", kind: LetterKind = LetterKind.ACKNOWLEDGEMENT) -> Letter:
    """Give the letter that holds: the topic's own, else that of every topic, else the one that came with the product.

    :param template: the place of the letter that a routing rule chose; it goes before all others, where it is written in this language.
    """
    for place in dict.fromkeys((template or topic, topic, EVERY_TOPIC)):
        found = newest(session, language, place, kind=kind)
        if found is not None and (letter := found.letter) is not None:
            return letter
    return default(language)


def newest(session: Session, language: str, topic: str, *, kind: LetterKind = LetterKind.ACKNOWLEDGEMENT) -> LetterVersion | None:
    """Give the last version of one place, whatever it says."""
    return next(iter(versions(session, language, topic, kind=kind, most=1)), None)


def versions(session: Session, language: str, topic: str, *, kind: LetterKind = LetterKind.ACKNOWLEDGEMENT, most: int = 50) -> list[LetterVersion]:
    """List the versions of one place, the last one first."""
    of_place = LetterVersion.kind == kind, LetterVersion.language == language, LetterVersion.topic == topic
    return list(session.scalars(select(LetterVersion).where(*of_place).order_by(LetterVersion.id.desc()).limit(most)))


def written(session: Session, *, kind: LetterKind = LetterKind.ACKNOWLEDGEMENT) -> dict[tuple[str, str], LetterVersion]:
    """Give the letters of leads that hold, by language and topic."""
    last = select(func.max(LetterVersion.id)).where(LetterVersion.kind == kind).group_by(LetterVersion.language, LetterVersion.topic)
    found = session.scalars(select(LetterVersion).where(LetterVersion.id.in_(last), LetterVersion.body != ""))
    return {(each.language, each.topic): each for each in found}


def write(
    session: Session,
    language: str,
    topic: str,
    letter: Letter | None,
    *,
    after: int,
    author: str,
    now: datetime,
    kind: LetterKind = LetterKind.ACKNOWLEDGEMENT,
) -> LetterVersion:
    """Add a version.

    :param letter: a letter with nothing wrong; without one the place goes back to what holds without it.
    :param after: id of the version that was the last when this one was begun, 0 for none.
    :raises Overtaken: if it is not any more.
    """
    last = newest(session, language, topic, kind=kind)
    if (last.id if last else 0) != after:
        raise Overtaken(last.written_by if last else "")
    words = {"subject": letter.subject, "body": letter.body} if letter else {}
    version = LetterVersion(kind=kind.value, language=language, topic=topic, written_at=now, written_by=author, **words)
    session.add(version)
    session.flush()
    return version


def default(language: str) -> Letter:
    """Give the acknowledgement that comes with the product."""
    _ = letters.translator(language)
    paragraphs = (
        "{{ greeting }}",
        _("your message is with us. Its reference is %(reference)s.", reference="{{ reference }}"),
        "{{ answer_time }} " + _("To add something, reply to this e-mail."),
        "{{ status_link }}\n{{ link_note }}",
        "{{ article }}",
        "{{ signature }}",
    )
    return Letter(_("[%(reference)s] Your message is with us", reference="{{ reference }}"), "\n\n".join(paragraphs))
