"""Serving: what is made ready before the processes part."""

import os
import subprocess
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from kb import web as kb_web
from kb.articles import Status, save_translation
from kb.database import Database
from kb.suggest import Answer, Suggester
from webform import serving


class Noting(Suggester):
    """A suggester that notes what it was asked."""

    asked: list[tuple[str, str]]

    def suggest(self, subject: str, message: str, *, language: str = "", topic: str = "", limit: int = 3) -> Answer:
        self.asked = [*getattr(self, "asked", []), (language, message)]
        return super().suggest(subject, message, language=language, topic=topic, limit=limit)


def test_one_text_of_every_published_language_is_asked_before_the_processes_part(app: Flask, database: Database, tmp_path: Path, now: datetime) -> None:
    titles = {"en": "The pump hums but no water comes out", "ru": "Насос гудит, а вода не идёт", "zh": "水泵在响，但是不出水"}
    with database.writing() as session:
        for language, title in titles.items():
            save_translation(session, external_id="pump", language=language, title=title, body="Pump.", status=Status.PUBLISHED, now=now)
        save_translation(session, external_id="pump", language="de", title="Die Pumpe brummt nur", body="Pumpe.", status=Status.DRAFT, now=now)
    suggester = app.extensions[kb_web.SUGGESTER] = Noting(database, tmp_path / "noted")
    serving.prepare(app, now)
    suggester.close()
    assert sorted(suggester.asked) == sorted(titles.items())


def test_commands_load_nothing_that_only_learning_needs_and_a_server_loads_it_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = f"import sys, webform; print(*sorted({{*{serving.LOADED_LATE!r}}} & {{*sys.modules}}))"
    found = subprocess.run([sys.executable, "-c", ask], env=dict(os.environ), capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
    loaded: list[str] = []
    monkeypatch.setattr(serving, "import_module", lambda name: loaded.append(import_module(name).__name__))
    serving.warm_up(app)
    assert loaded == list(serving.LOADED_LATE)
