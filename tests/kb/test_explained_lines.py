"""An explanation in plain words and as plain values, as ``webform kb explain`` prints it."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from kb.database import Database
from kb.explained_lines import EFFECTS, FATES, KINDS, VERDICTS
from kb.explanation import Fate, Kind, Verdict
from kb.readings import Effect
from kb.word_lists import save_lists
from tests.kb.pump_articles import publish_all
from webform.cli import webform


@pytest.fixture
def runner(app: Flask, database: Database, now: datetime) -> FlaskCliRunner:
    with database.writing() as session:
        publish_all(session, now)
        save_lists(session, "en", synonyms="gizmo = pump", stop_words="kindly", version=0, author="a@b.example", now=now)
    app.extensions["kb.suggester"].gate = 0.05
    return app.test_cli_runner()


def said(runner: FlaskCliRunner, *words: str, typed: str = "") -> str:
    result = runner.invoke(webform, ["kb", "explain", *words], input=typed, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_everything_that_can_happen_has_its_words() -> None:
    assert (set(VERDICTS), set(FATES), set(KINDS), set(EFFECTS)) == (set(Verdict), set(Fate), set(Kind), set(Effect))


def test_a_text_is_explained_in_plain_words(runner: FlaskCliRunner) -> None:
    words = said(runner, "kindly look at my gizmo: it hums, no water, xylophone")
    assert words.startswith("A customer is shown ")
    assert "language: en, decided by the text" in words or "language: en, decided by the page" in words
    assert "left out by the list of stop words: kindly" in words
    assert "in no article: look, gizmo, xylophone" in words
    assert "gate: " in words
    assert "from hand" in words
    assert "1. The pump hums but no water comes out (en): shown" in words
    assert "pump (synonym) +" in words
    assert "passage: " in words
    assert "synonym “gizmo = pump” added “pump” for “gizmo”; without it" in words


def test_silence_is_said_first_and_standard_input_is_read(runner: FlaskCliRunner) -> None:
    assert said(runner, "hello").startswith("Silent: the text says too little")
    assert said(runner, "-", typed="水泵响了不出水怎么办").count("language: zh, decided by the text") == 1
    assert said(runner, "-", "--language", "ru", typed="E-21 4711").count("language: ru, decided by the page") == 1


def test_the_object_holds_the_same_as_the_words(runner: FlaskCliRunner) -> None:
    told = json.loads(said(runner, "my gizmo hums, no water", "--json"))
    assert told["verdict"] == "shown"
    assert told["suggestions"][0]["title"] == "The pump hums but no water comes out"
    assert told["gate"]["is_open"] is True
    assert told["candidates"][0]["fate"] == "shown"
    assert sum(evidence["adds"] for evidence in told["candidates"][0]["evidence"]) == pytest.approx(told["candidates"][0]["total"])
    assert told["synonyms"][0]["rule"] == "gizmo = pump"
