"""Webhooks on their page: added, shown once, changed, tried, retried, deleted."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kb import trace
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from webform import hook_queue, hooks, web
from webform.hook_queue import HookDelivery, Verdict
from webform.hooks import Hook
from webform.outbox import Delivery
from webform.schedule import Schedule
from webform.staff import RoleName

URL = "https://hooks.example.com/in"


@pytest.fixture
def lead(signed_in: SignIn) -> FlaskClient:
    return signed_in(RoleName.LEAD)


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/staff/webhooks")), **fields}, follow_redirects=True)


def the_hook(database: Database) -> Hook:
    with database.reading() as session:
        return session.scalars(select(Hook)).one()


def test_a_webhook_from_birth_to_death(app: Flask, lead: FlaskClient, database: Database) -> None:
    assert "Nobody is told anything" in lead.get("/staff/webhooks").text
    page = post(lead, "/staff/webhooks/new", url=URL, events=["request.opened", "visit.solved", "trial"], details=["about"], active="1").text
    hook = the_hook(database)
    secret = hooks.secret(app.extensions[web.TOKENS], hook.salt)
    assert secret in page
    assert (hook.wants, hook.may_say, hook.active) == ({"request.opened", "visit.solved"}, {"about"}, True)
    assert re.search(r"whs_", lead.get(f"/staff/webhooks/{hook.id}").text) is None
    assert "There is a webhook with this address already" in post(lead, "/staff/webhooks/new", url=URL, events="request.opened").text

    assert "The webhook is saved." in post(lead, f"/staff/webhooks/{hook.id}", url=URL, events="request.opened", version="1").text
    assert "somebody else changed" in post(lead, f"/staff/webhooks/{hook.id}", url=URL, events="visit.solved", version="1").text
    assert (the_hook(database).wants, the_hook(database).active) == ({"request.opened"}, False)
    renewed = post(lead, f"/staff/webhooks/{hook.id}/secret", version="2").text
    assert secret not in renewed
    assert hooks.secret(app.extensions[web.TOKENS], the_hook(database).salt) in renewed
    with database.reading() as session:
        told = [(deed.action, deed.before, deed.after) for deed in trace.page(session, trace.Asked("", "webhook", "", None, None), number=1, per_page=9).deeds]
    assert [action for action, _, _ in told] == ["secret renewed", "changed", "added"]
    assert [word for word in ("whs_", hook.salt) if word in repr(told)] == []
    assert "The webhook is deleted." in post(lead, f"/staff/webhooks/{hook.id}/delete", version="3").text


def test_a_trial_that_was_given_up_shows_its_answer_and_is_tried_again(lead: FlaskClient, database: Database) -> None:
    post(lead, "/staff/webhooks/new", url=URL, events="request.opened", active="1")
    number, now = the_hook(database).id, datetime.now(UTC)
    assert "A trial is on its way" in post(lead, f"/staff/webhooks/{number}/trial").text
    with database.writing() as session:
        claim = hook_queue.claim(session, worker="w", lease=Schedule((), now - now).lifetime, now=now)
        assert claim
        hook_queue.settle(session, claim, Verdict(410, "410 <b>Gone</b>", hopeless=True), schedule=Schedule((), now - now), now=now)
    page = lead.get(f"/staff/webhooks/{number}").text
    assert "410 &lt;b&gt;Gone&lt;/b&gt;" in page
    assert claim.delivery_id in page
    assert "needs you" in lead.get("/staff/webhooks").text
    assert "sent again now" in post(lead, f"/staff/webhooks/deliveries/{claim.id}/retry").text
    with database.reading() as session:
        again = session.get_one(HookDelivery, claim.id)
        assert (again.status, again.attempts, again.delivery_id) == (Delivery.WAITING, 0, claim.delivery_id)
    assert post(lead, "/staff/webhooks/deliveries/9999/retry").status_code == 404


@pytest.mark.parametrize(
    "url", ["", "http://hooks.example.com/", "https://127.0.0.1/", "https://[::1]/", "javascript:alert(1)", "https://a:b@x.example/", "x" * 1001]
)
def test_an_address_that_must_not_be_asked_is_said_beside_the_field(lead: FlaskClient, database: Database, url: str) -> None:
    answer = post(lead, "/staff/webhooks/new", url=url)
    assert answer.status_code == 422
    assert [name for name in ("url-wrong", "events-wrong") if f'id="{name}"' in answer.text] == ["url-wrong", "events-wrong"]
    with database.reading() as session:
        assert hooks.hooks(session) == []
