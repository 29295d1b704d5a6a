"""The command line of the measurement: ``webform deflection …``."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta

import click
from flask.cli import with_appcontext

from deflection.article_months import add_up
from deflection.census import count as count_weeks
from deflection.ledger import count as count_days
from deflection.rebuilding import rebuild as rebuild_days
from deflection.reports import Rate, Report, as_json
from deflection.reports import report as make_report
from deflection.retention import forget
from deflection.visits import Arm
from kb.web import database

DEFAULT_DAYS = 30


class Moment(click.ParamType[datetime]):
    """A day or an instant in ISO 8601; without a zone it is UTC."""

    name = "moment"

    def __init__(self, *, closing: bool = False) -> None:
        """Say what a bare day means: its beginning, or with ``closing`` its end."""
        self._closing = closing

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            moment = datetime.fromisoformat(text)
            if not 1970 <= moment.year <= 9000:
                raise ValueError("too far off to reckon with")
        except ValueError:
            self.fail(f"{text!r} is no day or moment: write for example 2026-11-30 or 2026-11-30T17:00:00Z", param, ctx)
        if len(text) <= len("2026-11-30") and self._closing:
            moment = datetime.combine(moment.date() + timedelta(days=1), time())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.group()
def deflection() -> None:
    """Measure what suggesting does."""


@deflection.command()
@click.option("--from", "since", type=Moment(), help="First day or moment; 30 days before the end unless given.")
@click.option("--to", "until", type=Moment(closing=True), help="Last day, counted to its end, or moment; now unless given.")
@click.option("--json", "machine", is_flag=True, help="Print one JSON object instead of a table.")
@with_appcontext
def report(since: datetime | None, until: datetime | None, machine: bool) -> None:
    """Tell how many visits needed no request, with the evidence."""
    now = datetime.now(UTC)
    until = until or now
    since = since or until - timedelta(days=DEFAULT_DAYS)
    if since >= until:
        raise click.ClickException(f"--from {since.isoformat()} is not before --to {until.isoformat()}: nothing lies between them")
    with database().reading() as session:
        made = make_report(session, since=since, until=until, now=now)
    click.echo(json.dumps(as_json(made), indent=2) if machine else "\n".join(table(made)))


@deflection.command()
@with_appcontext
def count() -> None:
    """Count what visits came to by day and by article, which the worker does every few minutes."""
    now = datetime.now(UTC)
    days, weeks = count_days(database(), now), count_weeks(database(), now)
    add_up(database(), now)
    click.echo(f"counted, days: {days}" if days or weeks else "nothing has happened since the last count")


@deflection.command()
@click.option("--json", "machine", is_flag=True, help="Print one JSON object instead of lines.")
@with_appcontext
def rebuild(machine: bool) -> None:
    """Count every day anew by the definitions of this version, and tell what is different."""
    done = rebuild_days(database(), datetime.now(UTC))
    if machine:
        click.echo(json.dumps(asdict(done), indent=2, default=str))
        return
    click.echo(f"days counted by definitions {done.definitions}: {done.counted}; kept as they were, for their visits are forgotten: {done.kept}")
    for change in done.changes:
        different = ", ".join(f"{name.replace('_', ' ')} {change.before[name]} → {change.after[name]}" for name in change.before)
        click.echo(f"{change.day} (by definitions {change.definitions} before): {different}")


@deflection.command()
@click.option("--before", "days", type=click.IntRange(1, 36_500), required=True, metavar="DAYS", help="Age from which on visits are forgotten.")
@with_appcontext
def prune(days: int) -> None:
    """Forget visits, with their events, that began more than DAYS ago; what was counted of them stays."""
    click.echo(f"visits forgotten: {forget(database(), days=days, now=datetime.now(UTC))}")


def table(report: Report) -> list[str]:
    """Lay a report out for a person."""
    rows = [f"{'':24}{'treatment':>12}{'holdout':>12}"]
    counts = {arm: _counts(report, arm) for arm in Arm}
    for name, number in counts[Arm.TREATMENT].items():
        rows.append(f"{name:24}{number:>12}{counts[Arm.HOLDOUT][name]:>12}")
    return [
        f"Visits from {report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} UTC",
        "",
        *rows,
        "",
        _rate_line(report.deflection_rate),
        _lift_line(report),
    ]


def _counts(report: Report, arm: Arm) -> dict[str, int]:
    figures = report.arms[arm]
    outcomes = {outcome.value.replace("_", " "): count for outcome, count in figures.outcomes.items()}
    visits = {"visits": figures.visits, "straight to a person": figures.straight, "engaged visits": figures.engaged}
    return visits | outcomes | {"taken back": figures.taken_back, "under way": figures.under_way}


def _rate_line(rate: Rate) -> str:
    if rate.share is None or rate.interval is None:
        return "Deflection rate: no engaged visit yet"
    return f"Deflection rate: {rate.share:.1%} ({rate.count} of {rate.of}), 95 % between {rate.interval.low:.1%} and {rate.interval.high:.1%}"


def _lift_line(report: Report) -> str:
    lift = report.lift
    if lift is None:
        return "Lift: no engaged visit in one of the arms yet"
    once = f"{lift.per_100_visits:+.1f} requests per 100 visits, 95 % between {lift.interval.low:+.1f} and {lift.interval.high:+.1f} at one look"
    bounds = f"{once}, between {lift.always.low:+.1f} and {lift.always.high:+.1f} however often one looks"
    if lift.is_certain:
        return f"Lift: {bounds}"
    needed = f"about {lift.visits_needed} more visits in the smaller arm" if lift.visits_needed else "more visits"
    return f"Lift: not enough data yet, {needed} needed ({bounds})"
