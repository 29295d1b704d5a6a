"""The command line of the knowledge base: ``webform kb …``."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from kb import explained_lines
from kb.catalogue import rows
from kb.drafts import Status
from kb.evaluation import evaluate
from kb.evaluation import sentences as figures_in_words
from kb.example_files import load_examples
from kb.exports import WRITERS, export_articles
from kb.gates import sentences
from kb.import_cli import counting_up, report_lines
from kb.import_formats import Format
from kb.imports import LABELLED, import_articles
from kb.labelled import LabelledSetError, read_labelled_set
from kb.suggest import State
from kb.web import database, suggester


@click.group()
def kb() -> None:
    """Look after the knowledge base."""


@kb.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice([each.value for each in Format]), help="What the files are; else that is told by what is in them.")
@click.option("--language", default="en", show_default=True, help="Language of articles that do not tell their own.")
@click.option("--dry-run", is_flag=True, help="List what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def import_(path: Path, kind: str | None, language: str, dry_run: bool, as_json: bool) -> None:
    """Bring in articles: Markdown, HTML, or an export of another system, as a folder, a zip or one file."""
    now = datetime.now(UTC)
    with counting_up() as progress:
        chosen = Format(kind) if kind else None
        report = import_articles(database(), path, now=now, kind=chosen, language=language, dry_run=dry_run, progress=progress)
    requests = (path if path.is_dir() else path.parent) / "requests.jsonl"
    if not dry_run and requests.is_file() and (requests.parent / LABELLED).is_file():
        with database().writing() as session:
            report.examples, failures = load_examples(session, requests, source="import", now=now)
        for failure in failures:
            report.refuse(failure)
    click.echo(json.dumps(report.plain(), ensure_ascii=False) if as_json else "\n".join(report_lines(report, dry_run=dry_run)))
    if not as_json:
        for failure in (*report.notes, *report.failures):
            click.echo(f"{failure.where}: {failure.reason}", err=True)
    if report.refused:
        click.echo(f"{report.refused} could not be imported", err=True)
        sys.exit(1)


@kb.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(list(WRITERS)), default="markdown", show_default=True, help="What to write.")
@click.option("--language", default="", help="Only texts in this language.")
@click.option("--status", type=click.Choice([each.value for each in Status]), default=None, help="Only texts in this state.")
@click.option("--category", default="", help="Only texts in this category.")
@with_appcontext
def export(folder: Path, kind: str, language: str, status: str | None, category: str) -> None:
    """Write articles to DIR with their pictures, one Markdown file per translation, or as another system has them."""
    try:
        chosen = rows(language=language, status=status or "", category=category)
        report = export_articles(database(), folder, kind=kind, chosen=chosen)
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(1)
    click.echo(f"{report.written} files written, {report.unchanged} unchanged")
    for name in report.strangers:
        click.echo(f"{name} is in the folder, but not in the knowledge base")


@kb.command()
@with_appcontext
def reindex() -> None:
    """Build or load the index of what is published, if it is not current."""
    _tell_state(suggester().ensure_ready())


@kb.command()
@with_appcontext
def train() -> None:
    """Learn from past requests anew, and set the gate."""
    _tell_state(suggester().ensure_ready(learn=True))


@kb.command("evaluate")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--remove", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with ids of articles to take out first.")
@click.option("--cold", is_flag=True, help="Learn from articles only, not from past requests.")
def evaluate_(folder: Path, as_json: bool, remove: Path | None, cold: bool) -> None:
    """Measure the suggester on the labelled set in DIR; the installation's own data is not touched."""
    try:
        found = evaluate(read_labelled_set(folder, remove=remove, cold=cold))
    except LabelledSetError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(figures_in_words(found)))


@kb.command("explain")
@click.argument("text")
@click.option("--subject", default="", help="Subject of the request.")
@click.option("--language", default="", help="Language of the page, for a text that does not tell its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def explain_(text: str, subject: str, language: str, as_json: bool) -> None:
    """Tell why TEXT gets the answer it gets; - reads it from standard input, where no list of processes shows it."""
    told = suggester().explain(sys.stdin.read() if text == "-" else text, subject=subject, language=language)
    click.echo(json.dumps(explained_lines.plain(told), ensure_ascii=False) if as_json else "\n".join(explained_lines.lines(told)))


def _tell_state(state: State) -> None:
    click.echo(f"generation {state.generation}: {state.articles} translations in {', '.join(state.languages) or 'no language'}")
    click.echo(f"{state.samples} past requests learned, gate {state.gate:.3f} from {state.basis}")
    if standing := suggester().standing():
        click.echo("\n".join(sentences(standing)))
