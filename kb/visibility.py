"""Visibility: who may read an article. One function decides, for pages, lists, search, suggestions, feeds and programs alike."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from kb.articles import Article, Status, Translation, Visibility
from kb.former_slugs import owner_of
from kb.generations import raise_generation

KEY_BYTES = 18


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever asks: with the key of a link, or as one of the staff; else anybody."""

    key: str = ""
    staff: bool = False


ANYBODY = Reader()
STAFF = Reader(staff=True)


def readable(reader: Reader = ANYBODY) -> ColumnElement[bool]:
    """Decide which translations somebody may read: the condition that every query for readers carries.

    Only published ones; of these, staff read all, everybody the public ones, and who has the key of an article also that one.
    What is not known to be open is closed.
    """
    open_to = [Article.visibility == Visibility.PUBLIC]
    if reader.key:
        open_to.append(and_(Article.visibility == Visibility.LINK, Article.link_key == reader.key))
    allowed = select(Article.id).where(Article.id == Translation.article_id, true() if reader.staff else or_(*open_to)).correlate(Translation).exists()
    return and_(Translation.status == Status.PUBLISHED, allowed)


def published(session: Session, language: str, slug: str, reader: Reader = ANYBODY) -> Translation | None:
    """Find what somebody may read at an address."""
    return session.scalars(select(Translation).where(Translation.language == language, Translation.slug == slug, readable(reader))).one_or_none()


def published_formerly(session: Session, language: str, slug: str, reader: Reader = ANYBODY) -> Translation | None:
    """Find what somebody may read at another address now, and could be read at this one before."""
    owner = owner_of(session, language, slug)
    return session.scalars(select(Translation).where(Translation.id == owner, readable(reader))).one_or_none() if owner is not None else None


def published_translations(session: Session, article_id: int, reader: Reader = ANYBODY) -> list[Translation]:
    """List the languages in which somebody may read an article."""
    query = select(Translation).where(Translation.article_id == article_id, readable(reader))
    return list(session.scalars(query.order_by(Translation.language)))


def public_among(session: Session, translation_ids: Iterable[int]) -> frozenset[int]:
    """Tell which of some translations anybody may read."""
    return frozenset(session.scalars(select(Translation.id).where(Translation.id.in_(list(translation_ids)), readable())))


def set_visibility(session: Session, article: Article, visibility: Visibility) -> bool:
    """Open or close an article; every index forgets or learns it. One that is read by link gets a key.

    :return: whether anything changed.
    """
    if article.visibility == visibility:
        return False
    article.visibility = visibility
    if visibility is Visibility.LINK and not article.link_key:
        article.link_key = _new_key()
    session.flush()
    raise_generation(session)
    return True


def renew_link(session: Session, article: Article) -> None:
    """Give the link of an article a new key: whoever has the old one reads it no more."""
    article.link_key = _new_key()
    session.flush()


def _new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)
