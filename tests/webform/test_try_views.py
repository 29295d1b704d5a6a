"""Trying a text: what the staff see of an answer and of a silence, and that nothing of it stays."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from kb import rules
from kb.articles import Article
from kb.database import Database
from kb.explanation import Fate, Kind, Verdict
from kb.judgement import SIGNS
from kb.readings import Effect
from kb.rules import Draft, RuleKind
from kb.schema import Base
from kb.word_lists import save_lists
from tests.kb.pump_articles import publish_all
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.scripts_in_texts import TEXTS
from tests.webform.walk import contents
from webform import account_words, logs, topics
from webform.staff import RoleName

ASKED = "my pump hums, no water"
TYPED = ("xylophone", "quagmire", "неопубликованное", "未发送的文字")


@pytest.fixture
def writer(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> FlaskClient:
    """A writer at an installation that has a handful of articles and shows whatever it finds."""
    with database.writing() as session:
        publish_all(session, now)
    app.extensions["kb.suggester"].gate = 0.05
    app.extensions["kb.suggester"].ensure_ready()
    return signed_in(RoleName.WRITER)


def tried(client: FlaskClient, message: str, path: str = "/staff/try", **fields: str) -> TestResponse:
    token = csrf_token(client.get(path))
    return client.post(path, data={"csrf_token": token, "message": message, **fields})


def test_a_writer_finds_the_page_and_it_is_empty_at_first(writer: FlaskClient) -> None:
    page = writer.get("/staff/articles").text
    assert 'href="/staff/try"' in page
    empty = writer.get("/staff/try").text
    assert "What a customer might write" in empty
    assert "was considered" not in empty
    assert "Silent" not in empty


def test_an_answer_is_shown_as_a_customer_sees_it_with_all_that_speaks_for_it(writer: FlaskClient) -> None:
    page = tried(writer, ASKED).text
    assert "answers may help" in page or "1 answer may help" in page
    assert re.search(r'<h3 id="answer-\d+-title" lang="en" dir="ltr">The pump hums but no water comes out</h3>', page)
    assert "Silent" not in page
    assert "The gate is open" in page
    assert "The gate is set by hand." in page
    assert re.search(r'<li class="chip"><bdi>hums</bdi> <span class="number">\+\d', page)
    for words in ("English, told by the text itself", "Pieces of words", "Term index", "Passage", "What spoke for an answer", "Say nothing"):
        assert words in page, words
    assert page.count('<details class="candidate"') > 3
    assert page.count('<details class="candidate" open') == 1
    assert f">\n{ASKED}</textarea>" in page


def test_the_answer_cannot_be_marked_solved_from_here(writer: FlaskClient) -> None:
    page = tried(writer, ASKED).text
    buttons = re.findall(r"<button[^>]+name=\"solved\"[^>]*>", page)
    assert buttons
    assert all(" disabled" in button for button in buttons)


def test_silence_says_so_and_why(writer: FlaskClient, app: Flask) -> None:
    short = tried(writer, "hello").text
    assert "Silent: nothing is shown" in short
    assert "says too little to be looked up" in short
    assert "The gate" not in short
    app.extensions["kb.suggester"].gate = 0.9999
    page = tried(writer, ASKED).text
    assert "Silent: nothing is shown" in page
    assert "not probable enough" in page
    assert "The gate stays shut" in page
    assert re.search(r"Only \d+\.\d% sure that one of the first three answers; answers are shown from 100\.0% on", page)
    assert "not shown: under the gate" in page
    assert "answer may help" not in page


def test_a_rule_of_tact_is_named_and_a_topic_for_people_only_is_silent(writer: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        rules.add(session, Draft(RuleKind.PERSON, "Legal matters", {"en": "my lawyer"}), author="", now=now)
        session.execute(update(topics.Topic).where(topics.Topic.slug == "billing").values(suggests=False))
    app.extensions["kb.suggester"].rule_book.refresh()
    page = tried(writer, f"{ASKED}, so my lawyer says").text
    assert "straight to a person" in page
    assert "Legal matters" in page
    assert "It fits by “my lawyer”." in page
    assert "not shown: the text goes to a person" in page
    with database.writing() as session:
        winter = session.scalar(select(Article.id).where(Article.external_id == "winter"))
        rules.add(session, Draft(RuleKind.PIN, "Frost", {"en": "frost", "ru": "мороз"}, article_id=winter), author="", now=now)
    app.extensions["kb.suggester"].rule_book.refresh()
    pinned = tried(writer, f"{ASKED} after the frost").text
    assert "Its article is shown first, whatever the gate says." in pinned
    assert '<span class="tag tag-good">first by a rule</span>' in pinned
    assert "Its article is not shown first" in tried(writer, "насос гудит, мороз, воды нет").text
    muted = tried(writer, ASKED, topic="billing").text
    assert "This topic is answered by people only." in muted
    assert 'id="answers-title"' not in muted
    assert 'value="billing" selected' in muted
    assert 'id="answers-title"' in tried(writer, ASKED, topic="pump").text
    assert 'id="answers-title"' in tried(writer, ASKED, topic="none-such").text


def test_synonyms_and_words_that_are_left_out_are_told(writer: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        save_lists(session, "en", synonyms="gizmo = pump", stop_words="kindly", version=0, author="a@b.example", now=now)
    app.extensions["kb.suggester"].ensure_ready()
    page = tried(writer, "kindly see that my gizmo hums without water <b>").text
    assert "<code>gizmo = pump</code>" in page
    assert "For “gizmo” it added “pump”." in page
    assert "Without it" in page
    assert "Left out by your list" in page
    assert re.search(r'class="chip chip-synonym"><bdi>pump</bdi> <span class="chip-note">synonym</span>', page)


def test_the_page_speaks_three_languages_and_the_selected_one_counts_where_the_text_does_not_tell(writer: FlaskClient) -> None:
    assert "русский, определён страницей" in tried(writer, "4711 0815", "/staff/try?lang=ru", language="ru").text
    assert "水泵在响，但是不出水" in tried(writer, "水泵响了不出水怎么办", "/staff/try?lang=zh", language="en").text
    assert "English, decided by the page" in tried(writer, "4711 0815", "/staff/try?lang=en", language="klingon").text


def test_no_two_fields_have_the_same_name(writer: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
    for language in ("en", "ru", "zh"):
        names = re.findall(r"<label for=[^>]*>(.+?)(?: <span|</label>)", writer.get(f"/staff/try?lang={language}").text)
        assert len(names) == len(set(names)) == 4


def test_everything_that_can_happen_has_its_words_here(app: Flask) -> None:
    with app.test_request_context("/staff/try"):
        assert set(account_words.verdicts()) == set(Verdict)
        assert set(account_words.fates()) == set(Fate)
        assert set(account_words.kinds()) == set(Kind)
        assert set(account_words.effects()) == set(Effect)
        assert set(account_words.signs()) == set(SIGNS), "say in webform.account_words.signs what the new sign is called"


def test_nothing_that_is_tried_is_stored_counted_or_logged(writer: FlaskClient, app: Flask, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", readable=False)
    metrics = writer.get("/metrics").text
    with database.reading() as session:
        before = contents(session)
    for message in (f"{ASKED} {' '.join(TYPED)}", " ".join(TYPED), "hello"):
        assert tried(writer, message, subject=TYPED[0], language=TYPED[1]).status_code == 200
    writer.post("/staff/try", data={"message": TYPED[0]})
    with database.reading() as session:
        assert contents(session) == before
        stored = "\n".join(str(cell) for table in Base.metadata.sorted_tables for row in session.execute(select(table)) for cell in row)
    written = "".join(capsys.readouterr())
    assert '"route": "/staff/try"' in written
    everything = stored + written + writer.get("/metrics").text + files(app.config["INSTANCE"])
    assert [word for word in TYPED if word in everything or json.dumps(word)[1:-1] in everything] == []
    counted = [line for line in metrics.splitlines() if "suggest" in line and not line.startswith("#")]
    assert [line for line in writer.get("/metrics").text.splitlines() if "suggest" in line and not line.startswith("#")] == counted


def test_a_text_is_never_in_the_address(writer: FlaskClient) -> None:
    page = tried(writer, f"{ASKED} quagmire")
    assert "Location" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert re.search(r'<form class="stack" method="post" action="/staff/try">', page.text)
    assert ASKED not in writer.get("/staff/try", query_string={"message": ASKED}).text
    assert not re.search(r'(href|src|action)="[^"]*quagmire', page.text)


def test_hostile_texts_stay_texts(writer: FlaskClient) -> None:
    token = csrf_token(writer.get("/staff/try"))
    for text in (*TEXTS[::7], "\x00pump\x00", "\ud800 pump water".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "pump " * 50_000):
        page = writer.post("/staff/try", data={"csrf_token": token, "message": f"pump water {text}", "subject": text, "language": text})
        assert page.status_code == 200
        outside = re.sub(r"(?s)<textarea.*?</textarea>", "", page.text)
        assert not re.search(r"<(script|img|iframe|object|embed|base|meta http)[ />]", outside.replace('<meta charset="utf-8">', "")), text


def files(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file() and "index" not in path.parts)
