"""Feeds: the newest articles of a language or a category as an Atom document (RFC 4287)."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.article_links import resolve
from kb.articles import Article, Translation
from kb.markdown import render
from kb.visibility import readable

LENGTH = 20
_SPACE = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_FIRST_TIME = datetime(2000, 1, 1, tzinfo=UTC)
ElementTree.register_namespace("atom", _SPACE)


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself; the addresses are whole."""

    title: str
    author: str
    language: str
    address: str
    page: str


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a feed: with a name that it keeps whatever its address becomes, and with safe HTML."""

    found: Translation
    name: str
    html: str


def newest(session: Session, language: str, category: str = "") -> list[Item]:
    """Give the articles that were changed last."""
    query = select(Translation, Article.external_id).join(Article).where(Translation.language == language, readable())
    if category:
        query = query.where(Translation.category == category)
    rows = session.execute(query.order_by(Translation.updated_at.desc(), Translation.id.desc()).limit(LENGTH)).all()
    return [Item(each, f"{external_id}/{language}", resolve(session, render(each.body), language)) for each, external_id in rows]


def atom(head: Head, items: Sequence[Item], address: Callable[[Translation], str]) -> str:
    """Write a feed. What an article says is in it as safe HTML, escaped once more as text of XML.

    :param address: gives the whole address of a translation.
    """
    feed = ElementTree.Element(f"{{{_SPACE}}}feed", {f"{{{_XML}}}lang": head.language})
    _add(feed, "title", head.title)
    _add(feed, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, head.address)}")
    _add(feed, "updated", max((item.found.updated_at for item in items), default=_FIRST_TIME).isoformat())
    _add(feed, "link", "", rel="self", type="application/atom+xml", href=head.address)
    _add(feed, "link", "", rel="alternate", type="text/html", href=head.page)
    _add(_add(feed, "author", ""), "name", head.author)
    for item in items:
        _entry(feed, item, address(item.found))
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _entry(feed: ElementTree.Element, item: Item, address: str) -> None:
    found = item.found
    entry = _add(feed, "entry", "")
    _add(entry, "title", found.title)
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, item.name)}")
    _add(entry, "updated", found.updated_at.isoformat())
    if found.published_at:
        _add(entry, "published", found.published_at.isoformat())
    _add(entry, "link", "", rel="alternate", type="text/html", href=address)
    if found.category:
        _add(entry, "category", "", term=found.category)
    if found.summary:
        _add(entry, "summary", found.summary)
    content = _add(entry, "content", item.html, type="html")
    content.set(f"{{{_XML}}}base", address)


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_SPACE}}}{name}", {key: _sayable(value) for key, value in attributes.items()})
    child.text = _sayable(text) or None
    return child


def _sayable(text: str) -> str:
    """Leave out the characters that no XML document may have."""
    return "".join(each for each in text if each in "\t\n\r" or "\x20" <= each <= "\ud7ff" or "\ue000" <= each <= "\ufffd" or each >= "\U00010000")
