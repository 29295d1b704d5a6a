"""The command line of the knowledge base: ``webform kb …``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from kb.example_files import load_examples
from kb.exports import export_articles
from kb.imports import LABELLED, Report, import_articles
from kb.web import database


@click.group()
def kb() -> None:
    """Look after the knowledge base."""


@kb.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@with_appcontext
def import_(path: Path) -> None:
    """Bring in articles: a folder of Markdown, one file, or an articles.jsonl."""
    now = datetime.now(UTC)
    report = import_articles(database(), path, now=now)
    requests = (path if path.is_dir() else path.parent) / "requests.jsonl"
    if requests.is_file() and (requests.parent / LABELLED).is_file():
        with database().writing() as session:
            report.examples, failures = load_examples(session, requests, source="import", now=now)
        report.failures += failures
    _tell(report)


@kb.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    """Write every article to DIR, one Markdown file per translation."""
    try:
        report = export_articles(database(), folder)
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(f"{report.written} files written, {report.unchanged} unchanged")
    for name in report.strangers:
        click.echo(f"{name} is in the folder, but not in the knowledge base")


def _tell(report: Report) -> None:
    click.echo(f"{report.created} articles created, {report.updated} updated, {report.unchanged} unchanged, {report.examples} examples added")
    for failure in report.failures:
        click.echo(f"{failure.where}: {failure.reason}", err=True)
    if report.failures:
        click.echo(f"{len(report.failures)} could not be imported", err=True)
        sys.exit(1)
