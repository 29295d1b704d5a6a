"""The self-check on its page: kept by writers, begun with what is confirmed."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.articles import find_article
from kb.database import Database
from kb.examples import add_example
from tests.catalogues import ROOT
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import HUM, write_articles
from webform import alarms, probes, troubles, web
from webform.flapping import News
from webform.probes import Probe
from webform.self_check import Fault, Reply, Sight
from webform.staff import RoleName, User
from webform.terms import terms

PATH = "/staff/self-check"


@pytest.fixture
def writer(signed_in: SignIn, database: Database, now: datetime) -> FlaskClient:
    write_articles(database, now)
    return signed_in(RoleName.WRITER)


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get(PATH)), **fields}, follow_redirects=True)


def kept(database: Database) -> list[Probe]:
    with database.reading() as session:
        return probes.probes(session)


def test_texts_are_kept_with_their_article_or_with_none_and_taken_away(writer: FlaskClient, database: Database) -> None:
    assert "Nothing is asked yet" in writer.get(PATH).text
    assert "nobody knows yet" in writer.get(PATH).text
    assert "It is asked from now on." in post(writer, PATH, text=HUM, article="pump", answer="article").text
    post(writer, PATH, text="Посоветуйте ресторан", answer="nothing", article="pump")
    assert [(probe.text, probe.language, probe.article_id is None) for probe in kept(database)] == [("Посоветуйте ресторан", "ru", True), (HUM, "en", False)]
    wrong = post(writer, PATH, text="", article="no such", answer="article")
    assert wrong.status_code == 422
    assert [name for name in ("text-wrong", "article-wrong") if f'id="{name}"' in wrong.text] == ["text-wrong", "article-wrong"]
    assert "It is asked no more." in post(writer, f"{PATH}/{kept(database)[0].id}/delete").text
    assert len(kept(database)) == 1
    assert post(writer, f"{PATH}/99999/delete").status_code == 404
    assert "The worker asks within seconds" in post(writer, f"{PATH}/now").text


def test_it_begins_with_what_staff_have_confirmed_once_for_each_article(writer: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump, invoice = (find_article(session, name).id for name in ("pump", "invoice"))  # type: ignore[union-attr]
        for text, article in (
            ("The pump is humming again", pump),
            ("Where is the water of my pump", pump),
            ("Where do I find my invoice", invoice),
            ("Do you sell boats", None),
        ):
            add_example(session, text, "en", article, "staff", now)
    with database.reading() as session:
        offered = probes.offered(session)
    assert [(offer.article_id, offer.text) for offer in offered] == [
        (pump, "The pump is humming again"),
        (invoice, "Where do I find my invoice"),
        (None, "Do you sell boats"),
    ]
    page = writer.get(PATH).text
    assert page.count('name="example"') == page.count("checked> <span") == 3
    assert "3 texts are asked from now on." in post(writer, f"{PATH}/offered", example=[str(offer.example) for offer in offered]).text
    with database.reading() as session:
        assert probes.offered(session) == []


def test_what_is_wrong_is_said_with_its_figures_and_what_to_do(writer: FlaskClient, database: Database) -> None:
    post(writer, PATH, text=HUM, article="pump", answer="article")
    now, number = datetime.now(UTC), kept(database)[0].id
    with database.writing() as session:
        troubles.keep_run(session, Sight(4, (Reply(number, kept(database)[0].article_id, (), 0.5),)), now)
        troubles.turn(session, frozenset(Fault), {Fault.HITS: {"right": 0, "of": 1}, Fault.DOWN: {"why": "<b>503</b>"}}, now)
    page = writer.get(PATH).text
    for words in (
        "something is wrong",
        "0 of 1 questions find the article that staff named.",
        "&lt;b&gt;503&lt;/b&gt;",
        "Look whether the server runs",
        "0 / 1",
    ):
        assert words in page, words


def test_numbers_are_written_as_the_reader_s_language_does(writer: FlaskClient, database: Database, app: Flask) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        troubles.keep_run(session, Sight(4, (Reply(1, 7, (7,), 1.87),)), now)
        turn = troubles.turn(session, frozenset(Fault), {Fault.SLOW: {"seconds": 1.93, "cut_short": 0, "of": 1000}}, now)
    page = writer.get(PATH, headers={"Accept-Language": "ru"}).text
    assert [words for words in ("1,93", "1,87", "1\xa0000") if words not in page] == []
    assert re.search(r"1\.[89]", re.sub(r"<[^>]*>", "", page)) is None
    lead = User(email="lead@x.example", language="ru")
    mail = alarms.compose(lead, News(begun=turn.begun), [], terms=terms(app.config, app.extensions[web.TOKENS]), now=now)
    assert "1,93" in mail.get_content()


def test_no_template_writes_a_number_past_the_reader_s_language() -> None:
    templates = [path for package in ("kb", "webform") for path in (ROOT / package / "templates").rglob("*.*")]
    past = re.compile(r"%\.\d+f|\|\s*round\b")
    assert [path.name for path in templates if past.search(path.read_text("utf-8"))] == []
