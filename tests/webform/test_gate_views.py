"""The gate on the desk: what a lead sees of it, and the choice of another one."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deflection.events import Kind
from kb import web as kb_web
from kb.database import Database
from kb.gate_choices import history, last_choice
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import write_articles
from tests.webform.test_replay import note, sent
from webform import gate_views
from webform.replay import Replay

TEXT = "The pump runs but no water comes out"


@pytest.fixture
def lead(app: Flask, database: Database, now: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A lead on an installation with articles and requests, whose index is built."""
    monkeypatch.setattr(gate_views, "ASKING_SECONDS", 30.0)
    write_articles(database, now)
    sent(app, database, now, 3)
    app.extensions[kb_web.SUGGESTER].ensure_ready(lesson=True)
    return signed_in("lead")


def choose(client: FlaskClient, **fields: str) -> str:
    token = csrf_token(client.get("/staff/gate"))
    response = client.post("/staff/gate", data={"csrf_token": token, **fields}, follow_redirects=True)
    return f"{response.status_code} {response.text}"


@pytest.mark.parametrize(("role", "status"), [("writer", 403), ("lead", 200), ("admin", 200)])
def test_the_page_is_for_leads(signed_in: SignIn, role: str, status: int) -> None:
    client = signed_in(role)
    assert client.get("/staff/gate").status_code == status
    token = csrf_token(client.get("/staff/articles"))
    assert client.post("/staff/gate", data={"csrf_token": token, "gate": "0.5"}).status_code == (403 if status == 403 else 303)


def test_a_default_is_said_to_be_one_and_the_curve_is_drawn_with_its_points(lead: FlaskClient) -> None:
    page = lead.get("/staff/gate").text
    assert "The calibrated gate is a safe default." in page
    assert "derived from the articles themselves" in page
    assert re.search(r'<polyline class="line" points="[\d., ]+"/>', page)
    gates = [float(gate) for gate in re.findall(r'type="radio" name="gate" value="([^"]+)"', page)]
    assert gates == sorted(gates, reverse=True)
    assert (gates[0], gates[-1]) == (1.0, 0.0)
    assert len(gates) == len(set(gates)) >= 4
    assert page.count(" checked") == 1


def test_another_gate_is_compared_with_the_one_in_force_and_nothing_is_changed(lead: FlaskClient, database: Database) -> None:
    page = lead.get("/staff/gate?gate=1.0").text
    assert "Looked at, 1.000" in page
    assert "no longer shown" in page
    assert TEXT in page
    open_page = lead.get("/staff/gate?gate=0.3&other=0,0").text
    assert "Looked at, 0.000" in open_page  # A gate that was typed wins over a point.
    with database.reading() as session:
        assert last_choice(session) is None


@pytest.mark.parametrize("asked", ["nan", "inf", "-1", "2", "pump", "9" * 400, "\x00"])
def test_what_is_no_gate_is_neither_looked_at_nor_chosen(lead: FlaskClient, database: Database, asked: str) -> None:
    assert lead.get("/staff/gate", query_string={"gate": asked, "last": asked}).status_code == 200
    assert choose(lead, gate=asked).startswith("400")
    with database.reading() as session:
        assert last_choice(session) is None


def test_a_choice_holds_at_once_and_stands_in_the_history_until_it_is_taken_back(app: Flask, lead: FlaskClient, database: Database) -> None:
    suggester = app.extensions[kb_web.SUGGESTER]
    calibrated = suggester.suggest("", TEXT).gate
    page = choose(lead, gate="0.25", reason="Too much silence <b>")
    assert "The gate is now 0.250." in page
    assert "In force: 0.250" in page
    assert "lead@example.com chose it on" in page
    assert "Too much silence &lt;b&gt;" in page
    assert suggester.suggest("", TEXT).gate == 0.25
    page = choose(lead, gate="")
    assert "The calibrated gate holds again." in page
    assert suggester.suggest("", TEXT).gate == calibrated
    with database.reading() as session:
        back, first = history(session, 5)
        assert (first.gate, first.previous, first.chosen_by) == (0.25, calibrated, "lead@example.com")
        assert (back.gate, back.previous) == (None, 0.25)


def test_a_program_is_told_the_gate_that_was_chosen(app: Flask, lead: FlaskClient) -> None:
    choose(lead, gate="0.125")
    token = re.search(r'name="visit" value="([^"]+)"', app.test_client().get("/").text)
    assert token
    answer = app.test_client().post("/suggestions", json={"visit": token[1], "message": TEXT}, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["gate"] == 0.125


def test_a_setting_wins_and_the_page_says_so(app: Flask, lead: FlaskClient, database: Database) -> None:
    app.extensions[kb_web.SUGGESTER].gate = 0.75
    page = lead.get("/staff/gate").text
    assert "In force: 0.750" in page
    assert "The setting WEBFORM_GATE says so" in page
    assert 'name="reason"' not in page
    assert "Nothing was changed" in choose(lead, gate="0.25")
    with database.reading() as session:
        assert last_choice(session) is None


def test_requests_are_counted_right_only_where_the_customer_said_so(app: Flask, lead: FlaskClient, database: Database, now: datetime) -> None:
    newest = Replay(database, app.extensions[kb_web.SUGGESTER]).look(1, seconds=30).requests[0].reference
    note(database, newest, now, Kind.SOLVED, "pump")
    page = " ".join(lead.get("/staff/gate?gate=0").text.split())
    assert re.search(r"Right: the customer said that it solved it</th><td>\d</td><td>1</td>", page)
    assert re.search(r"Something, not judged by anybody</th><td>\d</td><td>2</td>", page)
    assert "3 requests were asked again" in page


def test_without_time_the_page_says_how_far_it_came(lead: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_views, "ASKING_SECONDS", 0.0)
    assert "0 of 3 requests have been asked again so far." in lead.get("/staff/gate").text


def test_no_word_of_a_customer_is_in_an_address_or_a_log(lead: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    page = lead.get("/staff/gate?gate=0.3").text
    assert TEXT in page
    assert not [link for link in re.findall(r'(?:href|action)="([^"]+)"', page) if "pump" in link.lower()]
    assert "pump" not in "".join(capsys.readouterr()).lower()


def test_a_new_installation_has_a_page_too(signed_in: SignIn) -> None:
    page = signed_in("lead").get("/staff/gate").text
    assert "There is no article to derive a gate from" in page or "There is no index yet" in page
    assert "<polyline" not in page
