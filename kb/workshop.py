"""The workshop: where a generation is made from the database, kept on the shelf, and taken up again."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol, TypeVar
from weakref import WeakValueDictionary

from kb.classifier import Classifier
from kb.engine import Engine
from kb.holdings import Entry, Holdings
from kb.index import TermIndex, build_index, change_index
from kb.judgement import Judgement
from kb.objections import Objections
from kb.other_codes import title_codes
from kb.room import Room
from kb.segments import Segment, make_segment
from kb.shelf import Damaged, Mark, Shelf, adopt, mark, read_manifest
from kb.teaching import Lesson, first_lesson
from kb.wording import Words

CLASSIFIER, OBJECTIONS = "classifier.npz", "objections.npz"
TERMS = "terms"
CHANGED_AT_MOST, SHARE_AT_MOST, GONE_AT_MOST = 50, 0.05, 0.5
"""Changes at a time, as a number or a share of the articles, and share of rows that are gone: beyond these the language is built anew."""
SEGMENTS_AT_MOST = 12
"""Then the young ones are put together, but not the old: they hold nearly everything, and a publication must not wait for that."""
LARGE = 10_000
"""Entries that are turned into vectors at a time: what that needs beside the vectors themselves is several times as much."""


def make(shelf: Shelf, holdings: Holdings, before: Engine | None, lesson: Lesson | None = None) -> Engine:
    """Build the generation of these holdings beside the present one and make it current; only under the lock.

    :param before: an engine loaded from the current generation, whose unchanged parts are taken over.
    :param lesson: what was learned since; else what was learned before stays, or the first lesson is enough for now.
    """
    previous = shelf.current() if before is not None else None
    aside = shelf.begin()
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in holdings.entries:
        entries[entry.language].append(entry)
    rooms = {language: _furnish(aside, previous, before, language, entries[language]) for language in sorted(entries)}
    if lesson is None:
        lesson = Lesson(before.classifier, before.judgements, before.lesson, before.objections) if before else first_lesson(rooms, holdings)
    if lesson.classifier:
        _hold(aside / CLASSIFIER, lesson.classifier)
    if lesson.objections:
        lesson.objections.save(aside / OBJECTIONS)
    topics = {entry.article_id: entry.category for entry in holdings.entries if entry.category}
    words = {lists.language: Words(lists.language, lists.synonyms, lists.stop_words) for lists in holdings.words}
    codes = title_codes(holdings.entries)
    engine = Engine(holdings.generation, rooms, lesson.classifier, lesson.judgements, topics, lesson.mark, words, lesson.objections, codes)
    shelf.publish(aside, _facts(engine))
    return engine


def take_up(shelf: Shelf, held: Engine | None = None) -> Engine:
    """Load the current generation into memory.

    :param held: an engine whose parts are taken over where their files are the same: nothing is read twice, and what
        processes share since they parted, they go on sharing.
    :raises kb.shelf.Damaged: if there is none, or it is not what was written.
    """
    folder = shelf.current()
    manifest = read_manifest(folder)
    try:
        rooms = {language: _enter(folder / language, language, facts, held) for language, facts in manifest["rooms"].items()}
        classifier = _held(folder / CLASSIFIER, Classifier.load) if manifest["classifier"] else None
        judgements = {language: Judgement.of_facts(facts) for language, facts in manifest["judgements"].items()}
        objections = Objections.load(folder / OBJECTIONS) if OBJECTIONS in manifest["files"] else None
        topics = {int(article): topic for article, topic in manifest["topics"].items()}
        words = {language: Words(language, *lists) for language, lists in manifest["words"].items()}
        codes = {int(article): code for article, code in manifest["codes"].items()}
        return Engine(manifest["generation"], rooms, classifier, judgements, topics, manifest["lesson"], words, objections, codes)
    except Exception as error:  # Whatever a damaged file makes the libraries raise, it means the same.
        raise Damaged(f"the current generation cannot be loaded ({type(error).__name__})") from error


def _facts(engine: Engine) -> dict[str, Any]:
    return {
        "generation": engine.generation,
        "rooms": {language: {"segments": list(room.segments), "gone": sorted(room.gone)} for language, room in engine.rooms.items()},
        "classifier": engine.classifier is not None,
        "judgements": {language: judgement.facts() for language, judgement in engine.judgements.items()},
        "topics": engine.topics,
        "codes": engine.codes,
        "lesson": engine.lesson,
        "words": {language: list(words.lists) for language, words in engine.words.items()},
    }


def _furnish(aside: Path, previous: Path | None, before: Engine | None, language: str, entries: Sequence[Entry]) -> Room:
    """Make the room of a language: as it was, with a few changes, or anew."""
    target = aside / language
    present = before.rooms.get(language) if before else None
    if present is None or previous is None:
        return _anew(target, language, entries)
    known = {int(present.translations[row]): int(present.fingerprints[row]) for row in present.places.values()}
    wanted = {entry.translation_id: entry for entry in entries}
    gone = [translation for translation, mark in known.items() if translation not in wanted or wanted[translation].fingerprint != mark]
    fresh = [entry for entry in entries if known.get(entry.translation_id) != entry.fingerprint]
    left = present.gone | {present.places[translation] for translation in gone}
    too_many = len(gone) + len(fresh) > max(CHANGED_AT_MOST, SHARE_AT_MOST * len(known)) or len(left) > max(CHANGED_AT_MOST, GONE_AT_MOST * len(known))
    if too_many or len(fresh) == len(entries):
        return _anew(target, language, entries)
    adopt(previous / language, target)
    adopt(previous / language / TERMS, target / TERMS)
    segments, added = dict(present.segments), fresh
    if fresh:
        name = f"segment-{max(int(name.split('-')[1]) for name in segments) + 1}"
        old = old_segments(segments)
        if len(segments) - len(old) >= SEGMENTS_AT_MOST - 1:
            height = sum(len(segments[each].translations) for each in old)
            added = [*(wanted[translation] for translation, row in present.places.items() if row >= height and row not in left), *fresh]
            left = frozenset(row for row in left if row < height)
            for each in set(segments) - set(old):
                (target / f"{each}.npz").unlink()
            segments = {each: segments[each] for each in old}
        segments[name] = make_segment(language, added)
        _hold(target / f"{name}.npz", segments[name])
    if gone or fresh:
        change_index(target / TERMS, gone, fresh)
    return Room(language, segments, left, TermIndex(target / TERMS, language, present.index) if gone or fresh else present.index)


def _anew(target: Path, language: str, entries: Sequence[Entry]) -> Room:
    build_index(target / TERMS, language, entries)
    segments = {}
    for number, first in enumerate(range(0, len(entries), LARGE)):
        segments[f"segment-{number}"] = make_segment(language, entries[first : first + LARGE], among=len(entries))
        _hold(target / f"segment-{number}.npz", segments[f"segment-{number}"])
    return Room(language, segments, (), TermIndex(target / TERMS, language))


def old_segments(segments: Mapping[str, Segment]) -> list[str]:
    """Name the segments that stay as they are when the young ones are put together: the first one, and those after it that are large too."""
    first, *others = segments
    return [first, *takewhile(lambda name: len(segments[name].translations) >= LARGE // 2, others)]


def _enter(folder: Path, language: str, facts: Mapping[str, Any], held: Engine | None) -> Room:
    segments = {name: _held(folder / f"{name}.npz", Segment.load) for name in facts["segments"]}
    present = held.rooms.get(language) if held else None
    return Room(language, segments, facts["gone"], TermIndex(folder / TERMS, language, present.index if present else None))


class Part(Protocol):
    """What is kept in one file and never changes."""

    def save(self, path: Path) -> None:
        """Write it."""


AnyPart = TypeVar("AnyPart", bound=Part)

_parts: WeakValueDictionary[Mark, Any] = WeakValueDictionary()


def _hold(path: Path, part: Part) -> None:
    """Write a part, and know it again as long as somebody uses it."""
    part.save(path)
    _parts[mark(path)] = part


def _held(path: Path, load: Callable[[Path], AnyPart]) -> AnyPart:
    """Give the part that a file holds: the one in memory if the file was read or written before and nobody touched it since."""
    known = mark(path)
    part: AnyPart | None = _parts.get(known)
    if part is None:
        part = _parts[known] = load(path)
    return part
