"""Webhooks on their way: signed, tried again under the same number, given up, and never in anybody's way."""

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deflection import visits
from deflection.events import Kind, record
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.delivering import WAITS, Told, courier
from tests.webform.hook_receiver import Receiver, receiving
from tests.webform.sending import accept, publish, visit
from webform import deliveries, hook_facts, hook_queue, hooks, web
from webform.hook_courier import HookCourier, deliver_due
from webform.hook_queue import HookDelivery
from webform.hooks import CHOICES, Detail, Draft, HookEvent
from webform.mailer import Receipt, Refusal
from webform.outbox import Delivery
from webform.staff import RoleName

DAY = timedelta(days=1)
CHILD = """
import sys
from datetime import datetime
from webform import create_app
from webform.outbox_cli import new_courier, new_hook_courier
from webform import hook_courier
app = create_app(environ={"WEBFORM_" + name: value for name, value in (pair.split("=", 1) for pair in sys.argv[1:])})
with app.app_context():
    hook_courier.deliver_due(new_hook_courier(app, new_courier(app)))
"""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def taken(receiver: Receiver) -> Receiver:
    receiver.taken.clear()
    receiver.came.clear()
    return receiver


def hook(database: Database, url: str, now: datetime, *, events: tuple[HookEvent, ...] = CHOICES, details: tuple[Detail, ...] = ()) -> int:
    with database.writing() as session:
        return hooks.add(session, Draft(url, frozenset(events), frozenset(details)), author="lead@example.com", now=now).id


def hook_courier(app: Flask, database: Database, receiver: Receiver, now: datetime, *, seconds: float = 60) -> HookCourier:
    return HookCourier(database, app.extensions[web.TOKENS], WAITS, "worker", frozenset({receiver.host}), lambda _session: now, seconds)


def rows(database: Database) -> list[HookDelivery]:
    with database.reading() as session:
        return list(session.scalars(select(HookDelivery).order_by(HookDelivery.id)))


def test_a_request_is_told_signed_by_its_reference_alone_unless_a_lead_chose_more(app: Flask, database: Database, now: datetime, taken: Receiver) -> None:
    plain = hook(database, taken.url("ok"), now)
    hook(database, taken.url("ok?2"), now, details=(Detail.SUBJECT, Detail.PERSON, Detail.ABOUT))
    with database.writing() as session:
        ticket = accept(session, app, now)
    assert deliver_due(hook_courier(app, database, taken, now)) == {Delivery.SENT: 2}
    first, second = taken.bodies()
    assert first == {
        "schema": "webform.event/1",
        "id": first["id"],
        "event": "request.opened",
        "at": "2026-11-22T09:30:00Z",
        "data": {"reference": ticket.reference, "status": "new"},
    }
    chosen = {"subject": ticket.subject, "name": ticket.name, "email": ticket.email, "topic": "", "language": "en", "urgent": None}
    assert second["data"] == {"reference": ticket.reference, "status": "new"} | chosen
    _, headers, body = taken.taken[0]
    with database.reading() as session:
        secret = hooks.secret(app.extensions[web.TOKENS], session.get_one(hooks.Hook, plain).salt)
    signed = hmac.new(secret.encode(), headers["X-Webform-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Webform-Signature"] == f"v1={signed}"
    assert (headers["X-Webform-Timestamp"], headers["X-Webform-Delivery"]) == (str(int(now.timestamp())), first["id"])
    assert (headers["X-Webform-Event"], headers["Content-Type"]) == ("request.opened", "application/json")
    assert deliver_due(hook_courier(app, database, taken, now + DAY)) == {}


def test_what_is_rolled_back_is_told_to_nobody(app: Flask, database: Database, now: datetime, taken: Receiver) -> None:
    hook(database, taken.url("ok"), now)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        accept(session, app, now)
        raise ZeroDivisionError
    assert rows(database) == []


@pytest.mark.parametrize(("path", "status"), [("failing", 500), ("redirecting", 302), ("slow", 0)])
def test_what_is_not_taken_is_tried_again_under_the_same_number_and_given_up_after_days(
    app: Flask, database: Database, now: datetime, taken: Receiver, path: str, status: int
) -> None:
    hook(database, taken.url(path), now)
    with database.writing() as session:
        accept(session, app, now)
        accept(session, app, now, message="Another one.")
    # The second one waits for its turn in another pass: an address in trouble holds nobody up.
    assert deliver_due(hook_courier(app, database, taken, now, seconds=0.3)) == {Delivery.WAITING: 1}
    first = rows(database)[0]
    assert (first.status, first.answer_status, first.next_attempt_at) == (Delivery.WAITING, status, now + timedelta(minutes=1))
    with database.writing() as session:
        session.delete(session.get_one(HookDelivery, rows(database)[1].id))
    moment = now
    while (row := rows(database)[0]).status == Delivery.WAITING and row.attempts < 9:
        moment = row.next_attempt_at if row.attempts < 5 else now + 3 * DAY
        deliver_due(hook_courier(app, database, taken, moment, seconds=0.3))
    last = rows(database)[0]
    assert (last.status, last.attempts, last.answer_status) == (Delivery.FAILED, 6, status)
    assert {body["id"] for body in taken.bodies()} == {last.delivery_id} or path == "slow"
    with database.writing() as session:
        assert hook_queue.retry(session, last.id, moment)
        session.get_one(hooks.Hook, last.hook_id).url = taken.url("ok")
    assert deliver_due(hook_courier(app, database, taken, moment)) == {Delivery.SENT: 1}
    assert taken.bodies()[-1]["id"] == last.delivery_id


def test_what_is_gone_or_not_allowed_is_given_up_at_once_and_the_others_are_told(app: Flask, database: Database, now: datetime, taken: Receiver) -> None:
    for url in (taken.url("gone"), "https://169.254.169.254/latest", "http://127.0.0.1:1/", taken.url("ok")):
        hook(database, url, now)
    with database.writing() as session:
        accept(session, app, now)
    assert deliver_due(hook_courier(app, database, taken, now)) == {Delivery.FAILED: 3, Delivery.SENT: 1}
    assert [row.answer_status for row in rows(database)] == [410, 0, 0, 204]


def test_a_second_worker_takes_over_when_a_lease_ends_and_the_first_one_s_word_counts_no_more(
    app: Flask, database: Database, now: datetime, taken: Receiver
) -> None:
    hook(database, taken.url("ok"), now)
    with database.writing() as session:
        accept(session, app, now)
        first = hook_queue.claim(session, worker="first", lease=timedelta(minutes=5), now=now)
        assert first
        assert hook_queue.claim(session, worker="second", lease=timedelta(minutes=5), now=now) is None
    later = now + timedelta(minutes=6)
    with database.writing() as session:
        second = hook_queue.claim(session, worker="second", lease=timedelta(minutes=5), now=later)
        assert second
        assert second.delivery_id == first.delivery_id
        verdict = hook_queue.Verdict(200, "200 OK")
        assert hook_queue.settle(session, first, verdict, schedule=WAITS, now=later) is None
        assert hook_queue.settle(session, second, verdict, schedule=WAITS, now=later) is Delivery.SENT
        assert hook_queue.prune(session, later + 29 * DAY) == 0
        assert hook_queue.prune(session, later + 31 * DAY) == 1


def test_a_worker_that_is_killed_while_it_sends_is_followed_by_one_that_sends_the_same_number(
    app: Flask, settings: dict[str, str], database: Database, now: datetime, taken: Receiver
) -> None:
    hook(database, taken.url("held"), now)
    with database.writing() as session:
        accept(session, app, now)
    told = [f"{name}={value}" for name, value in {**settings, "WEBHOOK_HOSTS": taken.host}.items()]
    child = subprocess.Popen([sys.executable, "-c", CHILD, *told], env=os.environ)
    try:
        assert taken.came.wait(120)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(120)
    taken.let_go.set()
    row = rows(database)[0]
    assert (row.status, row.attempts, row.is_being_sent) == (Delivery.WAITING, 1, True)
    after = row.leased_until + timedelta(seconds=1)  # type: ignore[operator]
    assert deliver_due(hook_courier(app, database, taken, after)) == {Delivery.SENT: 1}
    assert [body["id"] for body in taken.bodies()] == [row.delivery_id] * 2


def test_a_visit_tells_what_solved_it_once_and_what_took_that_back(app: Flask, database: Database, now: datetime, taken: Receiver) -> None:
    hook(database, taken.url("ok"), now, events=(HookEvent.SOLVED, HookEvent.TAKEN_BACK))
    with database.writing() as session:
        article = publish(session, "Pump hums", now)
        row = visit(session, now, [article])
        for kind in (Kind.SOLVED, Kind.SOLVED, Kind.DECLINED, Kind.DECLINED, Kind.SOLVED):
            hook_facts.visit_tells(session, row, kind, [article], now)
            record(session, row, kind, articles=[article], now=now)
        accept(session, app, now)
    told = [json.loads(each.body) for each in rows(database)]
    assert [(each["event"], each["data"].get("by")) for each in told] == [
        ("visit.solved", None),
        ("visit.taken_back", "visitor"),
        ("visit.solved", None),
        ("visit.taken_back", "request"),
    ]
    assert {each["data"]["article"] for each in told} == {article}


def test_a_mail_that_is_given_up_and_a_status_that_changes_are_told_in_the_same_transaction(
    app: Flask, database: Database, now: datetime, taken: Receiver, signed_in: SignIn
) -> None:
    hook(database, taken.url("ok"), now, events=(HookEvent.UNDELIVERABLE, HookEvent.STATUS_CHANGED))
    with database.writing() as session:
        ticket = accept(session, app, now)
    refusing = Told(lambda parcel: Receipt.none(parcel, Refusal(True, "550 no such user anna@customer.example")))
    deliveries.deliver_due(courier(database, refusing, now))
    client = signed_in(RoleName.LEAD)
    path = f"/staff/requests/{ticket.reference}"
    for _ in range(2):
        client.post(f"{path}/status", data={"csrf_token": csrf_token(client.get(path)), "status": "closed"})
    told = [json.loads(each.body) for each in rows(database)]
    assert [(each["event"], each["data"].get("kind")) for each in told] == [
        ("mail.undeliverable", "request"),
        ("mail.undeliverable", "acknowledgement"),
        ("request.status_changed", None),
    ]
    assert told[-1]["data"] == {"reference": ticket.reference, "status": "closed", "before": "new"}
    assert "anna@" not in json.dumps(told)


def test_a_fact_that_the_page_of_a_visit_tells_is_passed_on(app: Flask, database: Database, taken: Receiver) -> None:
    now = datetime.now(UTC)
    hook(database, taken.url("ok"), now)
    with database.writing() as session:
        article = publish(session, "Pump hums", now)
        token = app.extensions[web.TOKENS].new_visit()
        known = app.extensions[web.TOKENS].read_visit(token, hours=1)
        seen = visits.see(session, token=known, language="ru", topic="pump", scripted=True, holdout_share=0, secret="s", now=now)
    answer = app.test_client().post(f"/visits/{token}/events", json={"kind": "solved", "article": article})
    assert answer.status_code == 204
    (told,) = [json.loads(row.body) for row in rows(database)]
    assert (told["event"], told["data"]) == ("visit.solved", {"visit": seen.id, "article": article, "topic": "pump", "language": "ru"})


def test_a_request_of_somebody_who_comes_back_takes_an_earlier_solution_back_once(app: Flask, database: Database, now: datetime, taken: Receiver) -> None:
    hook(database, taken.url("ok"), now, events=(HookEvent.TAKEN_BACK,))
    person = app.extensions[web.TOKENS].digest("person", "anna@customer.example")
    with database.writing() as session:
        for token, at, topic in (("old", now - 8 * DAY, ""), ("fresh", now - DAY, "pump"), ("other", now - DAY, "app")):
            row = visits.see(session, token=token, language="en", topic=topic, scripted=True, holdout_share=0, secret="s", now=at)
            visits.identify(session, row, person)
            record(session, row, Kind.SOLVED, articles=[7], now=at)
        accept(session, app, now, topic="pump")
        accept(session, app, now + DAY, topic="pump", visit="a-second-visit")
    told = [json.loads(each.body)["data"] for each in rows(database)]
    assert [(each["visit"], each["article"], each["by"]) for each in told] == [(2, 7, "return")]
