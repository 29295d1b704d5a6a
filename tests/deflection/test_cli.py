import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from deflection.cli import deflection
from deflection.events import Kind, record
from deflection.visits import Visit
from kb.database import Database
from tests.deflection.conftest import Begin


def call(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(deflection, words)


@pytest.fixture
def two_visits(database: Database, begin: Begin) -> None:
    """One solved on the first of March, one on its second at noon."""
    with database.writing() as session:
        for token, day in (("first", datetime(2026, 3, 1, 23, 59, tzinfo=UTC)), ("second", datetime(2026, 3, 2, 12, tzinfo=UTC))):
            record(session, begin(session, token, now=day), Kind.SOLVED, now=day)


@pytest.mark.usefixtures("two_visits")
@pytest.mark.parametrize(
    ("since", "until", "visits"),
    [("2026-03-01", "2026-03-02", 2), ("2026-03-01", "2026-03-01", 1), ("2026-03-02", "2026-03-02", 1), ("2026-03-01", "2026-03-02T12:00:00Z", 1)],
)
def test_a_report_counts_the_last_day_to_its_end(app: Flask, since: str, until: str, visits: int) -> None:
    told = json.loads(call(app, "report", "--json", "--from", since, "--to", until).stdout)
    assert told["arms"]["treatment"]["visits"] == told["deflection_rate"]["confirmed"] == visits
    assert told["from"].startswith(since)


@pytest.mark.usefixtures("two_visits")
def test_a_report_for_people_says_the_figures_with_their_doubt(app: Flask) -> None:
    said = call(app, "report", "--from", "2026-03-01", "--to", "2026-03-02").stdout
    assert "Deflection rate: 100.0% (2 of 2), 95 % between 34.2% and 100.0%" in said
    assert "Lift: no engaged visit in one of the arms yet" in said


@pytest.mark.parametrize("words", [("--from", "yesterday"), ("--from", "2026-03-02", "--to", "2026-03-01"), ("--to", "9999-12-31"), ("--to", "0001-01-01")])
def test_a_time_that_cannot_be_is_refused_in_words(app: Flask, words: tuple[str, ...]) -> None:
    refused = call(app, "report", *words)
    assert refused.exit_code != 0
    assert "Traceback" not in refused.output
    assert "2026-" in refused.output


def test_pruning_tells_how_much_went_and_can_be_repeated(app: Flask, database: Database, begin: Begin) -> None:
    with database.writing() as session:
        begin(session, "old", now=datetime.now(UTC) - timedelta(days=91))
        begin(session, "new", now=datetime.now(UTC) - timedelta(days=89))
    assert [call(app, "prune", "--before", "90").stdout for _ in range(2)] == ["visits forgotten: 1\n", "visits forgotten: 0\n"]
    with database.reading() as session:
        assert session.scalars(select(Visit.token)).all() == ["new"]
