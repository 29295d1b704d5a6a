"""Rivals: the same articles in tantivy and in SQLite FTS5, asked with the same messages."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Protocol

STEMMERS = {"en": "english", "ru": "russian"}
_WORD = re.compile(r"\w+")
_RUN = re.compile("[\u4e00-\u9fff]+")

Row = tuple[int, str, str]


class Rival(Protocol):
    """Anything that finds three titles for a text."""

    def ask(self, text: str) -> Sequence[str]: ...


def words_of(text: str, language: str) -> list[str]:
    """Cut a text into what a rival is asked for: words, or pairs of characters where words are not written apart."""
    if language == "zh":
        return [run[at : at + 2] for run in _RUN.findall(text) for at in range(max(len(run) - 1, 1))]
    return _WORD.findall(text.casefold())


class Tantivy:
    """Rust, BM25, stemmed, in memory; an OR of all different words of a text."""

    def __init__(self, language: str, rows: Iterable[Row]) -> None:
        import tantivy

        self._make, self._language = tantivy, language
        builder = tantivy.SchemaBuilder()
        for name in ("title", "body"):
            builder.add_text_field(name, stored=name == "title", tokenizer_name="own")
        self._index = tantivy.Index(builder.build())
        chain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        if language in STEMMERS:
            chain = chain.filter(tantivy.Filter.stemmer(STEMMERS[language]))
        self._index.register_tokenizer("own", chain.build())
        writer = self._index.writer(128_000_000, 1)
        for _, title, body in rows:
            if language == "zh":
                title, body = (" ".join(words_of(text, language)) for text in (title, body))
            writer.add_document(tantivy.Document(title=title, body=body))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, text: str) -> Sequence[str]:
        words = " ".join(dict.fromkeys(words_of(text, self._language)))
        query = self._index.parse_query(words, ["title", "body"])
        return [self._searcher.doc(address)["title"][0] for _, address in self._searcher.search(query, 3, count=False).hits]


class Fts5:
    """SQLite's own full-text search, BM25, in memory; an OR of all different words of a text."""

    def __init__(self, language: str, rows: Iterable[Row]) -> None:
        self._language = language
        self._database = sqlite3.connect(":memory:")
        tokenizer = "porter unicode61" if language == "en" else "unicode61"
        self._database.execute(f"CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='{tokenizer}')")
        spaced = ((number, *(" ".join(words_of(text, language)) if language == "zh" else text for text in texts)) for number, *texts in rows)
        self._database.executemany("INSERT INTO texts(rowid, title, body) VALUES (?, ?, ?)", spaced)
        self._database.execute("INSERT INTO texts(texts) VALUES ('optimize')")

    def ask(self, text: str) -> Sequence[str]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(words_of(text, self._language)))
        found = self._database.execute("SELECT title FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 3", (words,))
        return [title for (title,) in found]


def open_all(language: str, rows: list[Row], names: Sequence[str]) -> dict[str, Rival]:
    """Fill the rivals that were asked for."""
    known = {"tantivy": Tantivy, "fts5": Fts5}
    return {name: known[name](language, rows) for name in names}
