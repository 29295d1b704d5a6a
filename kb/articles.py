"""Articles and their translations: what the knowledge base knows, and in which state."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from kb.drafts import ArticleError as ArticleError
from kb.drafts import Draft
from kb.drafts import Status as Status
from kb.drafts import Visibility as Visibility
from kb.former_slugs import keep_slug
from kb.generations import raise_generation
from kb.lags import keep_up
from kb.passages import Section, cut, keep_passages
from kb.publications import begin_publication, end_publication, public_revision
from kb.revisions import Wording, keep_revision, latest_revision
from kb.schema import Base
from kb.slugs import Namer, slugify
from kb.unpublished import carry_over

# What a customer sees of a translation: when one of these changes on a published one, every index is old.
PUBLIC = frozenset({"slug", "title", "summary", "body", "category", "status", "updated_at"})

# What a revision keeps, and what the date of change is about.
TEXT = frozenset({"title", "summary", "body"})


class Article(Base):
    """One answer, in one or more languages; ``link_key`` opens one that is read by link.

    ``owner`` is told when ``review_at`` has come; ``reminded_for`` is the date of which that was done.
    """

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.PUBLIC)
    link_key: Mapped[str] = mapped_column(String(64), default="")
    owner: Mapped[str] = mapped_column(String(255), default="", server_default="")
    review_at: Mapped[datetime | None] = mapped_column(index=True)
    reminded_for: Mapped[datetime | None]

    translations: Mapped[list["Translation"]] = relationship(back_populates="article", cascade="all, delete-orphan", order_by="Translation.language")


class Translation(Base):
    """An article in one language. Of a published one the columns say what customers read; writers may be ahead of it.

    ``pending`` says how far the unpublished changes are, which are in the newest revision: ``draft``, ``review``, or
    nothing if there are none. ``version`` grows with every change, so that nobody writes over what they have not seen.
    ``extra`` is front matter that is kept for the next export and not read.
    """

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("article_id", "language", name="uq_translation_article_language"),
        UniqueConstraint("language", "slug", name="uq_translation_language_slug"),
        Index("ix_translation_coverage", "article_id", "language", "status", "category"),  # Counting reads no body.
        Index("ix_translation_language_updated_at", "language", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    extra: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    pending: Mapped[str] = mapped_column(String(16), default="", server_default="")
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    withdraw_at: Mapped[datetime | None] = mapped_column(index=True)

    article: Mapped[Article] = relationship(back_populates="translations")

    @property
    def wording(self) -> Wording:
        """What the columns say; of a published translation, what customers read."""
        return Wording(self.title, self.body, self.summary, self.category, self.slug)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a draft came to: the changed columns and what they said before, and whether customers see a difference."""

    translation: Translation
    created: bool
    changes: frozenset[str]
    public: bool
    before: Mapping[str, object]


def save_translation(
    session: Session,
    *,
    external_id: str,
    language: str,
    title: str,
    body: str,
    summary: str = "",
    category: str = "",
    slug: str = "",
    status: Status = Status.DRAFT,
    author: str = "",
    note: str = "",
    updated_at: datetime | None = None,
    now: datetime,
) -> Translation:
    """Make a translation as given, for customers too if it is published: its passages, a revision, a new generation.

    Unpublished changes of writers stay ahead of it where they can be merged, and in the history else.

    :param slug: wish for the address, made safe and unique; empty keeps the present one, or makes one of the title. An
        address that customers could read keeps leading here.
    :param updated_at: when the text was last changed; ``now`` unless given, if anything differs.
    :raises ArticleError: if it cannot be kept; the message says why.
    """
    draft = Draft(external_id, language, title, body, summary, category, slug, status, updated_at)
    stored = store(session, draft, author=author, note=note, now=now)
    if stored.public:
        raise_generation(session)
    return stored.translation


def store(
    session: Session, draft: Draft, *, sections: Sequence[Section] | None = None, author: str = "", note: str = "", amend: bool = True, now: datetime
) -> Stored:
    """Do the work of :func:`save_translation` without raising the generation, which is left to the caller.

    :param sections: ``cut(draft.body)``, if that was done beforehand, outside of the transaction.
    :param amend: False keeps the author's last revision beside the new one.
    """
    translation = find_translation(session, draft.external_id, draft.language)
    changes = changes_to(session, translation, draft)
    created = translation is None
    if translation is None:
        article = find_article(session, draft.external_id) or Article(external_id=draft.external_id, created_at=now)
        translation = Translation(article=article, language=draft.language, created_at=now, status=Status.DRAFT, version=0, pending="")
        session.add(translation)
    if not changes:
        return Stored(translation, created, frozenset(), public=False, before={})
    was_public, before = not created and translation.status == Status.PUBLISHED, None if created else translation.wording
    if created or changes.keys() & TEXT:
        translation.updated_at = draft.updated_at or now
    if "slug" in changes and translation.published_at is not None:
        keep_slug(session, draft.language, translation.slug, translation.id)
    old = {} if created else {name: getattr(translation, name) for name in changes}
    for name, value in changes.items():
        setattr(translation, name, value)
    translation.version += 1
    if translation.status == Status.PUBLISHED and not was_public:
        translation.published_at = now
    session.flush()
    if "body" in changes:
        keep_passages(session, translation.id, cut(draft.body) if sections is None else sections)
    _keep_history(session, translation, before, changes.keys(), was_public=was_public, amend=amend, author=author, note=note, now=now)
    public = (was_public or translation.status == Status.PUBLISHED) and bool(changes.keys() & PUBLIC)
    if public and not created and changes.keys() & (TEXT | {"status"}):
        keep_up(session, translation.article.translations, now=now)
    return Stored(translation, created, frozenset(changes), public, old)


def _keep_history(
    session: Session,
    translation: Translation,
    before: Wording | None,
    changed: Collection[str],
    *,
    was_public: bool,
    amend: bool,
    author: str,
    note: str,
    now: datetime,
) -> None:
    """Keep the revision, when it was public, and the unpublished changes of writers ahead of it."""
    number, ahead = translation.id, latest_revision(session, translation.id) if translation.pending else None
    told = None
    if TEXT.intersection(changed):
        told = keep_revision(session, number, translation.wording, author=author, note=note, amend=amend and ahead is None, now=now).id
    elif translation.status == Status.PUBLISHED and not was_public:
        told = public_revision(session, number) if ahead else None
        told = told or keep_revision(session, number, translation.wording, author=author, note=note, amend=False, now=now).id
    if translation.status != Status.PUBLISHED:
        end_publication(session, number, now=now)
    elif told:
        begin_publication(session, number, told, author=author, note=note, now=now)
    if ahead is not None and before is not None and not carry_over(session, ahead, before, translation.wording, now=now):
        translation.pending = ""


def changes_to(session: Session, translation: Translation | None, draft: Draft) -> dict[str, object]:
    """Tell which columns of a translation a draft would change, and to what; every one if there is no translation yet."""
    wanted: dict[str, object] = {
        "slug": free_slug(session, draft, translation),
        "title": draft.title,
        "summary": draft.summary,
        "body": draft.body,
        "category": draft.category,
        "status": draft.status,
    }
    if draft.extra is not None or translation is None:
        wanted["extra"] = draft.extra or ""
    if draft.updated_at is not None:
        wanted["updated_at"] = draft.updated_at
    return {name: value for name, value in wanted.items() if translation is None or getattr(translation, name) != value}


def free_slug(session: Session, draft: Draft, translation: Translation | None) -> str:
    """Choose the slug that a draft gets: as wished if that is free in its language, else with a number."""
    if translation is not None and not draft.slug:
        return translation.slug
    wanted = slugify(draft.slug) or slugify(draft.title) or slugify(draft.external_id) or "article"
    own = translation.id if translation is not None else 0
    others = select(Translation.slug).where(Translation.language == draft.language, Translation.id != own)
    if session.scalars(others.where(Translation.slug == wanted)).first() is None:
        return wanted
    taken = session.scalars(others.where(or_(Translation.slug == wanted, Translation.slug.startswith(f"{wanted}-", autoescape=True))))
    return Namer(taken).name(wanted)


def find_article(session: Session, external_id: str) -> Article | None:
    """Find an article by the id its files carry."""
    return session.scalars(select(Article).where(Article.external_id == external_id)).one_or_none()


def find_translation(session: Session, external_id: str, language: str) -> Translation | None:
    """Find a translation in any state."""
    query = select(Translation).join(Article).where(Article.external_id == external_id, Translation.language == language)
    return session.scalars(query).one_or_none()
