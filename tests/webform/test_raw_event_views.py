"""Raw events as files: for leads, and no cell of them is a formula."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from flask import Flask

from deflection import visits
from deflection.events import Kind, record
from deflection.raw_events import COLUMNS
from kb.database import Database
from tests.webform.conftest import SignIn
from webform.cli import webform
from webform.staff import RoleName

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def day(database: Database) -> str:
    now = datetime.now(UTC)
    with database.writing() as session:
        visit = visits.see(session, token="v", language="en", topic=FORMULA, scripted=True, holdout_share=0, secret="s", now=now)
        record(session, visit, Kind.SHOWN, articles=[1], now=now)
    return f"{now:%Y-%m-%d}"


def test_leads_take_out_the_events_of_a_period(signed_in: SignIn, day: str) -> None:
    client = signed_in(RoleName.LEAD)
    assert f'value="{day}"' in client.get("/staff/deflection/events").text
    table = client.get("/staff/deflection/events.csv", query_string={"from": day, "to": day})
    assert table.headers["Content-Disposition"] == f"attachment; filename=events-{day}-{day}.csv"
    head, row = csv.reader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert tuple(head) == COLUMNS
    assert (row[COLUMNS.index("topic")], row[COLUMNS.index("engaged")], row[COLUMNS.index("seconds")]) == (f"'{FORMULA}", "0", "")
    told = [json.loads(line) for line in client.get("/staff/deflection/events.jsonl").text.splitlines()]
    assert [(each["topic"], each["kind"]) for each in told] == [(FORMULA, "shown")]
    assert client.get("/staff/deflection/events.csv?from=2020-01-01&to=2020-01-31").text.count("\n") == 1
    assert client.get("/staff/deflection/events.csv?from=2020-02-01&to=2020-01-31").status_code == 400
    assert client.get("/staff/deflection/events.csv?from=9999-12-31&to=9999-12-31").status_code == 200
    assert signed_in(RoleName.WRITER).get("/staff/deflection/events.csv").status_code == 403


def test_the_command_writes_the_same(app: Flask, day: str) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(webform, ["deflection", "export", "--from", day, "--to", day])
    assert [json.loads(line)["kind"] for line in said.output.splitlines()] == ["shown"]
    assert runner.invoke(webform, ["deflection", "export", "--format", "csv"]).output.startswith("\ufeffat,event,visit")
    assert runner.invoke(webform, ["deflection", "export", "--from", "2026-01-02", "--to", "2026-01-01"]).exit_code == 1
