"""Searching: the search page's full-strength search, with snippets and a guess at what was meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.engine import Engine
from kb.languages import base
from kb.marks import find, glimpse
from kb.passages import Passage
from kb.room import Room
from kb.showing import best_passage
from kb.spelling import correct
from kb.visibility import readable

PAGE_LENGTH = 10
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found; ``snippet_html`` is a piece of it, escaped, with the words asked for in ``<mark>``."""

    article_id: int
    language: str
    slug: str
    title: str
    snippet_html: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of what was found, how much there is in all, and what may have been meant instead."""

    hits: list[Hit]
    total: int
    did_you_mean: str


def search(session: Session, engine: Engine, text: str, *, language: str, page: int) -> SearchPage:
    """Search the articles of one language.

    :param page: counts from 1; beyond the last one there are no hits.
    """
    text = text[:LONGEST_QUERY].strip()
    room = engine.rooms.get(base(language))
    wording = engine.wording(text, base(language))
    wanted = wording.wanted(language)
    if room is None or not wanted:
        return SearchPage([], 0, "")
    found = room.find(text, wording.added)
    ordered = sorted(found, key=lambda translation: (-found[translation], translation))
    start = (max(page, 1) - 1) * PAGE_LENGTH
    hits = _hits(session, ordered[start : start + PAGE_LENGTH], wanted)
    meant = correct(text, room.language, [segment.words for segment in room.segments.values()])
    return SearchPage(hits, len(ordered), meant if meant and _finds(room, meant) else "")


def _finds(room: Room, text: str) -> bool:
    return bool(room.find(text))


def _hits(session: Session, ids: Sequence[int], wanted: set[str]) -> list[Hit]:
    published = select(Translation).where(Translation.id.in_(ids), readable())
    translations = {translation.id: translation for translation in session.scalars(published)}
    passages: dict[int, list[Passage]] = {each: [] for each in ids}
    for passage in session.scalars(select(Passage).where(Passage.translation_id.in_(ids)).order_by(Passage.translation_id, Passage.position)):
        passages[passage.translation_id].append(passage)
    return [_hit(translations[each], passages[each], wanted) for each in ids if each in translations]


def _hit(found: Translation, passages: Sequence[Passage], wanted: set[str]) -> Hit:
    best = best_passage(passages, wanted, found.title, found.language)
    text = best.text if best and best.text else found.summary
    return Hit(found.article_id, found.language, found.slug, found.title, glimpse(text, find(text, wanted, found.language)))
