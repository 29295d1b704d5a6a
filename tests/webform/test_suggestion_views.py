import json
import re
import time
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deflection.visits import Visit
from kb import web as kb_web
from kb.articles import Status, save_translation
from kb.database import Database
from tests.webform.form_world import HUM, events, open_form, write_articles
from webform.topics import Topic, find

AS_JSON = {"Accept": "application/json"}
OBJECT = {"rank", "article", "language", "title", "url", "score", "heading", "passage", "highlights"}


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"GATE": "0.01"}


@pytest.fixture(autouse=True)
def knowledge(database: Database, now: datetime) -> None:
    write_articles(database, now)


def visits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Visit)) or 0


def test_a_question_gets_the_fragment_of_answers(client: FlaskClient) -> None:
    response = client.post("/suggestions", data={"visit": open_form(client), "message": HUM, "language": "en"})
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert response.headers["Cache-Control"] == "no-store"
    assert "The pump runs but no water comes out" in response.text
    assert "<mark>" in response.text
    assert 'href="/help/en/the-pump-runs-but-no-water-comes-out' in response.text


@pytest.mark.parametrize("sent", ["form", "json"])
def test_a_program_gets_an_object_as_the_contract_says(client: FlaskClient, sent: str) -> None:
    fields = {"visit": open_form(client), "message": HUM, "subject": "", "topic": "", "language": "en"}
    response = client.post("/suggestions", headers=AS_JSON, **{"data" if sent == "form" else "json": fields})  # type: ignore[arg-type]
    assert response.mimetype == "application/json"
    answer = response.json
    assert answer is not None
    assert set(answer) == {"suggestions", "gate"}
    first = answer["suggestions"][0]
    assert set(first) == OBJECT
    assert first["rank"] == 1
    assert first["url"].startswith("/help/en/the-pump")
    assert 0 <= first["score"] <= 1
    marked = [first["passage"][start:end] for start, end in first["highlights"]]
    assert any("pump" in words.lower() for words in marked)


def test_every_suggestion_carries_the_score_of_the_answer_that_passed_the_gate(app: Flask, client: FlaskClient) -> None:
    message = "the parcel with my battery and the invoice"
    believed = app.extensions[kb_web.SUGGESTER].suggest("", message)
    assert len(believed.suggestions) > 1
    app.extensions[kb_web.SUGGESTER].gate = gate = (max(each.score for each in believed.suggestions) + believed.sure) / 2
    answer = client.post("/suggestions", headers=AS_JSON, json={"visit": open_form(client), "message": message}).json
    assert answer is not None
    assert answer["gate"] == gate
    assert [each["rank"] for each in answer["suggestions"]] == list(range(1, len(believed.suggestions) + 1))
    assert all(each["score"] == pytest.approx(believed.sure) and each["score"] >= gate for each in answer["suggestions"])


def test_the_language_of_the_text_decides_and_the_words_around_follow_the_page(client: FlaskClient) -> None:
    fields = {"visit": open_form(client), "message": "Насос гудит, но вода не идёт", "language": "en"}
    response = client.post("/suggestions", data=fields)
    assert "Насос работает, но вода не идёт" in response.text
    assert "This solved my problem" in response.text
    assert "/help/ru/" in response.text


def test_what_is_shown_is_counted_once_however_often_it_is_asked(app: Flask, client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    for message in (HUM, HUM, HUM + " at all"):
        client.post("/suggestions", data={"visit": token, "message": message})
    kinds = events(app, database, token)
    assert kinds
    assert set(kinds) == {"shown"}
    assert len(kinds) <= 3


@pytest.mark.parametrize("message", ["", "pump", "and the of", "水", "  "])
def test_a_text_that_is_no_question_yet_shows_nothing_and_is_not_counted(client: FlaskClient, database: Database, message: str) -> None:
    response = client.post("/suggestions", data={"visit": open_form(client), "message": message})
    assert (response.status_code, response.text) == (200, "")
    assert response.headers["X-Engaged"] == "0"
    assert visits(database) == 0


def test_a_question_without_an_answer_is_counted_as_a_visit(app: Flask, client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    app.extensions[kb_web.SUGGESTER].gate = 1.01
    response = client.post("/suggestions", data={"visit": token, "message": HUM})
    assert (response.status_code, response.text) == (200, "")
    assert response.headers["X-Engaged"] == "1"
    assert visits(database) == 1
    assert events(app, database, token) == []


def test_the_holdout_sees_nothing_and_it_is_noted_what_was_withheld(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["HOLDOUT_SHARE"] = 1.0
    page = client.get("/").text
    assert "Answers come here" not in page.split("<template")[0] or "data-plain hidden" in page
    token = open_form(client)
    response = client.post("/suggestions", data={"visit": token, "message": HUM})
    assert response.text == ""
    assert set(events(app, database, token)) == {"withheld"}


def test_a_topic_that_people_answer_gets_no_suggestions(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        topic = find(session, "billing")
        assert isinstance(topic, Topic)
        topic.suggests = False
    answer = client.post("/suggestions", data={"visit": open_form(client), "message": HUM, "topic": "billing"}).text
    assert "data-article" not in answer
    assert "This goes straight to a person" in answer
    assert "data-article" in client.post("/suggestions", data={"visit": open_form(client), "message": HUM, "topic": "pump"}).text


def test_an_answer_that_was_put_away_makes_room_for_the_next(client: FlaskClient) -> None:
    token = open_form(client)
    fields = {"visit": token, "message": HUM}
    first = client.post("/suggestions", data=fields, headers=AS_JSON).json
    assert first is not None
    article = first["suggestions"][0]["article"]
    second = client.post("/suggestions", data=fields | {"declined": f"{article},x,-1,,9"}, headers=AS_JSON).json
    assert second is not None
    assert article not in [suggestion["article"] for suggestion in second["suggestions"]]
    assert [suggestion["rank"] for suggestion in second["suggestions"]] == list(range(1, len(second["suggestions"]) + 1))


@pytest.mark.parametrize(("token", "status"), [("", 400), ("forged", 403)])
def test_without_a_token_of_ours_nothing_is_answered(client: FlaskClient, token: str, status: int) -> None:
    assert client.post("/suggestions", data={"visit": token, "message": HUM}).status_code == status


def test_a_page_of_another_site_gets_no_answer(client: FlaskClient) -> None:
    fields = {"visit": open_form(client), "message": HUM}
    assert client.post("/suggestions", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"message": 5}', "application/json", 400),
        (b'{"message": {"a": "b"}}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 20_000, "application/json", 400),
        (b"hello there", "text/plain", 415),
        (b"<a/>", "application/xml", 415),
        (b"", "", 415),
        (b"x" * (513 * 1024), "application/json", 413),
        (b"message=" + b"x" * (513 * 1024), "application/x-www-form-urlencoded", 413),
        (b"nothing like a form", "multipart/form-data; boundary=x", 400),
        (b"nothing like a form", "multipart/form-data", 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_an_object(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    response = client.post("/suggestions", data=body, content_type=kind, headers=AS_JSON)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["status"] == status


def test_half_a_surrogate_pair_and_control_characters_do_no_harm(client: FlaskClient) -> None:
    body = json.dumps({"visit": open_form(client), "message": HUM + " \ud800 \x00", "subject": "\udfff"})
    response = client.post("/suggestions", data=body, content_type="application/json", headers=AS_JSON)
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["suggestions"]


def test_a_flood_from_one_network_gets_nothing_and_is_told_when_to_come_back(
    app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["SUGGESTIONS_PER_MINUTE"] = 2
    fields = {"visit": open_form(client), "message": HUM}
    assert [client.post("/suggestions", data=fields | {"message": message}).status_code for message in (HUM, "?")] == [200, 200], (
        "what asks nothing counts, too"
    )
    known = visits(database)
    assert client.post("/suggestions", data={"visit": open_form(client), "message": HUM}).status_code == 429
    assert visits(database) == known, "nothing is noted of what is refused"
    monkeypatch.setattr("webform.suggestion_views.look_up", None)  # Nor is anything looked up from then on.
    response = client.post("/suggestions", data=fields, headers=AS_JSON)
    assert response.json == {"suggestions": [], "gate": 0.01}
    assert response.headers["Retry-After"] == "60"


def test_a_robot_is_shown_nothing_and_noted_nowhere_but_counted(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["SUGGESTIONS_PER_MINUTE"] = 1
    fields = {"visit": open_form(client), "message": HUM}
    known = visits(database)
    answers = [client.post("/suggestions", data=fields, headers={"User-Agent": "Examplebot/1.0"}) for _ in range(2)]
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, ""), (429, "")]
    assert visits(database) == known


def test_a_fault_in_suggesting_shows_nothing_and_logs_no_text(app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    app.extensions[kb_web.SUGGESTER].suggest = None
    response = client.post("/suggestions", data={"visit": open_form(client), "message": HUM})
    assert (response.status_code, response.text) == (200, "")
    assert response.headers["X-Cut-Short"] == "1"
    assert HUM not in caplog.text


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_an_answer_tells_whether_the_time_was_over(app: Flask, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    suggester, fields = app.extensions[kb_web.SUGGESTER], {"visit": open_form(client), "message": HUM}
    unhurried = client.post("/suggestions", data=fields, headers={"Accept": kind})
    assert "X-Cut-Short" not in unhurried.headers
    seen = visits(database)
    suggest = suggester.suggest
    monkeypatch.setattr(suggester, "suggest", lambda *texts, **options: time.sleep(0.3) or suggest(*texts, **options))
    app.config["SUGGEST_SECONDS"] = 0.05
    late = client.post("/suggestions", data=fields, headers={"Accept": kind})
    assert (late.status_code, late.headers["X-Cut-Short"]) == (200, "1")
    assert "The pump runs" not in late.text
    assert visits(database) == seen


def test_nothing_found_and_nothing_asked_are_not_cut_short(app: Flask, client: FlaskClient) -> None:
    assert "X-Cut-Short" not in client.post("/suggestions", data={"visit": open_form(client), "message": "zzzz qqqq"}).headers
    assert "X-Cut-Short" not in client.post("/suggestions", data={"visit": open_form(client), "message": "pump"}).headers


def test_an_answer_in_another_language_says_in_which(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        save_translation(session, external_id="own", language="ru", title="Насос", body="Вода.", status=Status.PUBLISHED, now=now)
        save_translation(session, external_id="valve", language="en", title="Error E-77", body="The valve is stuck.", status=Status.PUBLISHED, now=now)
    app.extensions[kb_web.SUGGESTER].ensure_ready()
    told = client.post("/suggestions", data={"visit": open_form(client), "message": "что значит ошибка E-77", "language": "ru"}).text
    assert re.search(r'<h3 id="answer-\d+-title" lang="en" dir="ltr">Error E-77</h3>', told)
    assert re.search(r'id="answer-\d+-language"><span class="tag tag-still">.*английский', told)
    assert re.search(r'aria-describedby="answer-\d+-language answer-\d+-glimpse"', told)
    own = client.post("/suggestions", data={"visit": open_form(client), "message": "what does error E-77 mean", "language": "en"}).text
    assert "Error E-77" in own
    assert "-language" not in own
