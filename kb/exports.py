"""Exports: every translation as one article file, from which an import brings back the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from kb.articles import Article, Translation
from kb.database import Database
from kb.drafts import Draft, Status
from kb.facts import facts_of
from kb.front_matter import write
from kb.gallery import EXPORTED
from kb.imports import ENDINGS
from kb.picture_names import is_name, names_in
from kb.pictures import content_of


@dataclass(slots=True)
class ExportReport:
    """What an export came to; ``strangers`` are article files of the folder that are not part of it."""

    written: int = 0
    unchanged: int = 0
    strangers: list[str] = field(default_factory=list)


def export_articles(database: Database, folder: Path) -> ExportReport:
    """Write ``<language>/<slug>.md`` for every translation in any state, and the pictures that they show.

    Files that are right already are not touched, so that a second export changes nothing.

    :raises OSError: if the folder cannot be written.
    """
    report, names = ExportReport(), set()
    with database.reading() as session:
        shown: set[str] = set()
        for draft in drafts_of(session):
            name = f"{draft.language}/{draft.slug}.md"
            names.add(name)
            shown |= names_in(draft.body)
            _write(folder / name, write(draft).encode(), report)
        for picture in sorted(shown):
            content = content_of(session, picture)
            if content is not None:
                names.add(f"{EXPORTED}/{picture}")
                _write(folder / EXPORTED / picture, content, report)
    report.strangers = _strangers(folder, names)
    return report


def _write(file: Path, content: bytes, report: ExportReport) -> None:
    if file.is_file() and file.read_bytes() == content:
        report.unchanged += 1
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    report.written += 1


def drafts_of(session: Session) -> Iterator[Draft]:
    """Give every translation as the draft that would make it, in order of ids and languages."""
    query = select(Translation).join(Article).options(contains_eager(Translation.article)).order_by(Article.external_id, Translation.language)
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


def _strangers(folder: Path, names: set[str]) -> list[str]:
    files = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS or (path.parent == folder / EXPORTED and is_name(path.name)))
    found = (path.relative_to(folder).as_posix() for path in files)
    return sorted(set(found) - names)
