"""Exports: articles as files, of which an import makes the same again, in every form that is imported."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from kb import freshdesk, help_scout, intercom, page_exports, zendesk
from kb.article_files import LABELLED, row_of
from kb.articles import Article, Translation
from kb.database import Database
from kb.drafts import Draft, Status
from kb.facts import facts_of
from kb.front_matter import write
from kb.gallery import EXPORTED
from kb.import_formats import Format
from kb.outgoing import File, Leaving, Places, batches, source_first
from kb.picture_names import is_name, names_in
from kb.pictures import content_of

LINES = "jsonl"
"""One ``articles.jsonl``, as labelled sets have it: Markdown too, for an import."""

Writer = Callable[[Iterable[Leaving], Places], Iterator[File]]


@dataclass(slots=True)
class ExportReport:
    """What an export came to; ``strangers`` are article files of the folder that are not part of it."""

    written: int = 0
    unchanged: int = 0
    strangers: list[str] = field(default_factory=list)


def export_articles(database: Database, folder: Path, *, kind: str = Format.MARKDOWN, chosen: Select[int] | None = None) -> ExportReport:
    """Write translations in any state into a folder, with the pictures that they show.

    Files that are right already are not touched, so that a second export changes nothing.

    :param kind: one of `WRITERS`.
    :param chosen: asks for the numbers of the translations that are wanted; all without it.
    :raises OSError: if the folder cannot be written.
    """
    report, names, endings = ExportReport(), set(), set()
    for file in files_of(database, kind, chosen):
        names.add(file.name)
        endings.add(Path(file.name).suffix)
        _write(folder / file.name, file.content, report)
    report.strangers = _strangers(folder, names, {".md", ".markdown"} if kind == Format.MARKDOWN else endings)
    return report


def files_of(database: Database, kind: str, chosen: Select[int] | None = None) -> Iterator[File]:
    """Give the files of an export one by one; each batch of articles is a transaction of its own, however many there are."""
    with database.reading() as session:
        query = select(Article.external_id, Translation.language, Translation.slug, Translation.id).join(Translation)
        rows = session.execute(query if chosen is None else query.where(Translation.id.in_(chosen))).all()
    known = sorted(rows, key=lambda row: (row.external_id, source_first(row.language)))
    grouped = [(external_id, list(texts)) for external_id, texts in groupby(known, lambda row: row.external_id)]
    shown: set[str] = set()
    places = Places({external_id: {row.language: row.slug for row in texts} for external_id, texts in grouped})
    yield from WRITERS[kind](_leaving(database, [[row.id for row in texts] for _, texts in grouped], shown), places)
    for picture in sorted(shown):
        with database.reading() as session:
            content = content_of(session, picture)
        if content is not None:
            yield File(f"{EXPORTED}/{picture}", content)


def drafts_of(session: Session, among: Sequence[int] | None = None) -> Iterator[Draft]:
    """Give translations as the drafts that would make them, in order of ids and languages: all, or those of some numbers."""
    query = select(Translation).join(Article).options(contains_eager(Translation.article)).order_by(Article.external_id, Translation.language)
    if among is not None:
        query = query.where(Translation.id.in_(among))
    for translation in session.scalars(query.execution_options(yield_per=500)):
        yield Draft(
            external_id=translation.article.external_id,
            language=translation.language,
            title=translation.title,
            body=translation.body,
            summary=translation.summary,
            category=translation.category,
            slug=translation.slug,
            status=Status(translation.status),
            updated_at=translation.updated_at,
            extra=translation.extra,
            facts=facts_of(translation),
        )


def _leaving(database: Database, articles: Iterable[list[int]], shown: set[str]) -> Iterator[Leaving]:
    for _, batch in batches(articles):
        with database.reading() as session:
            drafts = list(drafts_of(session, [number for numbers in batch for number in numbers]))
        for _, texts in groupby(drafts, lambda draft: draft.external_id):
            article = Leaving(tuple(sorted(texts, key=lambda draft: source_first(draft.language))))
            for draft in article.drafts:
                shown |= names_in(draft.body)
            yield article


def _markdown(articles: Iterable[Leaving], _places: Places) -> Iterator[File]:
    for article in articles:
        for draft in article.drafts:
            yield File(f"{draft.language}/{draft.slug}.md", write(draft).encode())


def _lines(articles: Iterable[Leaving], _places: Places) -> Iterator[File]:
    rows = [json.dumps(row_of(draft), ensure_ascii=False) + "\n" for article in articles for draft in article.drafts]
    yield File(LABELLED, "".join(rows).encode())


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        Format.MARKDOWN.value: _markdown,
        LINES: _lines,
        Format.HTML.value: page_exports.folder,
        Format.ZENDESK.value: zendesk.outgoing,
        Format.FRESHDESK.value: freshdesk.outgoing,
        Format.INTERCOM.value: intercom.outgoing,
        Format.HELP_SCOUT.value: help_scout.outgoing,
        Format.CONFLUENCE.value: page_exports.confluence,
    }
)
"""What writes each form."""


def _write(file: Path, content: bytes, report: ExportReport) -> None:
    if file.is_file() and file.read_bytes() == content:
        report.unchanged += 1
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    report.written += 1


def _strangers(folder: Path, names: set[str], endings: set[str]) -> list[str]:
    files = (path for path in folder.rglob("*") if path.suffix.lower() in endings or path.parent == folder / EXPORTED)
    found = (path.relative_to(folder).as_posix() for path in files if path.parent != folder / EXPORTED or is_name(path.name))
    return sorted(set(found) - names)
