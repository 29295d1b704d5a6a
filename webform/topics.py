"""Topics: what a request is about; a topic decides where it goes and whether to suggest at all."""

from collections.abc import Collection

from sqlalchemy import JSON, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.articles import Translation
from kb.schema import Base
from kb.visibility import readable

DEFAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("pump", {"en": "Pump and hoses", "ru": "Насос и шланги", "zh": "水泵与水管"}),
    ("app", {"en": "Controller and app", "ru": "Контроллер и приложение", "zh": "控制器与应用"}),
    ("orders", {"en": "Orders and delivery", "ru": "Заказ и доставка", "zh": "订单与配送"}),
    ("billing", {"en": "Invoices and payment", "ru": "Счета и оплата", "zh": "发票与付款"}),
    ("other", {"en": "Something else", "ru": "Другое", "zh": "其他问题"}),
)


class Topic(Base):
    """A choice in the form, named in each language of the interface."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(320), default="")
    priority: Mapped[str] = mapped_column(String(16), default="normal")
    position: Mapped[int] = mapped_column(default=0)
    suggests: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)

    def name(self, language: str) -> str:
        """Give the topic's name in a language, else in English, else in any, else its slug."""
        return self.names.get(language) or self.names.get("en") or next(iter(self.names.values()), self.slug)


def choices(session: Session, language: str) -> list[tuple[str, str]]:
    """List what a customer may choose, in the order the team wants, as pairs of slug and name."""
    topics = session.scalars(select(Topic).where(Topic.active).order_by(Topic.position, Topic.id))
    return [(topic.slug, topic.name(language)) for topic in topics]


def find(session: Session, slug: str) -> Topic | None:
    """Give the active topic of that slug, or nothing."""
    return session.scalar(select(Topic).where(Topic.slug == slug, Topic.active))


def of_articles(session: Session, article_ids: Collection[int]) -> str:
    """Give the slug of the active topic that is called like the category of some public articles, if there is one that all of them share."""
    query = select(Translation.category).where(Translation.article_id.in_(article_ids), Translation.category != "", readable()).distinct()
    called = set(session.scalars(query)) if article_ids else set()
    active = session.scalars(select(Topic).where(Topic.active)) if called else ()
    fitting = [topic.slug for topic in active if called <= set(topic.names.values())]
    return fitting[0] if len(fitting) == 1 else ""


def goes_straight(session: Session, slug: str) -> bool:
    """Tell whether a topic is answered by people only, so that nothing is suggested."""
    topic = find(session, slug) if slug else None
    return topic is not None and not topic.suggests


def load_defaults(session: Session) -> int:
    """Add the topics of the sample company; does nothing once there is any topic.

    :return: how many were added.
    """
    if session.scalar(select(func.count()).select_from(Topic)):
        return 0
    session.add_all(
        Topic(slug=slug, names=names, address="", priority="normal", position=position, suggests=True, active=True)
        for position, (slug, names) in enumerate(DEFAULTS, start=1)
    )
    session.flush()
    return len(DEFAULTS)
