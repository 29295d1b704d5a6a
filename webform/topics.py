"""Topics: what a request is about; a topic decides where it goes and whether to suggest at all."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String, bindparam, func, select, type_coerce, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Translation
from kb.ready import Line, Ready
from kb.schema import Base
from kb.visibility import readable
from webform import places
from webform.lines import storable

DEFAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("pump", {"en": "Pump and hoses", "ru": "Насос и шланги", "zh": "水泵与水管"}),
    ("app", {"en": "Controller and app", "ru": "Контроллер и приложение", "zh": "控制器与应用"}),
    ("orders", {"en": "Orders and delivery", "ru": "Заказ и доставка", "zh": "订单与配送"}),
    ("billing", {"en": "Invoices and payment", "ru": "Счета и оплата", "zh": "发票与付款"}),
    ("other", {"en": "Something else", "ru": "Другое", "zh": "其他问题"}),
)


ICONS = ("drop", "phone", "parcel", "receipt", "question", "key", "tools", "person", "plug", "calendar", "shield", "speech")
"""Drawings that come with the form, by their names in ``_topic-icon.html``."""
MOST_TOPICS, LONGEST_NAME, LONGEST_HELP, MOST_ADDRESSES, MOST_HOURS = 60, 100, 500, 5, 1000


class Priority(StrEnum):
    """How soon a request wants a person, for mail rules and help desks."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Overtaken(Exception):
    """Somebody else has changed the topic meanwhile."""


class Topic(Base):
    """A choice in the form, named in each language of the interface.

    ``languages`` are those it is offered in, none meaning all; ``more_addresses`` get the mail besides ``address``; ``categories`` are
    those of articles that belong to it besides the ones called like it; without ``answer_hours`` the setting holds.
    """

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(320), default="")
    priority: Mapped[str] = mapped_column(String(16), default="normal")
    position: Mapped[int] = mapped_column(default=0)
    suggests: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    icon: Mapped[str] = mapped_column(String(32), default="", server_default="")
    helps: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    more_addresses: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    categories: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    answer_hours: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(320), default="", server_default="")

    @property
    def addresses(self) -> list[str]:
        """Where mail about it goes; nothing means the team's address."""
        return list(filter(None, [self.address, *self.more_addresses]))

    def name(self, language: str) -> str:
        """Give the topic's name in a language, else in English, else in any, else its slug."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.slug)

    def help(self, language: str) -> str:
        """Give what the form says about the topic in a language, or in English, or nothing."""
        return self.helps.get(language) or self.helps.get("en") or ""

    def is_offered(self, language: str) -> bool:
        """Tell whether customers who read the form in a language may choose it."""
        return self.active and (not self.languages or language in self.languages)

    def facts(self) -> dict[str, object]:
        """Tell what the topic says, for the trace."""
        spoken = {f"name.{language}": words for language, words in self.names.items()} | {f"help.{language}": words for language, words in self.helps.items()}
        plain = ("icon", "languages", "addresses", "categories", "priority", "answer_hours", "suggests", "active")
        return spoken | {name: getattr(self, name) for name in plain}


def every(session: Session) -> list[Topic]:
    """List all topics, those that are not in force included, in the order the team wants."""
    return list(session.scalars(select(Topic).order_by(Topic.position, Topic.id)))


MARKS = Ready(select(*(type_coerce(column, String) for column in Topic.__table__.c)).order_by(Topic.position, Topic.id))
"""Tells whether any topic has changed: everything that they say, not yet read."""


def offered(session: Session, language: str) -> list[Topic]:
    """List the topics that a customer may choose, in the order the team wants."""
    return [topic for topic in every(session) if topic.is_offered(language)]


def choices(session: Session, language: str) -> list[tuple[str, str]]:
    """List what a customer may choose, in the order the team wants, as pairs of slug and name."""
    return [(topic.slug, topic.name(language)) for topic in offered(session, language)]


def names(session: Session, language: str) -> dict[str, str]:
    """Name every topic for staff, whatever language it is offered in and whether or not it is in force."""
    return {topic.slug: topic.name(language) for topic in every(session)}


def find(session: Session, slug: str) -> Topic | None:
    """Give the active topic of that slug, or nothing."""
    return session.scalar(select(Topic).where(Topic.slug == storable(slug), Topic.active))


def any_of(session: Session, slug: str) -> Topic | None:
    """Give the topic of that slug, in force or not."""
    return session.scalar(select(Topic).where(Topic.slug == storable(slug)))


def claim(session: Session, slug: str, version: int) -> Topic:
    """Take a topic for a change that nobody else has made since it was read.

    :raises Overtaken: if it has another version now.
    """
    mine = update(Topic).where(Topic.slug == slug, Topic.version == version).values(version=version + 1).returning(Topic.id)
    if (number := session.execute(mine).scalar()) is None:
        raise Overtaken
    return session.get_one(Topic, number, populate_existing=True)


def move(session: Session, slug: str, *, up: bool) -> bool:
    """Change places with the topic above or below; positions are numbered anew.

    :return: False where there is none.
    """
    ordered = places.moved(every(session), lambda topic: topic.slug == slug, up=up)
    if ordered is None:
        return False
    for position, topic in enumerate(ordered, start=1):
        topic.position = position
    session.flush()
    return True


def of_category(session: Session, category: str, language: str = "") -> Topic | None:
    """Give the topic in force that articles of a category belong to, if there is exactly one.

    :param language: in which it is offered; any unless given.
    """
    return one_of_category(every(session), category, language) if category else None


def one_of_category(known: Iterable[Topic], category: str, language: str = "") -> Topic | None:
    """Choose it among the topics that are known."""
    fitting = [topic for topic in known if (topic.is_offered(language) if language else topic.active) and covers(topic, [category])] if category else []
    return fitting[0] if len(fitting) == 1 else None


def covers(topic: Topic, categories: Iterable[str]) -> bool:
    """Tell whether all of some categories belong to a topic: by its names, or because the team said so."""
    return set(categories) <= {*topic.names.values(), *topic.categories}


def of_articles(session: Session, article_ids: Collection[int]) -> str:
    """Give the slug of the active topic that the categories of some public articles belong to, if there is one that all of them share."""
    query = select(Translation.category).where(Translation.article_id.in_(article_ids), Translation.category != "", readable()).distinct()
    called = set(session.scalars(query)) if article_ids else set()
    active = session.scalars(select(Topic).where(Topic.active)) if called else ()
    fitting = [topic.slug for topic in active if covers(topic, called)]
    return fitting[0] if len(fitting) == 1 else ""


def goes_straight(line: Line, slug: str) -> bool:
    """Tell whether a topic is answered by people only, so that nothing is suggested."""
    return bool(slug) and bool(_STRAIGHT.rows(line, {"slug": storable(slug)}))


_STRAIGHT = Ready(select(Topic.id).where(Topic.slug == bindparam("slug"), Topic.active, ~Topic.suggests))


def load_defaults(session: Session) -> int:
    """Add the topics of the sample company; does nothing once there is any topic.

    :return: how many were added.
    """
    if session.scalar(select(func.count()).select_from(Topic)):
        return 0
    session.add_all(
        Topic(slug=slug, names=names, icon=icon, address="", priority="normal", position=position, suggests=True, active=True)
        for position, ((slug, names), icon) in enumerate(zip(DEFAULTS, ICONS, strict=False), start=1)
    )
    session.flush()
    return len(DEFAULTS)
