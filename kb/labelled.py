"""Labelled sets: articles with texts whose right articles are known, read from a directory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.holdings import Entry, Holdings, Sample
from kb.languages import base


class LabelledSetError(Exception):
    """A labelled set cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text of the test split and its right articles; none, if no article answers."""

    text: str
    language: str
    articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """What to build an engine from, and what to ask it."""

    holdings: Holdings
    questions: tuple[Question, ...]


def read_labelled_set(folder: Path, *, remove: Path | None = None, cold: bool = False) -> LabelledSet:
    """Read a labelled set.

    :param remove: file with a JSON list of article ids, or one id a line: taken out before anything is built. Texts for
        training that point only at them are dropped, those for testing must get nothing.
    :param cold: whether to leave out the past requests.
    :raises LabelledSetError: if a file is missing or a line cannot be read.
    """
    articles = list(_rows(folder / "articles.jsonl", ("id", "title")))
    removed = _removed(remove) if remove else frozenset[str]()
    if unknown := removed - {str(row["id"]) for row in articles}:
        raise LabelledSetError(f"{remove}: there is no article {min(unknown)!r} to remove")
    kept = [row for row in articles if str(row["id"]) not in removed]
    numbers = {str(row["id"]): number for number, row in enumerate(kept, 1)}
    requests = [] if cold or not (folder / "requests.jsonl").exists() else list(_rows(folder / "requests.jsonl", ("text",)))
    queries = list(_rows(folder / "queries.jsonl", ("text", "article_ids", "split")))
    languages = {row["text"]: base(row.get("lang", "")) for row in queries}
    usual = base(kept[0].get("lang", "")) if kept else "en"
    samples = [
        _sample(row["text"], row.get("article_id"), numbers, languages.get(row["text"], usual)) for row in requests if row.get("article_id") not in removed
    ]
    known = {sample.text for sample in samples}
    train = [row for row in queries if row["split"] == "train" and row["text"] not in known and not _only_of(row, removed)]
    trials = [_sample(row["text"], next((one for one in row["article_ids"] if one in numbers), None), numbers, languages[row["text"]]) for row in train]
    entries = tuple(_entry(number, row) for number, row in enumerate(kept, 1))
    tests = [row for row in queries if row["split"] == "test"]
    questions = tuple(
        Question(row["text"], base(row.get("lang", "")), frozenset(numbers[one] for one in row["article_ids"] if one in numbers)) for row in tests
    )
    return LabelledSet(Holdings(1, entries, tuple(samples), tuple(trials)), questions)


def _only_of(row: dict[str, Any], removed: frozenset[str]) -> bool:
    return bool(row["article_ids"]) and removed.issuperset(row["article_ids"])


def _sample(text: str, article: str | None, numbers: dict[str, int], language: str) -> Sample:
    if article is not None and article not in numbers:
        raise LabelledSetError(f"a past request names the article {article!r}, which does not exist")
    return Sample(text, None if article is None else numbers[article], language)


def _entry(number: int, row: dict[str, Any]) -> Entry:
    return Entry(number, number, base(row.get("lang") or "en"), row["title"], row.get("category") or "", (), row.get("body") or "", number)


def _removed(path: Path) -> frozenset[str]:
    try:
        text = path.read_text("utf-8")
        return frozenset(map(str, json.loads(text) if text.lstrip().startswith("[") else text.split()))
    except (OSError, ValueError) as error:
        raise LabelledSetError(f"{path}: the list of articles to remove cannot be read") from error


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise LabelledSetError(f"{path}: it cannot be read") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or any(name not in row for name in needed):
            raise LabelledSetError(f"{path}, line {number}: not an object with {', '.join(needed)}")
        yield row
