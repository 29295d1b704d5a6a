"""Rules of tact, as leads keep them: what goes straight to a person, what is shown first, and what is never suggested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import JSON, ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Article, Translation
from kb.schema import Base
from kb.slugs import slugify

LONGEST_NAME = 100
LONGEST_SLUG = 64
MOST_RULES = 200
DEFAULTS = Path(__file__).with_name("first_rules")
AUTHOR = "webform"


class RuleKind(StrEnum):
    """What a rule does with the texts it fits: hand them to a person without suggesting anything, or show an article first."""

    PERSON = "person"
    PIN = "pin"


class Rule(Base):
    """Phrases by language, and what follows where one of them is found.

    ``slug`` is its name for machines, in ASCII; ``phrases`` are the lines as they were written, by language; ``topics`` are
    slugs that make it fit as well. ``version`` grows with each change, so that nobody overwrites what they have not seen.
    """

    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    phrases: Mapped[dict[str, str]] = mapped_column(JSON)
    topics: Mapped[list[str]] = mapped_column(JSON)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(320), default="")

    def facts(self) -> dict[str, object]:
        """Tell what the rule says, for the trace."""
        phrases = {f"phrases.{language}": lines.splitlines() for language, lines in self.phrases.items()}
        return {"name": self.name, "kind": self.kind, "topics": list(self.topics), "article": self.article_id, "active": self.active, **phrases}


class Exclusion(Base):
    """An article, or every article of a category, that is never suggested; the help centre and its search have it all the same."""

    __tablename__ = "exclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), unique=True)
    category: Mapped[str | None] = mapped_column(String(100), unique=True)


class RuleState(Base):
    """The single row that counts changes of the rules."""

    __tablename__ = "rule_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Overtaken(Exception):
    """Somebody else has changed or deleted the rule meanwhile."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody wants it; its phrases can be read, its article exists."""

    kind: RuleKind
    name: str
    phrases: Mapping[str, str]
    topics: tuple[str, ...] = ()
    article_id: int | None = None
    active: bool = True


def number(session: Session) -> int:
    """Tell how often the rules have changed; 0 as long as nobody has loaded or made any."""
    return session.scalar(select(RuleState.number).where(RuleState.id == 1)) or 0


def rules(session: Session, kind: RuleKind) -> list[Rule]:
    """List the rules of a kind in the order in which they were made."""
    return list(session.scalars(select(Rule).where(Rule.kind == kind).order_by(Rule.id)))


def find(session: Session, rule_id: int) -> Rule | None:
    """Find a rule."""
    return session.get(Rule, rule_id)


def add(session: Session, draft: Draft, *, author: str, now: datetime, slug: str = "") -> Rule:
    """Keep a new rule.

    :param slug: its name for machines; made of its name, or of its number, unless given.
    """
    rule = Rule(version=1, slug=slug)
    _fill(rule, draft, author, now)
    session.add(rule)
    session.flush()
    rule.slug = slug or _slug(draft.name) or f"rule-{rule.id}"
    changed(session)
    return rule


def change(session: Session, rule_id: int, draft: Draft, *, version: int, author: str, now: datetime) -> Rule:
    """Change a rule that nobody else has changed since it was read.

    :param version: that of the rule when it was read.
    :raises Overtaken: if it has another version now, or is gone.
    """
    mine = update(Rule).where(Rule.id == rule_id, Rule.version == version).values(version=version + 1).returning(Rule.id)
    if session.execute(mine).scalar() is None:
        raise Overtaken
    rule = session.get_one(Rule, rule_id, populate_existing=True)
    _fill(rule, draft, author, now)
    changed(session)
    return rule


def remove(session: Session, rule_id: int, *, version: int) -> None:
    """Delete a rule that nobody else has changed since it was read.

    :raises Overtaken: if it has another version now, or is gone.
    """
    if session.execute(delete(Rule).where(Rule.id == rule_id, Rule.version == version).returning(Rule.id)).scalar() is None:
        raise Overtaken
    changed(session)


def exclusions(session: Session) -> list[Exclusion]:
    """List what is never suggested: categories first, then articles, in the order in which they were left out."""
    return list(session.scalars(select(Exclusion).order_by(Exclusion.category.is_(None), Exclusion.id)))


def exclude(session: Session, *, article_id: int | None = None, category: str | None = None) -> bool:
    """Leave an article, or a category in whatever language it is named, out of suggestions.

    :return: False if it was left out already.
    """
    same = Exclusion.article_id == article_id if article_id else Exclusion.category == category
    if session.scalar(select(Exclusion.id).where(same)) is not None:
        return False
    session.add(Exclusion(article_id=article_id, category=None if article_id else category))
    changed(session)
    return True


def include(session: Session, exclusion_id: int) -> Exclusion | None:
    """Suggest again what was left out.

    :return: what that was; nothing if it was not left out.
    """
    found = session.get(Exclusion, exclusion_id)
    if found is None or session.execute(delete(Exclusion).where(Exclusion.id == exclusion_id).returning(Exclusion.id)).scalar() is None:
        return None
    changed(session)
    return found


def excluded_articles(session: Session) -> frozenset[int]:
    """Give the articles that are never suggested, those of categories included: an article is left out in all its languages."""
    categories = select(Exclusion.category).where(Exclusion.category.is_not(None))
    of_categories = session.scalars(select(Translation.article_id).where(Translation.category.in_(categories)))
    single = session.scalars(select(Exclusion.article_id))
    return frozenset(of_categories) | frozenset(article for article in single if article is not None)


def changed(session: Session) -> None:
    """Make every process read the rules again; part of the transaction that changes one."""
    if session.execute(update(RuleState).where(RuleState.id == 1).values(number=RuleState.number + 1).returning(RuleState.id)).scalar() is None:
        session.add(RuleState(id=1, number=1))
    session.flush()


def load_defaults(session: Session, *, language: str, now: datetime) -> int:
    """Add the rules that every installation begins with; does nothing once there were any, also if they were deleted.

    :param language: of the team, in which the rules are named.
    :return: how many were added.
    """
    if number(session):
        return 0
    folders = sorted(path for path in DEFAULTS.iterdir() if path.is_dir())
    for folder in folders:
        spoken = {path.stem: path.read_text("utf-8").partition("\n") for path in sorted(folder.glob("*.txt"))}
        name, _, _ = spoken.get(language) or spoken["en"]
        add(session, Draft(RuleKind.PERSON, name, {each: lines for each, (_, _, lines) in spoken.items()}), author=AUTHOR, now=now, slug=folder.name)
    return len(folders)


def article_exists(session: Session, article_id: int) -> bool:
    """Tell whether there is such an article, published or not."""
    return session.get(Article, article_id) is not None


def _fill(rule: Rule, draft: Draft, author: str, now: datetime) -> None:
    rule.kind, rule.name, rule.article_id, rule.active = draft.kind, draft.name[:LONGEST_NAME], draft.article_id, draft.active
    rule.phrases = {language: lines for language, lines in draft.phrases.items() if lines.strip()}
    rule.topics = list(draft.topics)
    rule.changed_at, rule.changed_by = now, author


def _slug(name: str) -> str:
    slug = slugify(name, longest=LONGEST_SLUG)
    return slug if slug.isascii() else ""
