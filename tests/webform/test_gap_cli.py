"""Gaps on the command line: a line for each, without anybody's name."""

import json
from datetime import UTC, datetime

from flask import Flask

from kb.database import Database
from tests.webform.gap_world import WARRANTY, WINTER, ask, ask_everything, gap_of, group
from webform.cli import webform


def test_each_open_gap_is_a_line_and_an_object(app: Flask, database: Database) -> None:
    now = datetime.now(UTC)
    ask_everything(app, database, now)
    with database.writing() as session:
        ask(app, session, now, f"{WINTER[0]} Anna")
    group(app, database, now)
    runner = app.test_cli_runner()
    lines = runner.invoke(webform, ["kb", "gaps"]).output.splitlines()
    assert len(lines) >= 5
    number, language, requests, lately, before, since, words = lines[0].split("\t")
    assert (number, language, before) == (str(gap_of(database, WINTER[0])), "en", "0")
    assert int(requests) == int(lately) >= 6
    assert since <= f"{now:%Y-%m-%d}"
    assert "frost" in words
    assert "Anna" not in "".join(lines)
    found = [json.loads(line) for line in runner.invoke(webform, ["kb", "gaps", "--json", "--language", "zh", "--most", "1"]).output.splitlines()]
    assert [(each["gap"], each["language"]) for each in found] == [(gap_of(database, WARRANTY[0]), "zh")]
