"""Sitemaps: every address that search engines may know, with the day of its last change, in parts of bearable size."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.visibility import readable

PART_LENGTH = 20_000
"""Addresses in one part; 50,000 are allowed."""
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ElementTree.register_namespace("", _SPACE)


@dataclass(frozen=True, slots=True)
class Place:
    """An article's address, and when it was last changed."""

    language: str
    slug: str
    changed_at: datetime


def parts(session: Session) -> list[datetime]:
    """Tell of each part when anything in it was last changed."""
    changes = list(session.scalars(select(Translation.updated_at).where(readable()).order_by(Translation.id)))
    return [max(changes[start : start + PART_LENGTH]) for start in range(0, len(changes), PART_LENGTH)]


def part(session: Session, number: int) -> list[Place]:
    """Give one part; parts count from 1."""
    query = select(Translation.language, Translation.slug, Translation.updated_at).where(readable()).order_by(Translation.id)
    return [Place(*row) for row in session.execute(query.limit(PART_LENGTH).offset((number - 1) * PART_LENGTH))]


def index_xml(addresses: Iterable[tuple[str, datetime | None]]) -> str:
    """Write the list of the parts."""
    return _xml("sitemapindex", "sitemap", addresses)


def part_xml(addresses: Iterable[tuple[str, datetime | None]]) -> str:
    """Write the addresses of one part."""
    return _xml("urlset", "url", addresses)


def _xml(whole: str, each: str, addresses: Iterable[tuple[str, datetime | None]]) -> str:
    root = ElementTree.Element(f"{{{_SPACE}}}{whole}")
    for address, changed_at in addresses:
        entry = ElementTree.SubElement(root, f"{{{_SPACE}}}{each}")
        ElementTree.SubElement(entry, f"{{{_SPACE}}}loc").text = address
        if changed_at is not None:
            ElementTree.SubElement(entry, f"{{{_SPACE}}}lastmod").text = changed_at.isoformat(timespec="seconds")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False).join(('<?xml version="1.0" encoding="utf-8"?>\n', "\n"))
