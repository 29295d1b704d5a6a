"""Exports: every translation as one article file, from which an import brings back the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Article, Translation
from kb.database import Database
from kb.drafts import Draft, Status
from kb.front_matter import write
from kb.imports import ENDINGS


@dataclass(slots=True)
class ExportReport:
    """What an export came to; ``strangers`` are article files of the folder that are not part of it."""

    written: int = 0
    unchanged: int = 0
    strangers: list[str] = field(default_factory=list)


def export_articles(database: Database, folder: Path) -> ExportReport:
    """Write ``<language>/<slug>.md`` for every translation in any state; files that are right already are not touched.

    :raises OSError: if the folder cannot be written.
    """
    report, names = ExportReport(), set()
    with database.reading() as session:
        for draft in drafts_of(session):
            name = f"{draft.language}/{draft.slug}.md"
            names.add(name)
            content = write(draft).encode()
            file = folder / name
            if file.is_file() and file.read_bytes() == content:
                report.unchanged += 1
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            report.written += 1
    report.strangers = _strangers(folder, names)
    return report


def drafts_of(session: Session) -> Iterator[Draft]:
    """Give every translation as the draft that would make it, in order of ids and languages."""
    query = select(Translation, Article.external_id).join(Article).order_by(Article.external_id, Translation.language)
    for translation, external_id in session.execute(query.execution_options(yield_per=500)):
        yield Draft(
            external_id=external_id,
            language=translation.language,
            title=translation.title,
            body=translation.body,
            summary=translation.summary,
            category=translation.category,
            slug=translation.slug,
            status=Status(translation.status),
            updated_at=translation.updated_at,
            extra=translation.extra,
        )


def _strangers(folder: Path, names: set[str]) -> list[str]:
    found = (str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    return sorted(set(found) - names)
