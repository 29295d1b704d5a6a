"""Signing in: sessions, cookies, lock-out, and what a stranger can learn."""

import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password, verify_password
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import KEPT, PASSWORD, SignIn, csrf_token, make_member, sign_in
from webform import create_app, lockout, passwords, sign_in_views, staff
from webform.rates import RateWindow
from webform.staff import RoleName

COOKIE = "webform_staff"


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE, path="/staff")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """A thief's browser, which has nothing but a copied cookie."""
    client = app.test_client()
    client.set_cookie(COOKIE, value, path="/staff")
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/articles").status_code == 200


def test_the_right_password_opens_the_page_that_was_wanted(client: FlaskClient, database: Database, now: datetime) -> None:
    email = make_member(database, RoleName.LEAD, now)
    refused = client.get("/staff/outbox")
    assert (refused.status_code, refused.location) == (303, "/staff/sign-in?next=/staff/outbox")
    answer = sign_in(client, email, next="/staff/outbox")
    assert (answer.status_code, answer.location) == (303, "/staff/outbox")
    assert client.get("/staff/outbox").status_code == 200


@pytest.mark.parametrize(("role", "first"), [("writer", "/staff/articles"), ("lead", "/staff/requests"), ("admin", "/staff/requests")])
def test_home_is_where_the_work_of_a_role_begins(role: str, first: str, signed_in: SignIn) -> None:
    assert signed_in(role).get("/staff").location == first


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/staff",
        "//evil.example/staff",
        "/staff/../",
        "\\\\evil.example",
        "/\\evil.example",
        "/",
        "javascript:alert(1)",
        "/staffx",
        "/staff\r\nX: y",
    ],
)
def test_signing_in_never_leads_away_from_the_staffs_pages(wanted: str, client: FlaskClient, database: Database, now: datetime) -> None:
    location = sign_in(client, make_member(database, RoleName.WRITER, now), next=wanted).location
    assert location is not None
    assert location == "/staff" or location.startswith("/staff/")


def test_the_address_may_be_spelled_with_capitals_and_spaces(client: FlaskClient, database: Database, now: datetime) -> None:
    make_member(database, RoleName.WRITER, now)
    assert sign_in(client, "  Writer@Example.COM ").status_code == 303


def test_the_session_is_another_one_after_signing_in(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    email = make_member(database, RoleName.WRITER, now)
    token_before = csrf_token(client.get("/staff/sign-in"))
    planted = cookie_of(client)
    assert sign_in(client, email).status_code == 303
    assert cookie_of(client) != planted
    assert not is_in(with_cookie(app, planted))
    assert client.post("/staff/sign-out", data={"csrf_token": token_before}).status_code == 400


def test_signing_out_makes_a_copied_cookie_worthless(app: Flask, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    copied = cookie_of(client)
    assert is_in(with_cookie(app, copied))
    answer = client.post("/staff/sign-out", data={"csrf_token": csrf_token(client.get("/staff/articles"))}, follow_redirects=True)
    assert "You are signed out" in answer.text
    assert not is_in(client)
    assert not is_in(with_cookie(app, copied))


def test_signing_out_takes_a_post(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    assert client.get("/staff/sign-out").status_code == 405
    assert is_in(client)


def test_a_new_password_a_new_role_and_being_let_out_end_every_session(signed_in: SignIn, database: Database, now: datetime) -> None:
    make_member(database, RoleName.ADMIN, now)
    for change in (
        lambda session, person: staff.set_password(session, person, PASSWORD),
        lambda session, person: staff.set_role(session, person, RoleName.LEAD),
        staff.revoke,
    ):
        client = signed_in(RoleName.WRITER)
        with database.writing() as session:
            person = staff.find(session, "writer@example.com")
            assert person
            change(session, person)
        assert not is_in(client)


def test_a_session_ends_after_a_week_and_after_half_a_day_without_use(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    email = make_member(database, RoleName.WRITER, now)
    began = time.time()

    def at(hours: float) -> None:
        monkeypatch.setattr(time, "time", lambda: began + hours * 3600)

    client = app.test_client()
    sign_in(client, email)
    at(11)
    assert is_in(client)
    at(22)
    assert is_in(client)
    for hours in range(33, 24 * 7, 11):
        at(hours)
        assert is_in(client)
    at(24 * 7 + 1)
    assert not is_in(client)
    idle = app.test_client()
    sign_in(idle, email)
    at(24 * 7 + 14)
    assert not is_in(idle)


def test_the_cookie_is_for_the_staffs_pages_only_and_out_of_reach_of_scripts(client: FlaskClient, database: Database, now: datetime) -> None:
    flags = sign_in(client, make_member(database, RoleName.WRITER, now)).headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Path=/staff" in flags
    assert "Domain" not in flags
    assert "Expires" not in flags
    assert "Secure" not in flags


def test_the_cookie_travels_encrypted_where_the_site_does(settings: dict[str, str]) -> None:
    app = create_app(settings | {"BASE_URL": "https://help.example.com"}, environ={})
    assert "Secure" in app.test_client().get("/staff/sign-in").headers["Set-Cookie"]


def test_no_public_page_makes_a_cookie_or_looks_at_one(app: Flask, signed_in: SignIn) -> None:
    client = signed_in(RoleName.ADMIN)
    client.set_cookie(COOKIE, cookie_of(client), path="/")
    client.set_cookie("remember_token", "1|forged")
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff") or rule.arguments:
            continue
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = client.open(rule.rule, method=method, headers={"Accept-Language": "en"}, query_string={"auth_token": "x"})
            assert "Set-Cookie" not in answer.headers, rule
            assert "Cookie" not in answer.headers.get("Vary", ""), rule
            asked += 1
    assert asked >= 8
    for path in ("/nothing", "/help/en/nothing", "/requests/T-222222", "/static/desk.css"):
        answer = client.get(path)
        answer.close()
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_no_cache_keeps_a_page_of_the_staff(signed_in: SignIn) -> None:
    client = signed_in(RoleName.ADMIN)
    for path in ("/staff/requests", "/staff/sign-in", "/staff/nothing"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_refusal_tells_nothing_about_the_account(app: Flask, database: Database, now: datetime) -> None:
    make_member(database, RoleName.ADMIN, now)
    make_member(database, RoleName.WRITER, now)
    with database.writing() as session:
        person = staff.find(session, "writer@example.com")
        assert person
        staff.revoke(session, person)
    answers = [
        sign_in(app.test_client(), "admin@example.com", "a wrong password"),
        sign_in(app.test_client(), "nobody@example.com", "a wrong password"),
        sign_in(app.test_client(), "writer@example.com", PASSWORD),
        sign_in(app.test_client(), "admin@example.com", ""),
        sign_in(app.test_client(), "admin@example.com", KEPT),
        sign_in(app.test_client(), "no\x00body@example.com", "a wrong password"),
        sign_in(app.test_client(), "a" * 100_000 + "@example.com", "a" * 100_000),
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({plain(answer) for answer in answers}) == 1


def plain(answer: TestResponse) -> str:
    """The page without what is different every time: its token and the address that was typed."""
    token = csrf_token(answer)
    lines = answer.text.replace(token, "").splitlines()
    return "\n".join(line for line in lines if 'id="email"' not in line)


def test_a_refusal_takes_as_long_for_a_stranger_as_for_a_colleague(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_views, "TRIES_OF_A_NETWORK", 10_000)
    tries = 200
    for number in range(tries // lockout.TRIES):
        make_member(database, RoleName.WRITER, now, f"known{number}@example.com")
    client = app.test_client()
    token = csrf_token(client.get("/staff/sign-in"))

    def work(email: str) -> float:
        """The work done for a wrong password, however busy the machine is."""
        began = time.process_time()
        answer = client.post("/staff/sign-in", data={"email": email, "password": "a wrong password", "csrf_token": token})
        spent = time.process_time() - began
        assert answer.status_code == 422
        return spent

    taken: dict[str, list[float]] = {"known": [], "nobody": []}
    for turn in range(tries):
        # Side by side and in turns, so that a machine that becomes faster or slower does so for both.
        for who in sorted(taken, reverse=bool(turn % 2)):
            taken[who].append(work(f"{who}{turn // lockout.TRIES}@example.com"))
    ratios = [nobody / known for known, nobody in zip(taken["known"], taken["nobody"], strict=True)]
    assert len(ratios) == tries
    assert statistics.median(ratios) == pytest.approx(1, abs=0.1)


def test_after_five_wrong_tries_even_the_right_password_has_to_wait(app: Flask, database: Database, now: datetime) -> None:
    email = make_member(database, RoleName.ADMIN, now)
    for _ in range(5):
        assert sign_in(app.test_client(), email, "a wrong password").status_code == 422
    locked = sign_in(app.test_client(), email)
    assert locked.status_code == 429
    assert "15 minutes" in locked.text
    assert 800 < int(locked.headers["Retry-After"]) <= 900
    with database.writing() as session:
        for window in session.query(RateWindow):
            window.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert sign_in(app.test_client(), email).status_code == 303


def test_an_address_that_nobody_has_rests_just_the_same(app: Flask, database: Database, now: datetime) -> None:
    make_member(database, RoleName.ADMIN, now)
    emails = ("admin@example.com", "nobody@example.com")
    pages = [[sign_in(app.test_client(), email, "a wrong password") for _ in range(7)] for email in emails]
    assert [answer.status_code for answer in pages[0]] == [answer.status_code for answer in pages[1]] == [422] * 5 + [429] * 2
    assert plain(pages[0][-1]) == plain(pages[1][-1])


def test_the_right_password_starts_the_count_anew(app: Flask, database: Database, now: datetime) -> None:
    email = make_member(database, RoleName.ADMIN, now)
    for _ in range(3):
        for _ in range(4):
            assert sign_in(app.test_client(), email, "a wrong password").status_code == 422
        assert sign_in(app.test_client(), email).status_code == 303


def test_one_network_cannot_try_address_after_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_views, "TRIES_OF_A_NETWORK", 3)
    monkeypatch.setattr(passwords, "fits", lambda _password, _kept: False)
    answers = [sign_in(app.test_client(), f"somebody{number}@example.com").status_code for number in range(5)]
    assert answers == [422, 422, 422, 429, 429]


def test_nobody_gets_in_by_token_header_or_parameter(app: Flask, database: Database, now: datetime) -> None:
    make_member(database, RoleName.ADMIN, now)
    with app.test_request_context("/"), database.reading() as session:
        person = staff.find(session, "admin@example.com")
        assert person
        token = str(person.get_auth_token())
    client = app.test_client()
    assert client.get("/staff/articles", query_string={"auth_token": token}).status_code == 303
    assert client.get("/staff/articles", headers={"Authentication-Token": token}).status_code == 303
    assert client.get("/staff/articles", json={"auth_token": token}).status_code == 303
    assert client.get("/staff/articles", auth=("admin@example.com", PASSWORD)).status_code == 303


def test_the_library_reads_our_hashes_and_we_read_its(app: Flask) -> None:
    with app.test_request_context("/"):
        assert verify_password(PASSWORD, KEPT)
        assert passwords.fits(PASSWORD, hash_password(PASSWORD))


def test_the_pages_speak_the_language_that_was_chosen_until_another_is(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    assert '<html lang="ru"' in client.get("/staff/articles?lang=ru").text
    assert '<html lang="ru"' in client.get("/staff/deflection").text
    assert '<html lang="zh"' in client.get("/staff/deflection?lang=zh").text
    assert '<html lang="zh"' in client.get("/staff/articles").text
