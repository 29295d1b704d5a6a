"""Searching: the search page's full-strength search, with snippets and a guess at what was meant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.engine import Engine
from kb.languages import base
from kb.marks import glimpse
from kb.passages import Passage
from kb.room import Room
from kb.showing import best_passage
from kb.spelling import Vocabulary, complete, correct
from kb.visibility import readable

PAGE_LENGTH = 10
LONGEST_QUERY = 200
FACETS = 12
AT_ONCE = 6
"""What is found while somebody types."""


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
    """One page of what was found, how much there is in all, and what may have been meant instead.

    ``categories`` counts what was found by category, whichever of them was chosen, the fullest first. ``corrected`` tells
    that nothing has the words asked for, and that this was found for ``did_you_mean``.
    """

    hits: list[Hit]
    total: int
    did_you_mean: str
    categories: Mapping[str, int] = field(default_factory=dict)
    corrected: bool = False


def search(session: Session, engine: Engine, text: str, *, language: str, page: int, category: str = "") -> SearchPage:
    """Search the articles of one language; where nothing has these words, for what they were probably meant to be.

    :param page: counts from 1; beyond the last one there are no hits.
    :param category: only what stands there; empty means everywhere.
    """
    text = text[:LONGEST_QUERY].strip()
    room = engine.rooms.get(base(language))
    wording = engine.wording(text, base(language))
    wanted = wording.wanted(language)
    if room is None or not wanted:
        return SearchPage([], 0, "")
    found = room.find(text, wording.added)
    meant = correct(text, _vocabulary(room))
    instead = room.find(meant) if meant else {}
    corrected = not found and bool(instead)
    if corrected:
        found, wanted = instead, engine.wording(meant, base(language)).wanted(language)
    shelves = _shelves(session, room)
    counts = Counter(shelves.get(translation, "") for translation in found)
    if category:
        found = {translation: score for translation, score in found.items() if shelves.get(translation) == category}
    ordered = sorted(found, key=lambda translation: (-found[translation], translation))
    start = (max(page, 1) - 1) * PAGE_LENGTH
    hits = _hits(session, ordered[start : start + PAGE_LENGTH], wanted)
    counts.pop("", None)
    return SearchPage(hits, len(ordered), meant if instead else "", dict(counts.most_common(FACETS)), corrected)


def search_while_typing(session: Session, engine: Engine, text: str, *, language: str) -> SearchPage:
    """Search for a text whose last word may not be finished: what it may become is looked for too."""
    text, room = text[:LONGEST_QUERY], engine.rooms.get(base(language))
    if room is None:
        return SearchPage([], 0, "")
    typed = complete(text, _vocabulary(room))
    wording = engine.wording(typed, base(language))
    wanted = wording.wanted(language)
    found = room.find(typed, wording.added) if wanted else {}
    if not found and (meant := correct(text.strip(), _vocabulary(room))):
        wanted, found = engine.wording(meant, base(language)).wanted(language), room.find(meant)
    ordered = sorted(found, key=lambda translation: (-found[translation], translation))
    return SearchPage(_hits(session, ordered[:AT_ONCE], wanted), len(ordered), "")


# What belongs to a room and is only looked up: a room never changes, and goes with its generation.
_kept_shelves: WeakKeyDictionary[Room, dict[int, str]] = WeakKeyDictionary()
_kept_vocabularies: WeakKeyDictionary[Room, Vocabulary] = WeakKeyDictionary()


def _shelves(session: Session, room: Room) -> dict[int, str]:
    known = _kept_shelves.get(room)
    if known is None:
        rows = session.execute(select(Translation.id, Translation.category).where(readable()))
        known = _kept_shelves[room] = {number: category for number, category in rows if number in room.places}
    return known


def _vocabulary(room: Room) -> Vocabulary:
    known = _kept_vocabularies.get(room)
    if known is None:
        known = _kept_vocabularies[room] = Vocabulary(room.language, [segment.words for segment in room.segments.values()])
    return known


def _hits(session: Session, ids: Sequence[int], wanted: Mapping[str, float]) -> list[Hit]:
    published = select(Translation).where(Translation.id.in_(ids), readable())
    translations = {translation.id: translation for translation in session.scalars(published)}
    passages: dict[int, list[Passage]] = {each: [] for each in ids}
    for passage in session.scalars(select(Passage).where(Passage.translation_id.in_(ids)).order_by(Passage.translation_id, Passage.position)):
        passages[passage.translation_id].append(passage)
    return [_hit(translations[each], passages[each], wanted) for each in ids if each in translations]


def _hit(found: Translation, passages: Sequence[Passage], wanted: Mapping[str, float]) -> Hit:
    best = best_passage(passages, wanted, found.title, found.language)
    text = best.text if best and best.text else found.summary
    return Hit(found.article_id, found.language, found.slug, found.title, glimpse(text, wanted, found.language))
