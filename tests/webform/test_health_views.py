import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from deflection import events, ledger, visits
from deflection.events import Kind
from kb.database import Database
from kb.generations import raise_generation
from webform import create_app, health_views, troubles
from webform.outbox import Delivery, OutboxMessage
from webform.self_check import Fault, Reply, Sight

GOOD = {"email": "anna@example.com", "message": "The pump leaks at night and cannot be closed."}
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def test_a_process_that_answers_is_alive_whatever_the_database_does(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "alive"})


def test_an_installation_that_lacks_nothing_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready", "database": True, "tables": True, "generation": 0, "index_generation": None,
        "mail_waiting": 0, "mail_failed": 0, "oldest_mail_seconds": None,
    }  # fmt: skip


def test_tables_of_another_version_are_not_ready(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["database"], answer.json["tables"]) == (503, "unavailable", True, False)


def test_a_database_that_does_not_answer_is_not_ready_and_no_fault(settings: dict[str, str]) -> None:
    app = create_app(settings | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, environ={})
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, False)
    assert app.test_client().get("/metrics").status_code == 200


def test_old_or_refused_mail_degrades_but_requests_are_still_taken(client: FlaskClient, database: Database) -> None:
    client.post("/api/v1/requests", json=GOOD)
    assert client.get("/readyz").json["mail_waiting"] == 2
    with database.writing() as session:
        session.execute(update(OutboxMessage).values(created_at=datetime.now(UTC) - timedelta(hours=1)))
    late = client.get("/readyz")
    assert (late.status_code, late.json["status"]) == (200, "degraded")
    assert 3600 <= late.json["oldest_mail_seconds"] < 3700
    with database.writing() as session:
        session.execute(update(OutboxMessage).values(status=Delivery.FAILED))
    assert client.get("/readyz").json | {"status": "degraded", "mail_failed": 2, "mail_waiting": 0} == client.get("/readyz").json


def test_an_index_behind_the_database_degrades_until_it_has_caught_up(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggester = app.extensions["kb.suggester"]
    suggester.ensure_ready()
    assert client.get("/readyz").json["status"] == "ready"
    monkeypatch.setattr(suggester, "_keeper", SimpleNamespace(generation=0, engine=lambda first_wait: None))
    with database.writing() as session:
        raise_generation(session)
    behind = client.get("/readyz").json
    assert (behind["status"], behind["generation"], behind["index_generation"]) == ("degraded", 1, 0)
    monkeypatch.undo()
    suggester.ensure_ready()
    assert client.get("/readyz").json["status"] == "ready"


def test_an_index_that_nobody_asks_comes_to_a_publication_when_somebody_looks(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["kb.suggester"].ensure_ready()
    monkeypatch.setattr(health_views, "CATCH_UP_SECONDS", 60.0)
    monkeypatch.setattr("kb.keeper.POLL_SECONDS", 0.0)
    with database.writing() as session:
        raise_generation(session)
    assert client.get("/readyz").json | {"status": "ready", "index_generation": 1} == client.get("/readyz").json


def test_metrics_count_requests_by_endpoint_and_time_suggestions(app: Flask, client: FlaskClient) -> None:
    client.get("/healthz")
    client.get("/healthz")
    client.get("/no-such-page-4242")
    token = app.extensions["webform.tokens"].new_visit()
    client.post("/suggestions", json={"visit": token, "message": "the pump leaks"}, headers={"Accept": "application/json"})
    said = client.get("/metrics").text
    assert 'webform_requests_total{endpoint="health.alive",status="200"} 2.0' in said
    assert 'webform_requests_total{endpoint="none",status="404"} 1.0' in said
    assert 'webform_suggestion_seconds_count{status="200"} 1.0' in said
    assert "webform_outbox_waiting 0.0" in said
    assert "webform_generation 0.0" in said
    assert "4242" not in said


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_metrics_are_not_given_through_a_proxy(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_metrics_are_not_given_to_another_machine(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, environ_overrides=ELSEWHERE).status_code == 403


@pytest.mark.parametrize(
    ("header", "status"),
    [("Bearer the-token", 200), ("bearer the-token", 200), ("Bearer another", 403), ("Bearer é", 403), ("Basic dGhlLXRva2VuOg==", 403), ("the-token", 403)],
)
def test_metrics_are_given_to_whoever_has_the_token(settings: dict[str, str], header: str, status: int) -> None:
    app = create_app(settings | {"METRICS_TOKEN": "the-token"}, environ={})
    answer = app.test_client().get("/metrics", headers={"Authorization": header}, environ_overrides=ELSEWHERE)
    assert answer.status_code == status


def test_looking_whether_it_is_ready_does_not_wait_for_a_writer(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        raise_generation(session)
        began = datetime.now(UTC)
        assert client.get("/readyz").status_code == 200
        assert datetime.now(UTC) - began < timedelta(seconds=3)


def test_nothing_of_this_is_logged_as_a_fault(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/readyz")
        client.get("/metrics")
    assert caplog.records == []


def test_metrics_tell_of_deflection_the_self_check_and_webhooks(app: Flask, client: FlaskClient, database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        visit = visits.see(session, token="v", language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=now)
        events.record(session, visit, Kind.SOLVED, articles=[1], now=now)
        troubles.turn(session, frozenset(Fault), {Fault.SLOW: {}}, now)
        troubles.keep_run(session, Sight(4, (Reply(1, 7, (7,), 0.25),)), now)
    ledger.count(database, now)
    said = client.get("/metrics").text
    for line in (
        'webform_deflection_engaged{arm="treatment"} 1.0',
        'webform_deflection_confirmed{arm="treatment"} 1.0',
        'webform_deflection_engaged{arm="holdout"} 0.0',
        'webform_deflection_rate{value="share"} 1.0',
        'webform_self_check_trouble{fault="slow"} 1.0',
        'webform_self_check_trouble{fault="mail"} 0.0',
        'webform_self_check_right{must="find"} 1.0',
        "webform_self_check_seconds 0.25",
        'webform_webhook_deliveries{state="failed"} 0.0',
    ):
        assert line in said, line
