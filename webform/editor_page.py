"""The page of the editor, laid out: what stands around the text that somebody writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import categories, presence
from kb.anchors import with_anchors
from kb.article_links import broken, resolve
from kb.articles import Article, Status, Translation
from kb.drafts import is_language
from kb.markdown import MAX_SOURCE, render
from kb.presence import Present
from kb.revisions import Wording, latest_revision
from kb.set_aside import find_aside
from webform.i18n import LANGUAGES


@dataclass(frozen=True, slots=True)
class Preview:
    """A text exactly as customers would see it, and the articles that it links to in vain."""

    wording: Wording
    language: str
    html: str
    broken: list[str]


@dataclass(frozen=True, slots=True)
class TextState:
    """How a translation stands, for the line under its title.

    :ivar state: its status, or that of its unpublished changes.
    :ivar ahead: whether customers read something older meanwhile.
    """

    state: Status
    ahead: bool
    slug: str
    changed_by: str
    changed_at: datetime | None
    others: list[Present]
    waiting: bool
    """Whether the reader's own text has yet to be merged."""

    @property
    def is_public(self) -> bool:
        """Whether customers read it."""
        return self.state is Status.PUBLISHED or self.ahead


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the page offers: languages of this article, all languages, and categories that are in use."""

    article: Article | None
    language: str
    translations: Mapping[str, str]
    languages: list[str]
    categories: list[str]


def preview(session: Session, wording: Wording, language: str) -> Preview:
    """Render a text as its page would; one that is too long for that is cut."""
    rendered = render(wording.body.encode()[:MAX_SOURCE].decode(errors="ignore"))
    return Preview(wording, language, with_anchors(resolve(session, rendered, language)), broken(session, rendered, language))


def standing(session: Session, translation: Translation, writer: str, now: datetime) -> TextState:
    """Tell how a translation stands, and who else is at it."""
    last = latest_revision(session, translation.id)
    return TextState(
        Status(translation.pending or translation.status),
        bool(translation.pending) and translation.status == Status.PUBLISHED,
        translation.slug,
        last.author if last else "",
        last.created_at if last else None,
        presence.others(session, translation.id, writer, now=now),
        find_aside(session, translation.id, writer) is not None,
    )


def surroundings(session: Session, article: Article | None, language: str) -> Surroundings:
    """Find what the editor of a translation offers to choose from."""
    spoken = categories.languages(session)
    used = select(Translation.category).where(Translation.language == language, Translation.category != "").distinct().order_by(Translation.category)
    titles = select(Translation.language, Translation.title).where(Translation.article_id == article.id) if article else None
    there = {row.language: row.title for row in session.execute(titles.order_by(Translation.language))} if titles is not None else {}
    return Surroundings(article, language, there, list(dict.fromkeys([*LANGUAGES, *spoken, *there])), list(session.scalars(used)))


def wanted_language(asked: str, otherwise: str) -> str:
    """Read in which language to write."""
    return asked if is_language(asked) else otherwise
