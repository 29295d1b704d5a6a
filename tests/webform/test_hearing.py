"""What customers say of an article is kept with their description: where they were told so, and without what tells who they are."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kb.database import Database
from kb.examples import Example
from kb.masking import GAP
from tests.webform.form_world import HUM, open_form, write_articles
from webform import hearing

TYPED = {"subject": "", "message": f"{HUM}, call Anna at +49 170 9999999", "name": "Anna Sample", "email": "anna@customer.example"}
KEPT = f"{HUM}, call {GAP} at {GAP}"


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"GATE": "0.01"}


@pytest.fixture
def furnished(app: Flask, database: Database, now: datetime) -> FlaskClient:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    return app.test_client()


def examples(database: Database) -> list[tuple[str, int | None, bool, str]]:
    with database.reading() as session:
        rows = session.execute(select(Example.text, Example.article_id, Example.fits, Example.standing).order_by(Example.id))
        return [tuple(row) for row in rows]  # type: ignore[misc]


def shown(client: FlaskClient, token: str, message: str = HUM) -> list[int]:
    answer = client.post("/suggestions", json={"visit": token, "message": message}, headers={"Accept": "application/json"}).json
    assert answer is not None
    return [suggestion["article"] for suggestion in answer["suggestions"]]


def press(client: FlaskClient, token: str, **fields: str | int) -> str:
    response = client.post("/verdict", data={"visit": token, **TYPED, **fields})
    assert response.status_code == 200
    return response.text


def test_the_page_before_sending_says_what_goes_with_the_press(furnished: FlaskClient) -> None:
    page = furnished.post("/", data={"visit": open_form(furnished), **TYPED}).text
    assert "also sends us your description" in page
    assert 'name="keep" value="1"' in page
    assert 'name="without"' in page


def test_a_press_keeps_the_description_without_what_tells_who_wrote_it(furnished: FlaskClient, database: Database) -> None:
    token = open_form(furnished)
    article = shown(furnished, token)[0]
    assert "Your description was kept" in press(furnished, token, solved=article, keep=1)
    press(furnished, token, solved=article, keep=1)
    assert examples(database) == [(KEPT, article, True, "waiting")]


@pytest.mark.parametrize("said", [{}, {"keep": "1", "without": "1"}, {"keep": "0"}])
def test_without_the_page_s_word_or_with_the_customer_s_no_nothing_is_kept(furnished: FlaskClient, database: Database, said: dict[str, str]) -> None:
    token = open_form(furnished)
    assert "your text was not kept" in press(furnished, token, solved=shown(furnished, token)[0], **said)
    assert examples(database) == []


def test_an_installation_that_does_not_learn_neither_says_nor_keeps_anything(settings: dict[str, str], request: pytest.FixtureRequest) -> None:
    settings["LEARN"] = "0"
    client, database = request.getfixturevalue("furnished"), request.getfixturevalue("database")
    page = client.post("/", data={"visit": open_form(client), **TYPED}).text
    assert "also sends us your description" not in page
    assert "It is not kept unless you send it" in client.get("/").text
    token = open_form(client)
    press(client, token, solved=shown(client, token)[0], keep=1)
    assert examples(database) == []


@pytest.mark.parametrize("word", ["unsolved", "unkept"])
def test_what_was_kept_can_be_taken_back(furnished: FlaskClient, database: Database, word: str) -> None:
    token = open_form(furnished)
    article = shown(furnished, token)[0]
    press(furnished, token, solved=article, keep=1)
    press(furnished, token, **{word: article})
    assert examples(database) == []


def test_an_article_that_was_not_shown_is_not_learned(furnished: FlaskClient, database: Database) -> None:
    token = open_form(furnished)
    here = shown(furnished, token)
    other = next(number for number in range(1, 5) if number not in here)
    assert furnished.post("/verdict", data={"visit": token, **TYPED, "solved": other, "keep": "1"}).status_code == 400
    assert examples(database) == []


def test_what_was_put_away_counts_against_once_the_request_is_sent(furnished: FlaskClient, database: Database) -> None:
    for reason, counts in (("", True), ("not-my-case", True), ("too-long", False)):
        token = open_form(furnished)
        article = shown(furnished, token)[0]
        furnished.post(f"/visits/{token}/events", json={"kind": "declined", "article": article, **({"reason": reason} if reason else {})})
        before = examples(database)
        assert furnished.post("/", data={"visit": token, **TYPED, "confirmed": "1"}).status_code == 303
        assert examples(database)[len(before) :] == ([(KEPT, article, False, "waiting")] if counts else [])


def test_the_article_of_the_acknowledgement_that_solved_it_is_learned_and_taken_back(furnished: FlaskClient, database: Database) -> None:
    token = open_form(furnished)
    article = shown(furnished, token)[0]
    page = furnished.post("/", data={"visit": token, **TYPED, "confirmed": "1"}).headers["Location"]
    path, key = page.split("?")[0], page.split("key=")[1].split("&")[0]
    assert furnished.post(f"{path}/solved", data={"key": key, "solved": "yes"}).status_code == 303
    assert examples(database) == [(KEPT, article, True, "waiting")]
    furnished.post(f"{path}/solved", data={"key": key, "solved": "no"})
    assert examples(database) == []


def test_a_fault_in_learning_never_loses_the_request(furnished: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ValueError("cannot stand this text")

    token = open_form(furnished)
    furnished.post(f"/visits/{token}/events", json={"kind": "declined", "article": shown(furnished, token)[0]})
    monkeypatch.setattr(hearing, "mask", fail)
    assert furnished.post("/", data={"visit": token, **TYPED, "confirmed": "1"}).status_code == 303
    assert examples(database) == []


def test_a_thousand_presses_over_one_network_are_twenty_at_most(furnished: FlaskClient, database: Database, app: Flask) -> None:
    token = open_form(furnished)
    article = shown(furnished, token)[0]
    visit = app.extensions["webform.tokens"].read_visit(token, hours=1)
    with database.writing() as session:
        for number in range(1000):
            said_by = hearing.speaker(app.extensions["webform.tokens"], f"{visit}{number}", "127.0.0.1/32")
            hearing.hear_solved(session, visit, hearing.Description("", HUM, "en"), article, said_by, datetime.now().astimezone())
    assert len(examples(database)) == 20
    with database.reading() as session:
        assert "127.0.0.1" not in "".join(map(str, session.execute(select(Example.network, Example.origin)).all()))
