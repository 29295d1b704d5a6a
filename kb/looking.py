"""Looking: what was looked for in the help centre, kept only once several people looked for it.

Until three networks asked for the same words, nothing is kept of them but a keyed hash with counts, so that nobody can read what
one person typed. From then on the words themselves stand beside the counts, unless they hold a name, an address or a number:
such words are never kept. Networks are keyed hashes too, each of another key for each search, and go as soon as there are enough.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.analysis import terms
from kb.inserts import insert_into
from kb.languages import base
from kb.masking import mask
from kb.schema import Base

ENOUGH = 3
"""Networks that must have asked before words are kept."""
FORGOTTEN_AFTER = timedelta(days=30)
"""After that long without another search, words that were not asked often enough are forgotten with all that was counted."""
LONGEST_TERMS = 200


class LookedFor(Base):
    """Words that were looked for; ``terms`` is empty until enough networks asked, and ``in_vain`` counts searches that found nothing."""

    __tablename__ = "looked_for"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(16))
    terms: Mapped[str] = mapped_column(String(LONGEST_TERMS), default="")
    searches: Mapped[int]
    in_vain: Mapped[int]
    last_on: Mapped[date] = mapped_column(index=True)


class Looker(Base):
    """One of the first networks that looked for something, as a keyed hash."""

    __tablename__ = "looker"

    key: Mapped[str] = mapped_column(ForeignKey("looked_for.key", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class FoundBy(Base):
    """How often a search led to an article."""

    __tablename__ = "found_by"

    key: Mapped[str] = mapped_column(ForeignKey("looked_for.key", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    times: Mapped[int]


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that several people looked for: how often, how often in vain, and how often that led to the article asked about."""

    terms: str
    language: str
    searches: int
    in_vain: int
    led: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """One search as it is counted: the keyed hash of its words, the words as they would be kept, and the hash of the network that asks."""

    key: str
    words: str
    language: str
    mark: str


def words_of(text: str, language: str) -> tuple[str, str]:
    """Tell what a search is about, whatever the order and the endings of its words, and how it would be kept; nothing if it says nothing."""
    known = [term for term in terms(text, base(language)) if not term.stop]
    about = " ".join(sorted({term.text for term in known}))
    kept = " ".join(text.casefold().split())
    return about, kept if mask(text) == text.strip() and len(kept) <= LONGEST_TERMS else ""


def note(session: Session, search: Search, *, in_vain: bool, now: datetime) -> None:
    """Count a search, and keep its words once enough networks have asked for them."""
    _forget(session, now.date())
    row = insert_into(session, LookedFor).values(key=search.key, language=base(search.language), terms="", searches=1, in_vain=int(in_vain), last_on=now.date())
    counted = {"searches": LookedFor.searches + 1, "in_vain": LookedFor.in_vain + int(in_vain), "last_on": now.date()}
    known = session.scalars(row.on_conflict_do_update(index_elements=["key"], set_=counted).returning(LookedFor.terms)).one()
    if known or not search.words:
        return
    session.execute(insert_into(session, Looker).values(key=search.key, mark=search.mark).on_conflict_do_nothing())
    if (session.scalar(select(func.count()).select_from(Looker).where(Looker.key == search.key)) or 0) >= ENOUGH:
        session.execute(update(LookedFor).where(LookedFor.key == search.key).values(terms=search.words))
        session.execute(delete(Looker).where(Looker.key == search.key))


def note_found(session: Session, key: str, article_id: int) -> None:
    """Count that a search led to an article; one that was never counted itself leads nowhere."""
    if session.get(LookedFor, key) is None:
        return
    row = insert_into(session, FoundBy).values(key=key, article_id=article_id, times=1)
    session.execute(row.on_conflict_do_update(index_elements=["key", "article_id"], set_={"times": FoundBy.times + 1}))


def searches_leading_to(session: Session, article_id: int, limit: int = 20) -> list[Sought]:
    """List the searches that led to an article, the most frequent first; only words that several people looked for."""
    columns = (LookedFor.terms, LookedFor.language, LookedFor.searches, LookedFor.in_vain, FoundBy.times)
    query = select(*columns).join(FoundBy, FoundBy.key == LookedFor.key).where(FoundBy.article_id == article_id, LookedFor.terms != "")
    return [Sought(*row) for row in session.execute(query.order_by(FoundBy.times.desc(), LookedFor.terms).limit(limit))]


def searches_in_vain(session: Session, limit: int = 50) -> list[Sought]:
    """List what several people looked for and did not find, the most frequent first."""
    columns = (LookedFor.terms, LookedFor.language, LookedFor.searches, LookedFor.in_vain)
    query = select(*columns).where(LookedFor.terms != "", LookedFor.in_vain > 0).order_by(LookedFor.in_vain.desc(), LookedFor.terms)
    return [Sought(*row) for row in session.execute(query.limit(limit))]


def _forget(session: Session, today: date) -> None:
    """Forget what too few people looked for, with everything that hangs on it."""
    old = select(LookedFor.key).where(LookedFor.last_on < today - FORGOTTEN_AFTER, LookedFor.terms == "")
    keys = session.scalars(old.limit(100)).all()
    for table in (Looker, FoundBy, LookedFor):
        if keys:
            session.execute(delete(table).where(table.key.in_(keys)))
