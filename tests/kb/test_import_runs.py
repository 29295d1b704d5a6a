"""An import that was killed goes on where it was: with a real process that is really killed."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from kb import article_files
from kb.articles import Translation
from kb.database import Database
from kb.generations import current_generation
from kb.import_runs import ImportRun
from kb.imports import BATCH, import_articles
from tests.kb.foreign_exports import put

ARTICLES = 10 * BATCH


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Translation)) or 0


def open_runs(database: Database) -> list[tuple[int, dict[str, object]]]:
    with database.reading() as session:
        return [(run.position, run.report) for run in session.scalars(select(ImportRun))]


def test_a_killed_import_goes_on_where_it_was(app: Flask, settings: dict[str, str], database: Database, tmp_path: Path, now: datetime) -> None:
    rows = [{"id": f"a{number}", "lang": "en", "title": f"Article {number}", "body": f"Body {number}."} for number in range(ARTICLES)]
    rows.insert(3, {"id": "", "lang": "en", "title": "bad"})
    put(tmp_path / "in", {"articles.jsonl": "\n".join(json.dumps(row) for row in rows)})
    environment = {**os.environ, **{f"WEBFORM_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "webform.cli", "kb", "import", str(tmp_path / "in")]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not count(database) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    came = count(database)
    [(position, report)] = open_runs(database)
    assert 0 < came < ARTICLES
    assert position == came + 1
    with database.reading() as session:
        assert current_generation(session) == 0
    made = 0
    whole = article_files._draft_of_row

    def counted(*row: object) -> object:
        nonlocal made
        made += 1
        return whole(*row)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(article_files, "_draft_of_row", counted)
        report = import_articles(database, tmp_path / "in", now=now)
    assert made == ARTICLES - came
    assert (report.created, report.unchanged, report.refused) == (ARTICLES, 0, 1)
    assert [failure.where for failure in report.failures] == ["articles.jsonl line 4"]
    assert count(database) == ARTICLES
    assert open_runs(database) == []
    with database.reading() as session:
        assert current_generation(session) == 1


def test_an_import_of_other_files_begins_at_the_beginning(database: Database, tmp_path: Path, now: datetime) -> None:
    put(tmp_path, {"a.html": "<title>A</title>x"})
    import_articles(database, tmp_path, now=now)
    put(tmp_path, {"a.html": "<title>A</title>yy"})
    assert import_articles(database, tmp_path, now=now).updated == 1
