"""Imports: article files and labelled sets, read one by one so that a bad one stops nothing else."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from kb.articles import Stored, changes_to, find_translation, store
from kb.database import Database
from kb.drafts import ArticleError, Draft
from kb.front_matter import KEYS, draft_of, read
from kb.generations import raise_generation
from kb.passages import cut
from kb.trace import record

ENDINGS = frozenset({".md", ".markdown"})
LABELLED = "articles.jsonl"
BATCH = 50
AUTHOR = "import"
FOUNDING = ("title", "category", "status", "body")


@dataclass(frozen=True, slots=True)
class Found:
    """A draft and the place it was read from."""

    where: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or line that could not be imported, and why."""

    where: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an import came to."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    examples: int = 0
    failures: list[Failure] = field(default_factory=list)


def import_articles(database: Database, path: Path, *, now: datetime) -> Report:
    """Bring the articles under a path into the database, updating those whose id and language are known.

    Rendering is done between the transactions, which stay short, so that others can write meanwhile; the generation
    is raised once at the end, also when the import is interrupted.
    """
    report, public = Report(), False
    drafts = _without_repeats(find_drafts(path), report)
    try:
        while batch := list(islice(drafts, BATCH)):
            public |= _import_batch(database, batch, report, now)
    finally:
        with database.writing() as session:
            if public:
                raise_generation(session)
            _trace(session, path, report, now)
    return report


def find_drafts(path: Path) -> Iterator[Found | Failure]:
    """Read a Markdown file, a folder of them, an ``articles.jsonl``, or a folder that has one, in order of names."""
    if path.is_dir() and (path / LABELLED).is_file():
        path /= LABELLED
    if path.suffix == ".jsonl":
        yield from _from_lines(path)
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix.lower() in ENDINGS and not hidden and file.is_file():
                yield _from_file(file, str(file.relative_to(path)))
    else:
        yield _from_file(path, path.name)


def rows_of(path: Path) -> Iterator[tuple[str, dict[str, object]] | Failure]:
    """Read a file of one JSON object a line, each with its place."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(f"{path.name} line {number}", line)
    except OSError as error:
        yield Failure(path.name, error.strerror or "cannot be read")


def _row(where: str, line: bytes) -> tuple[str, dict[str, object]] | Failure:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Failure(where, f"is not UTF-8 at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Failure(where, f"is not JSON: {error}")
    return (where, row) if isinstance(row, dict) else Failure(where, "is not a JSON object")


def _from_lines(path: Path) -> Iterator[Found | Failure]:
    for row in rows_of(path):
        if isinstance(row, Failure):
            yield row
            continue
        where, fields = row
        try:
            yield Found(where, _draft_of_row(fields))
        except ArticleError as error:
            yield Failure(where, str(error))


def _draft_of_row(fields: dict[str, object]) -> Draft:
    body = fields.get("body", "")
    if not isinstance(body, str):
        raise ArticleError("body is not a text")
    others = {key: value for key, value in fields.items() if key not in {*KEYS, "body"}}
    extra = yaml.safe_dump(others, allow_unicode=True, sort_keys=False, width=10_000_000) if others else ""
    return draft_of(fields | {"title": _one_line(fields.get("title"))}, body, extra)


def _one_line(title: object) -> object:
    return " ".join(title.split()) if isinstance(title, str) else title


def _from_file(file: Path, where: str) -> Found | Failure:
    try:
        return Found(where, read(file.read_bytes().decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return Failure(where, f"is not UTF-8 at byte {error.start}")
    except OSError as error:
        return Failure(where, error.strerror or "cannot be read")
    except ArticleError as error:
        return Failure(where, str(error))


def _without_repeats(found: Iterable[Found | Failure], report: Report) -> Iterator[Found]:
    """Pass on the drafts, and put into the report what is none or came before under the same id and language."""
    first: dict[tuple[str, str], str] = {}
    for each in found:
        if isinstance(each, Failure):
            report.failures.append(each)
            continue
        place = first.setdefault((each.draft.external_id, each.draft.language), each.where)
        if place != each.where:
            report.failures.append(Failure(each.where, f"has the id and language of {place}"))
        else:
            yield each


def _import_batch(database: Database, batch: list[Found], report: Report, now: datetime) -> bool:
    """Import some drafts in one transaction.

    :return: whether customers see a difference.
    """
    with database.reading() as session:
        changed = [each.draft for each in batch if changes_to(session, find_translation(session, each.draft.external_id, each.draft.language), each.draft)]
    report.unchanged += len(batch) - len(changed)
    prepared = [(draft, cut(draft.body)) for draft in changed]
    if not prepared:
        return False
    with database.writing() as session:
        stored = [store(session, draft, sections=sections, author=AUTHOR, now=now) for draft, sections in prepared]
        for each in stored:
            _trace_article(session, each, now)
    report.created += sum(each.created for each in stored)
    report.updated += sum(not each.created for each in stored)
    return any(each.public for each in stored)


def _trace_article(session: Session, stored: Stored, now: datetime) -> None:
    told = stored.translation
    after = {name: getattr(told, name) for name in (FOUNDING if stored.created else sorted(stored.changes))}
    subject = f"article:{told.article.external_id}/{told.language}"
    record(session, actor=AUTHOR, action="created" if stored.created else "changed", subject=subject, before=stored.before, after=after, now=now)


def _trace(session: Session, path: Path, report: Report, now: datetime) -> None:
    """Note what an import came to; each article that it changed stands in the trace by itself."""
    if report.created or report.updated:
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged, "failed": len(report.failures)}
        record(session, actor=AUTHOR, action="imported", subject=f"import:{path.name}", after=counts, now=now)
