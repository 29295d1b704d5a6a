"""Raw events on the command line."""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext

from deflection.cli import DEFAULT_DAYS, Moment
from deflection.raw_events import stream
from kb.web import database
from webform import raw_event_files


@click.command()
@click.option("--from", "since", type=Moment(), help="First day or moment; 30 days before the end unless given.")
@click.option("--to", "until", type=Moment(closing=True), help="Last day, counted to its end, or moment; now unless given.")
@click.option("--format", "form", type=click.Choice(list(raw_event_files.FORMATS)), default="jsonl", help="JSON Lines, or a table.")
@with_appcontext
def export(since: datetime | None, until: datetime | None, form: str) -> None:
    """Write every event of a period to standard output, one a line."""
    until = until or datetime.now(UTC)
    since = since or until - timedelta(days=DEFAULT_DAYS)
    if since >= until:
        raise click.ClickException(f"--from {since.isoformat()} is not before --to {until.isoformat()}: nothing lies between them")
    for line in raw_event_files.lines(stream(database(), since=since, until=until), form):
        click.echo(line, nl=False)
