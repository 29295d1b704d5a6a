"""The index: Whoosh over the published articles of one language, built aside and read from memory.

A visitor's text never meets Whoosh's own query language: terms are analysed here, and the typing path takes the rarest
ones first until a budget of postings is spent.
"""

import math
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import Index
from whoosh.reading import IndexReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from kb.analysis import terms
from kb.field_scores import LENGTH_SHARE, SATURATION, FieldScores
from kb.file_contents import FileContent, read_folder
from kb.holdings import Entry
from kb.kept_terms import TermAnalyzer
from kb.scored import Scored, together

TITLE, HEADINGS, BODY = "title", "headings", "body"
BOOSTS = {TITLE: 3.0, HEADINGS: 1.5, BODY: 1.0}
POSTINGS = 500
"""Postings read for a text while it is typed; more cost seconds at 10,000 articles and find nothing better."""
MOST_POSTINGS = 2000
"""Postings of the rarest known term: beyond these it says too little to be read."""
RAREST_TERMS, MOST_TERMS = 8, 12
ADDED_TERMS, ADDED_POSTINGS, ADDED_BOOST = 6, 250, 0.5
"""The same for what synonyms add, and what it counts beside what was typed."""
MOST_FOUND, SEGMENTS_AT_MOST = 200, 12
MOST_COUNTS, MOST_SCORED = 50_000, 100_000
"""Terms whose frequencies, and scores of articles, that are kept at hand."""

Found = dict[int, float]


def build_index(folder: Path, language: str, entries: Iterable[Entry]) -> None:
    """Write a new index of these entries into an empty directory."""
    folder.mkdir(mode=0o700, parents=True)
    _write(_new_index(FileStorage(str(folder)), language), (), entries)


def _new_index(storage: Storage, language: str) -> Index:
    fields = {name: TEXT(analyzer=TermAnalyzer(language), phrase=False) for name in (TITLE, HEADINGS, BODY)}
    return storage.create_index(Schema(entry=ID(stored=True, unique=True), **fields))


def change_index(folder: Path, gone: Iterable[int], entries: Iterable[Entry]) -> None:
    """Take translations out of an index and put entries in; its directory must be nobody's yet."""
    storage = FileStorage(str(folder))
    index = storage.open_index()
    try:
        _write(index, gone, entries)
    finally:
        index.close()


def _write(index: Index, gone: Iterable[int], entries: Iterable[Entry]) -> None:
    writer = index.writer(limitmb=256, codec=W3Codec(compression=0))  # Most blocks are too short to become any shorter.
    try:
        for translation_id in gone:
            writer.delete_by_term("entry", str(translation_id))
        for entry in entries:
            fields = {TITLE: entry.title, HEADINGS: "\n".join(entry.headings), BODY: f"{entry.title}\n{entry.text}"}
            writer.add_document(entry=str(entry.translation_id), **fields)
        writer.commit(mergetype=_merge_young)
    except BaseException:
        writer.cancel()
        raise


def _merge_young(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Put all segments but the largest together once there are many: each one more makes every search slower."""
    if len(segments) < SEGMENTS_AT_MOST:
        return segments
    oldest = max(segments, key=lambda segment: segment.doc_count_all())
    for segment in segments:
        if segment is not oldest:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [oldest]


class _Memory(RamStorage):  # type: ignore[misc]  # Whoosh is untyped
    """Files in memory, also those that are only needed while something is written."""

    def temp_storage(self, name: str | None = None) -> RamStorage:
        """Give a place aside; Whoosh's own would be a directory that all processes share."""
        return _Memory()


def _entries(reader: IndexReader) -> list[int]:
    """List the translation of each document, also of those that were taken out."""
    return [int(reader.stored_fields(number)["entry"]) for number in range(reader.doc_count_all())]


class TermIndex:
    """One language's index, held in memory so that nothing that happens to its files can reach a reader."""

    def __init__(self, folder: Path, language: str, before: "TermIndex | None" = None) -> None:
        """Read an index whose files have been checked.

        :param before: an index of which this is a later state: what both have in common is not read again.
        """
        self._files: dict[str, FileContent] = read_folder(folder, before._files if before else {})
        self._open({name: file.content for name, file in self._files.items()}, language, before)

    @classmethod
    def rehearsed(cls, before: "TermIndex | None", language: str, gone: Iterable[int], entries: Iterable[Entry]) -> "TermIndex":
        """Give what an index would be with some translations taken out and entries put in; nobody else's is touched, and nothing is kept."""
        storage, found = _Memory(), cls.__new__(cls)
        storage.files = dict(before._contents) if before else {}
        _write(storage.open_index() if before else _new_index(storage, language), gone, entries)
        found._files = {}
        found._open(storage.files, language, before)
        return found

    def _open(self, contents: Mapping[str, bytes], language: str, before: "TermIndex | None") -> None:
        self.language, self._contents = language, dict(contents)
        # Whoosh's readers share one position in each file, so two threads must never read at once.
        self._lock = threading.Lock()
        storage = RamStorage()
        storage.files = self._contents
        self._index = storage.open_index()
        self._searcher: Searcher = self._index.searcher(weighting=BM25F(B=LENGTH_SHARE, K1=SATURATION))
        known = before._known if before else {}
        readers = {reader.segment().segment_id(): reader for reader, _ in self._searcher.reader().leaf_readers()}
        self._known: dict[str, list[int]] = {name: known[name] if name in known else _entries(reader) for name, reader in readers.items()}
        self._entries = [entry for entries in self._known.values() for entry in entries]
        self._usual_length = self._searcher.avg_field_length(BODY) or 1.0
        self._counts: dict[str, int] = {}
        self._scored: dict[str, Scored] = {}
        self._spare = MOST_SCORED
        self.height = len(self._entries)
        self._field_scores = FieldScores(self, BOOSTS)

    def fits(self, text: str, added: str = "", said: Collection[str] | None = None) -> Scored:
        """Score the articles that share the rarest terms of a text, within the budget; for the typing path.

        :param added: the text as its synonyms have it; what only this has counts less.
        :param said: the terms of the text that say something, if they are known already.
        """
        with self._lock:
            found = [(self._scores(term, count), boost) for term, count, boost in self._chosen(text, added, said)]
        return together(found, MOST_FOUND)

    def shares(self, text: str, added: str = "") -> dict[str, Found]:
        """Tell what each of those terms adds to the score of each article; together they are what ``fits`` gives."""
        with self._lock:
            chosen = self._chosen(text, added)
            return {term: {entry: boost * score for entry, score in self._scores(term, count).plain().items()} for term, count, boost in chosen}

    def _chosen(self, text: str, added: str, said: Collection[str] | None = None) -> list[tuple[str, int, float]]:
        """Choose the rarest terms of a text, with the number of texts that have each, and what it counts."""
        wanted = {term.text for term in terms(text, self.language) if not term.stop} if said is None else set(said)
        others = {term.text for term in terms(added, self.language) if not term.stop} - wanted if added else set()
        typed = [(*each, 1.0) for each in self._rarest(wanted, RAREST_TERMS, POSTINGS)]
        return typed + [(*each, ADDED_BOOST) for each in self._rarest(others, ADDED_TERMS, ADDED_POSTINGS)]

    def _rarest(self, wanted: Iterable[str], most: int, budget: int) -> list[tuple[str, int]]:
        known = sorted((count, term) for term in wanted if (count := self._count(term)))
        chosen: list[tuple[str, int]] = []
        spent = 0
        for count, term in known[:most]:
            spent += count
            if spent > budget and (chosen or count > MOST_POSTINGS):
                break
            chosen.append((term, count))
        return chosen

    def _count(self, term: str) -> int:
        """Tell in how many texts a term occurs; whoever types asks for the same words again and again."""
        count = self._counts.get(term)
        if count is None:
            count = self._searcher.reader().doc_frequency(BODY, term)
            if len(self._counts) < MOST_COUNTS:
                self._counts[term] = count
        return count

    def _scores(self, term: str, count: int) -> Scored:
        """Score the articles that have a term as Whoosh does, without its machinery for joining terms, which costs ten times more."""
        if (scored := self._scored.get(term)) is not None:
            return scored
        rarity = math.log(self._searcher.doc_count_all() / (count + 1)) + 1
        matcher, found = self._searcher.reader().postings(BODY, term), {}
        while matcher.is_active():
            number, often = matcher.id(), matcher.weight()
            held_back = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * self._searcher.doc_field_length(number, BODY, 1) / self._usual_length)
            found[self._entries[number]] = rarity * often * (SATURATION + 1) / (often + held_back)
            matcher.next()
        scored = Scored.of(found)
        self._spare -= len(found)
        if self._spare < 0:
            self._scored, self._spare = {}, MOST_SCORED - len(found)
        self._scored[term] = scored
        return scored

    def knows(self, word: str) -> int:
        """Tell how many articles have a word, or everything that it is analysed into."""
        with self._lock:
            return min((self._count(term.text) for term in terms(word, self.language) if not term.stop), default=0)

    def ranked(self, text: str, added: str = "") -> Found:
        """Score articles at full strength, for the search page: those with all words first.

        :param added: the text as its synonyms have it; what is found by this alone counts less.
        """
        with self._lock:
            found = self._full(text)
            others = self._full(added) if added else {}
        return {entry: max(found.get(entry, 0.0), ADDED_BOOST * others.get(entry, 0.0)) for entry in {**found, **others}}

    def _full(self, text: str) -> Found:
        return {self._entries[number]: score for number, score in self._field_scores.ranked(_distinct(text, self.language)).items()}

    def postings(self, field: str, term: str) -> tuple[list[int], list[float]]:
        """Give the numbers of the articles that have a term in a field, and how often; only under the lock."""
        numbers: list[int] = []
        often: list[float] = []
        matcher = self._searcher.reader().postings(field, term) if self._searcher.reader().doc_frequency(field, term) else None
        while matcher is not None and matcher.is_active():
            numbers.append(matcher.id())
            often.append(matcher.weight())
            matcher.next()
        return numbers, often

    def lengths(self, field: str) -> tuple[list[int], float]:
        """Give the length of a field of every article, and the usual one; only under the lock."""
        return [self._searcher.doc_field_length(each, field, 1) for each in range(self.height)], self._searcher.avg_field_length(field)

    def vocabulary(self) -> list[str]:
        """Give all terms of titles, headings and texts."""
        with self._lock:
            found = self._searcher.reader().all_terms()
            return sorted({term.decode("utf-8", "replace") for name, term in found if name in BOOSTS})


def _distinct(text: str, language: str) -> Sequence[str]:
    return list(dict.fromkeys(term.text for term in terms(text, language) if not term.stop))[:MOST_TERMS]
