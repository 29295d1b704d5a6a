"""Probes: questions of which staff know the answer, and texts that must get none; asked again and again to see that the form still works."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Status, Translation
from kb.examples import Example, Standing
from kb.languages import language_of
from kb.schema import Base

MOST_PROBES = 200
MOST_OFFERED = 12
LONGEST_TEXT = 2000


class Probe(Base):
    """A text, and the article that must be among what is shown; without an article, nothing may be shown.

    ``right``, ``seen`` (numbers of the articles that were shown) and ``seconds`` are what the last asking came to.
    """

    __tablename__ = "probe"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[int | None]
    added_by: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    right: Mapped[bool | None]
    seen: Mapped[str] = mapped_column(String(200), default="")
    seconds: Mapped[float | None]

    @property
    def seen_articles(self) -> list[int]:
        """The articles that were shown when it was asked last."""
        return [int(word) for word in self.seen.split()]


@dataclass(frozen=True, slots=True)
class Offered:
    """A text that could be kept as a probe, because somebody has confirmed what answers it."""

    example: int
    text: str
    article_id: int | None


def probes(session: Session) -> list[Probe]:
    """List every probe: what failed last first, then the latest."""
    return sorted(session.scalars(select(Probe).order_by(Probe.id.desc())), key=lambda probe: probe.right is not False)


def count(session: Session) -> int:
    """Count the probes."""
    return session.scalar(select(func.count()).select_from(Probe)) or 0


def add(session: Session, text: str, article_id: int | None, *, fallback: str, author: str, now: datetime) -> Probe | None:
    """Keep a probe; the same text is kept once, with the last word about it.

    :param fallback: its language where the text does not tell.
    :return: None when there are too many already.
    """
    text = text.strip()[:LONGEST_TEXT]
    known = session.scalar(select(Probe).where(Probe.text == text))
    if known is not None:
        if known.article_id != article_id:
            known.article_id, known.right, known.asked_at, known.seen = article_id, None, None, ""
        return known
    if count(session) >= MOST_PROBES:
        return None
    probe = Probe(text=text, language=language_of(text, fallback), article_id=article_id, added_by=author, added_at=now)
    session.add(probe)
    session.flush()
    return probe


def offered(session: Session) -> list[Offered]:
    """Offer texts that staff or several networks have confirmed: at most one of each article, and a few that none answers.

    What our own people looked at comes first, then what is short and speaks for itself.
    """
    known = select(Probe.text)
    asked = select(Probe.article_id).where(Probe.article_id.is_not(None))
    published = select(Translation.article_id).where(Translation.status == Status.PUBLISHED)
    sound = (Example.fits, Example.standing.in_([Standing.TRUSTED, Standing.AGREED]), Example.text.not_in(known), func.length(Example.text) <= 200)
    best = (Example.tended_by == "", func.length(Example.text) < 20, func.length(Example.text), Example.id)
    place = func.row_number().over(partition_by=Example.article_id, order_by=best).label("place")
    ranked = select(Example.id, place).where(*sound, Example.article_id.in_(published), Example.article_id.not_in(asked)).subquery()
    answered = select(Example).join(ranked, ranked.c.id == Example.id).where(ranked.c.place == 1).order_by(*best).limit(MOST_OFFERED)
    unanswered = select(Example).where(*sound, Example.article_id.is_(None)).order_by(*best).limit(MOST_OFFERED // 4)
    found = [*session.scalars(answered), *session.scalars(unanswered)]
    return [Offered(example.id, example.text, example.article_id) for example in found]
