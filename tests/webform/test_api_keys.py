"""Keys of programs: what each opens, for how long, how often, and what is kept of it."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from deflection.events import Event
from deflection.visits import Visit
from kb.articles import Article, Status, Visibility
from kb.database import Database
from kb.trace import Deed
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import send, write_article
from tests.webform.form_world import HUM, write_articles
from tests.webform.walk import contents
from webform import api_keys, create_app, hooks, tickets
from webform.api_keys import ApiKey, Scope
from webform.hook_queue import HookDelivery
from webform.hooks import HookEvent
from webform.outbox import OutboxMessage
from webform.staff import RoleName
from webform.ticket_changes import TicketChange
from webform.tickets import Ticket, TicketStatus
from webform.tokens import Tokens
from webform.web import TOKENS

GOOD = {"email": "anna@example.com", "subject": "Leaking pump", "message": "The pump leaks at night and cannot be closed."}
ASKED: dict[Scope, tuple[str, str]] = {
    Scope.SEND: ("POST", "/api/v1/requests"),
    Scope.READ: ("GET", "/api/v1/requests"),
    Scope.STATUS: ("POST", "/api/v1/requests/T-222222/status"),
    Scope.ARTICLES: ("GET", "/api/v1/articles"),
    Scope.SUGGEST: ("POST", "/api/v1/suggestions"),
    Scope.DEFLECTION: ("GET", "/api/v1/deflection"),
}
Make = Callable[..., str]


@pytest.fixture
def make(app: Flask, database: Database) -> Make:
    """Make a key, good for some scopes: all unless named."""

    def made(*scopes: Scope, name: str = "Shop") -> str:
        with database.writing() as session:
            return api_keys.add(session, app.extensions[TOKENS], name=name, scopes=scopes or Scope, last_day=None, author="a", now=datetime.now(UTC))[1]

    return made


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def is_problem(answer: TestResponse, status: int) -> bool:
    return (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_key_opens_what_it_is_good_for_and_nothing_else(client: FlaskClient, make: Make) -> None:
    keys = {scope: make(scope) for scope in Scope}
    for scope, (method, path) in ASKED.items():
        for other, key in keys.items():
            answer = client.open(path, method=method, headers=bearer(key), json={} if method == "POST" else None)
            if other is scope:
                assert answer.status_code in {200, 404, 422}, (scope, answer.text)
                assert answer.headers["Cache-Control"] == "no-store"
            else:
                assert is_problem(answer, 403), (scope, other)
                assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"]


def test_a_wrong_expired_or_revoked_key_opens_nothing(app: Flask, client: FlaskClient, make: Make, database: Database) -> None:
    good, revoked, expired, today = make(), make(), make(), make()
    now = datetime.now(UTC)
    with database.writing() as session:
        found = {key: session.scalars(select(ApiKey).where(ApiKey.prefix == key[:14])).one() for key in (revoked, expired, today)}
        api_keys.revoke(session, found[revoked].id, author="a", now=now)
        found[expired].last_day, found[today].last_day = now.date() - timedelta(days=1), now.date()
    other = good[:-1] + ("A" if good[-1] != "A" else "B")
    for method, path in ASKED.values():
        for wrong in (revoked, expired, other, good[:14], good + "A", "x", ""):
            answer = client.open(path, method=method, headers=bearer(wrong), json=GOOD if method == "POST" else None)
            assert is_problem(answer, 401), (path, wrong)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
        if path != "/api/v1/requests" or method == "GET":
            answer = client.open(path, method=method, json={} if method == "POST" else None)
            assert is_problem(answer, 401)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert client.get("/api/v1/articles", headers=bearer(today)).status_code == 200
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
        assert api_keys.find(session, Tokens("the key of another installation"), good, now) is None
        used = dict(session.execute(select(ApiKey.prefix, ApiKey.used_on)).all())
        assert (used[good[:14]], used[today[:14]]) == (None, now.date())


def test_nobody_can_read_a_key_in_the_database_or_in_logs(client: FlaskClient, make: Make, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    key = make()
    with caplog.at_level(logging.DEBUG):
        client.post("/api/v1/suggestions", json={"message": HUM}, headers=bearer(key))
        client.post("/api/v1/suggestions", json={"message": HUM}, headers=bearer(key + "x"))
    assert key[15:] not in caplog.text
    assert HUM not in caplog.text
    with database.reading() as session:
        kept = repr(session.execute(select(ApiKey.__table__)).all())
    assert key[:14] in kept
    assert key[15:] not in kept


def test_a_page_of_another_site_is_refused_even_with_a_key(client: FlaskClient, make: Make, database: Database) -> None:
    key = make()
    for method, path in ASKED.values():
        for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = client.open(path, method=method, headers=bearer(key) | foreign, json=GOOD if method == "POST" else None)
            assert is_problem(answer, 403)
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_limits_are_those_of_each_key_and_are_told(settings: dict[str, str]) -> None:
    app = create_app(settings | {"API_PER_MINUTE": "2", "API_REQUESTS_PER_HOUR": "2", "REQUESTS_PER_HOUR": "1", "API_OPEN": "0"}, environ={})
    client, now = app.test_client(), datetime.now(UTC)
    with app.extensions["kb.database"].writing() as session:
        one, two = (api_keys.add(session, app.extensions[TOKENS], name=n, scopes=Scope, last_day=None, author="a", now=now)[1] for n in "ab")
    answers = [client.get("/api/v1/articles", headers=bearer(one)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=1", "r=0", "r=0"]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"key";q=2;w=60'}
    assert is_problem(answers[2], 429)
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert client.get("/api/v1/articles", headers=bearer(two)).status_code == 200
    assert is_problem(client.post("/api/v1/requests", json=GOOD), 401)
    sent = [client.post("/api/v1/requests", json=GOOD, headers=bearer(one) | {"Idempotency-Key": name}) for name in ("1", "1", "2", "3")]
    assert [answer.status_code for answer in sent] == [201, 201, 201, 429]
    assert int(sent[3].headers["Retry-After"]) > 60


def test_an_idempotency_key_is_one_of_its_program(client: FlaskClient, make: Make, database: Database) -> None:
    one, two = make(), make()
    ways = [bearer(one), bearer(two), {}]
    references = [client.post("/api/v1/requests", json=GOOD, headers=way | {"Idempotency-Key": "k"}).json["reference"] for way in ways * 2]
    assert references[:3] == references[3:]
    assert len(set(references)) == 3
    with database.reading() as session:
        assert set(session.scalars(select(Ticket.channel))) == {"api"}
        assert set(session.scalars(select(Ticket.suspicion))) == {""}
    another = GOOD | {"message": "Something else entirely is wrong."}
    assert is_problem(client.post("/api/v1/requests", json=another, headers=bearer(one) | {"Idempotency-Key": "k"}), 409)


def test_a_program_reads_requests_in_pages_by_when_they_changed(
    app: Flask, client: FlaskClient, make: Make, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webform.api_request_views.PAGE", 2)
    with database.writing() as session:
        sent = [send(app, session, now + timedelta(minutes=i // 2), filename="inlet.png" if i == 0 else "", topic="pump" if i % 2 else "") for i in range(5)]
        tickets.set_status(session, sent[1], TicketStatus.CLOSED, now + timedelta(hours=1))
        references = [ticket.reference for ticket in sent]
    order = [references[i] for i in (0, 2, 3, 4, 1)]
    headers, found, cursor = bearer(make(Scope.READ)), [], ""
    for _ in range(3):
        answer = client.get("/api/v1/requests" + (f"?cursor={cursor}" if cursor else ""), headers=headers).json
        found += [each["reference"] for each in answer["requests"]]
        cursor = answer["next"]
    assert (found, cursor) == (order, None)

    def listed(**asked: str) -> list[str]:
        return [each["reference"] for each in client.get("/api/v1/requests", query_string=asked, headers=headers).json["requests"]]

    assert listed(since=(now + timedelta(minutes=2)).isoformat()) == order[3:]
    assert listed(status="closed") == [references[1]]
    assert listed(topic="") == [references[0], references[2]]
    one = client.get(f"/api/v1/requests/{references[0]}", headers=headers).json
    assert [(file["name"], file["size"] > 0) for file in one["files"]] == [("inlet.png", True)]
    assert not {"message", "email", "name", "subject"} & one.keys()
    closed = client.get(f"/api/v1/requests/{references[1]}", headers=headers).json
    assert [(change["status"], change["by"]) for change in closed["changes"]] == [("closed", "team")]
    for wrong in ("since=yesterday", "status=lost", "status=new&status=new", "cursor=x", "stauts=new", "since=2026-11-30", "since=2026-13-30T00:00:00Z"):
        assert is_problem(client.get(f"/api/v1/requests?{wrong}", headers=headers), 422), wrong
    assert is_problem(client.get("/api/v1/requests/T-222222", headers=headers), 404)


def test_a_program_marks_a_request_as_the_desk_does(app: Flask, client: FlaskClient, make: Make, database: Database, now: datetime) -> None:
    with database.writing() as session:
        hooks.add(session, hooks.Draft("https://hooks.example.com/in", frozenset({HookEvent.STATUS_CHANGED})), author="a", now=now)
        held = send(app, session, now, suspicion="trap").reference
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
    headers = bearer(make(Scope.STATUS, name="Help desk"))
    for wrong in ({"status": "held"}, {"status": "lost"}, {}):
        assert is_problem(client.post(f"/api/v1/requests/{held}/status", json=wrong, headers=headers), 422)
    for _ in range(2):
        answer = client.post(f"/api/v1/requests/{held}/status", json={"status": "new"}, headers=headers)
        assert (answer.status_code, answer.json["status"]) == (200, "new")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2
        assert session.scalars(select(HookDelivery.event)).all() == ["request.status_changed"]
        assert session.execute(select(TicketChange.before, TicketChange.status, TicketChange.party)).all() == [("held", "new", "team")]
        assert re.fullmatch(r"key: Help desk \(cfk_\w{10}\)", session.scalars(select(Deed.actor).where(Deed.action == "marked")).one())


def test_a_program_reads_public_articles_only(client: FlaskClient, make: Make, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webform.api_answer_views.PAGE", 2)
    with database.writing() as session:
        shown = [write_article(session, now + timedelta(minutes=number // 2), title=f"Shown {number}") for number in range(3)]
        write_article(session, now, title="Насос", language="ru")
        late = write_article(session, now, title="Published late")
        late.translations[0].published_at = now + timedelta(hours=2)
        write_article(session, now, title="Draft", status=Status.DRAFT)
        for title, visibility in (("By link", Visibility.LINK), ("Of staff", Visibility.STAFF)):
            write_article(session, now, title=title).visibility = visibility
        session.execute(update(Article).where(Article.visibility == Visibility.LINK).values(link_key="k"))
        assert len(shown) == 3
    headers = bearer(make(Scope.ARTICLES))

    def read(**asked: str) -> list[str]:
        titles, answer = [], {"next": ""}
        while answer["next"] is not None:
            answer = client.get("/api/v1/articles", query_string=asked | ({"cursor": answer["next"]} if answer["next"] else {}), headers=headers).json
            titles += [each["title"] for each in answer["articles"]]
        return titles

    assert read() == ["Shown 0", "Shown 1", "Насос", "Shown 2", "Published late"]
    assert read(language="ru") == ["Насос"]
    assert read(updated_since=(now + timedelta(hours=1)).isoformat()) == ["Published late"]
    article = client.get("/api/v1/articles?language=ru", headers=headers).json["articles"][0]
    assert article["body"] == "Clean the filter."
    assert client.get(article["url"]).status_code == 200


def test_a_suggestion_to_a_program_is_what_a_customer_would_see_and_leaves_no_trace(
    app: Flask, client: FlaskClient, make: Make, database: Database, now: datetime
) -> None:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    headers = bearer(make(Scope.SUGGEST))
    client.post("/api/v1/suggestions", json={"message": "x"}, headers=headers)  # The day of use is noted once.
    with database.reading() as session:
        before = contents(session)
    answer = client.post("/api/v1/suggestions", json={"message": HUM, "language": "en", "topic": ""}, headers=headers)
    with database.reading() as session:
        assert contents(session) == before
        assert session.scalar(select(func.count()).select_from(Visit)) == session.scalar(select(func.count()).select_from(Event)) == 0
    page = client.post(
        "/suggestions",
        json={"message": HUM, "language": "en", "visit": app.extensions[TOKENS].new_visit()},
        headers={"Accept": "application/json"},
    )
    assert answer.json == page.json
    assert answer.json["suggestions"][0]["title"] == "The pump runs but no water comes out"
    for wrong, status in (({"message": 1}, 400), ({"visit": "x"}, 400), ({"language": "xx"}, 422)):
        assert is_problem(client.post("/api/v1/suggestions", json=wrong, headers=headers), status)


def test_a_program_reads_the_deflection_report(client: FlaskClient, make: Make) -> None:
    headers = bearer(make(Scope.DEFLECTION))
    told = client.get("/api/v1/deflection?from=2026-11-01&to=2026-11-30", headers=headers).json
    assert (told["from"], told["to"]) == ("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")
    assert {"arms", "deflection_rate", "lift", "definitions"} <= told.keys()
    for wrong in ("from=2026-12-01&to=2026-11-01", "from=x", "to=2026-02-30"):
        assert is_problem(client.get(f"/api/v1/deflection?{wrong}", headers=headers), 422)


def test_an_admin_makes_a_key_sees_it_once_and_takes_it_back(signed_in: SignIn, client: FlaskClient, database: Database) -> None:
    admin = signed_in(RoleName.ADMIN)
    token = csrf_token(admin.get("/staff/keys"))
    for wrong in ({"name": ""}, {"scopes": []}, {"last_day": "2020-01-01"}, {"last_day": "soon"}):
        fields = {"csrf_token": token, "name": "Shop", "scopes": ["articles:read"]} | wrong
        assert admin.post("/staff/keys", data=fields).status_code == 422
    made = admin.post("/staff/keys", data={"csrf_token": token, "name": "Shop", "scopes": ["articles:read", "all"], "last_day": "2999-12-31"})
    key = re.search(r"cfk_[0-9a-f]{10}_[\w-]{43}", made.text)
    assert key
    assert made.headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/articles", headers=bearer(key[0])).status_code == 200
    page = admin.get("/staff/keys").text
    assert key[0][:14] in page
    assert key[0] not in page
    with database.reading() as session:
        number = session.scalars(select(ApiKey.id)).one()
    for _ in range(2):
        assert admin.post(f"/staff/keys/{number}/revoke", data={"csrf_token": token}).status_code == 303
    assert is_problem(client.get("/api/v1/articles", headers=bearer(key[0])), 401)
    with database.reading() as session:
        deeds = session.execute(select(Deed.action, Deed.actor).where(Deed.kind == "key").order_by(Deed.id)).all()
        assert [tuple(deed) for deed in deeds] == [("added", "admin@example.com"), ("withdrawn", "admin@example.com")]
        assert key[0][15:] not in repr(session.execute(select(Deed.__table__)).all())
