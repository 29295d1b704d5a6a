"""The command line of the measurement: ``webform deflection …``."""

import json
from datetime import UTC, datetime, time, timedelta

import click
from flask.cli import with_appcontext

from deflection.census import count as count_visits
from deflection.reports import Rate, Report, as_json
from deflection.reports import report as make_report
from deflection.visits import Arm
from deflection.visits import prune as prune_visits
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
    """Count what visits came to by article, which the worker does every two minutes."""
    click.echo("counted" if count_visits(database(), datetime.now(UTC)) else "nothing has happened since the last count")


@deflection.command()
@click.option("--before", "days", type=click.IntRange(1, 36_500), required=True, metavar="DAYS", help="Age from which on visits are forgotten.")
@with_appcontext
def prune(days: int) -> None:
    """Forget visits, with their events, that were last seen more than DAYS ago."""
    with database().writing() as session:
        gone = prune_visits(session, before=datetime.now(UTC) - timedelta(days=days))
    click.echo(f"visits forgotten: {gone}")


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
    bounds = f"{lift.per_100_visits:+.1f} requests per 100 visits, 95 % between {lift.interval.low:+.1f} and {lift.interval.high:+.1f}"
    if lift.is_certain:
        return f"Lift: {bounds}"
    needed = f"about {lift.visits_needed} more visits in the smaller arm" if lift.visits_needed else "more visits"
    return f"Lift: not enough data yet, {needed} needed ({bounds})"
