"""The public HTTP contract, row by row, as another site, another page or an operator would use it."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deflection.trails import trail
from kb.database import Database
from tests.webform.form_world import FIELDS, HUM, open_form, visit_token, write_articles
from webform.web import TOKENS

JSON = {"Accept": "application/json"}


@pytest.fixture
def site(app: Flask, database: Database, now: datetime) -> FlaskClient:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    return app.test_client()


def test_the_form_is_prefilled_from_its_address_and_needs_no_script(site: FlaskClient) -> None:
    page = site.get("/?topic=orders&subject=About+a+parcel&message=Where+is+it&lang=en").text
    for expected in ('method="post"', "About a parcel", "Where is it", 'name="visit"', 'value="orders" selected'):
        assert expected in page, expected
    assert '<html lang="ru"' in site.get("/?lang=ru").text


def test_without_confirmed_a_page_stands_before_sending_and_with_it_the_request_is_stored(site: FlaskClient) -> None:
    token = open_form(site)
    before = site.post("/", data={**FIELDS, "visit": token})
    assert before.status_code == 200
    assert visit_token(before) == token
    assert 'name="confirmed" value="1"' in before.text
    sent = site.post("/", data={**FIELDS, "visit": token, "confirmed": "1"})
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("/requests/T-")
    assert "key=" in sent.headers["Location"]
    assert site.get(sent.headers["Location"]).status_code == 200


def test_suggestions_come_as_a_fragment_or_as_an_object(site: FlaskClient) -> None:
    asked = {"subject": "", "message": HUM, "topic": "", "language": "en", "visit": open_form(site)}
    for answer in (site.post("/suggestions", data=asked), site.post("/suggestions", json=asked)):
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert "<html" not in answer.text
        assert "The pump runs but no water comes out" in answer.text
    for answer in (site.post("/suggestions", data=asked, headers=JSON), site.post("/suggestions", json=asked, headers=JSON)):
        assert set(answer.json) == {"suggestions", "gate"}
        first = answer.json["suggestions"][0]
        assert set(first) == {"rank", "article", "language", "title", "url", "score", "heading", "passage", "highlights"}
        assert (first["rank"], first["language"], first["title"]) == (1, "en", "The pump runs but no water comes out")
        assert 0 < first["score"] <= 1
        assert all(answer.json["gate"] <= each["score"] <= 1 for each in answer.json["suggestions"])
        assert all(0 <= start < end <= len(first["passage"]) for start, end in first["highlights"])
        assert site.get(first["url"]).status_code == 200


def test_the_article_of_a_suggestion_is_what_events_take(app: Flask, site: FlaskClient, database: Database) -> None:
    token = open_form(site)
    article = site.post("/suggestions", json={"message": HUM, "visit": token}, headers=JSON).json["suggestions"][0]["article"]
    for told in ({"kind": "opened", "article": article}, {"kind": "solved", "article": article}):
        assert site.post(f"/visits/{token}/events", json=told).status_code == 204
    with database.reading() as session:
        tried, *_ = trail(session, app.extensions[TOKENS].read_visit(token, hours=1))
    assert (tried.article_id, tried.rank, tried.shown, tried.opened, tried.solved) == (article, 1, True, True, True)


def test_the_help_centre_has_a_home_articles_and_a_search(site: FlaskClient) -> None:
    assert site.get("/help?lang=en").status_code == 200
    article = site.get("/help/en/the-pump-runs-but-no-water-comes-out")
    assert article.status_code == 200
    assert "drawn in air" in article.text
    found = site.get("/help/search?q=invoice&lang=en")
    assert found.status_code == 200
    assert "Download an invoice" in found.text


def test_a_program_sends_a_request_as_json(site: FlaskClient) -> None:
    answer = site.post("/api/v1/requests", json={**FIELDS, "topic": "orders"}, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201
    assert answer.json["reference"].startswith("T-")


@pytest.mark.parametrize(
    ("path", "mimetype"),
    [("/api/v1/openapi.json", "application/json"), ("/healthz", "application/json"), ("/readyz", "application/json"), ("/metrics", "text/plain")],
)
def test_what_operators_and_programs_read_is_there(site: FlaskClient, path: str, mimetype: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("path", ["/", "/help", "/help/search?q=pump", "/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/no-such-page"])
def test_no_public_page_sets_a_cookie_or_lets_a_foreign_script_run(site: FlaskClient, path: str) -> None:
    answer = site.get(path)
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
