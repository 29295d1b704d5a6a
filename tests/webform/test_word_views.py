"""The page of words."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from kb.generations import current_generation
from kb.synonyms import Fault, Why
from kb.thesaurus import thesaurus_of
from kb.word_lists import lists_of
from tests.webform.conftest import SignIn, csrf_token
from webform.staff import RoleName
from webform.word_views import describe


def post(client: FlaskClient, language: str = "en", version: int = 0, **fields: str) -> TestResponse:
    token = csrf_token(client.get(f"/staff/words?language={language}"))
    return client.post("/staff/words", data={"csrf_token": token, "language": language, "version": version, **fields})


def test_a_writer_saves_words_which_then_hold_everywhere(database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    assert "Nothing is written down for this language yet." in client.get("/staff/words").text
    response = post(client, "ru", synonyms="возврат = вернуть деньги\r\n# заметка", stop_words="добрый день")
    assert (response.status_code, response.headers["Location"]) == (303, "/staff/words?language=ru")
    page = client.get(response.headers["Location"])
    assert "Saved. Suggestions know these words within two seconds." in page.text
    assert "возврат = вернуть деньги\n# заметка</textarea>" in page.text
    assert "Last changed by writer@example.com" in page.text
    assert 'name="version" value="1"' in page.text
    with database.reading() as session:
        assert lists_of(session, "ru").stop_words == "добрый день"
        assert lists_of(session, "en").version == 0
        assert current_generation(session) == 1


def test_a_faulty_line_is_named_and_nothing_is_lost(database: Database, signed_in: SignIn) -> None:
    response = post(signed_in(RoleName.WRITER), synonyms="refund = money back\n\nrefund", stop_words="!!!")
    text = html.unescape(response.text)
    assert response.status_code == 422
    assert "Line 3, “refund”: it has no sign between its two sides." in text
    assert "Line 1, “!!!”: “!!!” is too short" in text
    assert "refund = money back\n\nrefund</textarea>" in text
    assert text.count('aria-invalid="true"') == 2
    assert "<title>Nothing was saved yet: Words" in text
    with database.reading() as session:
        assert lists_of(session, "en").version == 0


def test_of_two_who_write_at_once_the_second_loses_no_text(database: Database, signed_in: SignIn) -> None:
    first, second = signed_in(RoleName.WRITER), signed_in(RoleName.LEAD)
    post(first, synonyms="refund = money back")
    response = post(second, synonyms="parcel = package", stop_words="hello there")
    assert response.status_code == 409
    assert "Somebody else has saved in the meantime" in response.text
    assert "writer@example.com changed these lists" in response.text
    assert "refund = money back</pre>" in response.text
    assert "parcel = package</textarea>" in response.text
    with database.reading() as session:
        assert lists_of(session, "en").synonyms == "refund = money back"
    assert 'name="version" value="1"' in response.text
    assert post(second, version=1, synonyms="parcel = package\nrefund = money back").status_code == 303
    with database.reading() as session:
        assert lists_of(session, "en").synonyms == "parcel = package\nrefund = money back"


def test_words_are_tried_before_they_are_saved(database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    fields = {"synonyms": "refund = money back, reimbursement\nbad line", "stop_words": "dear team", "try": "1"}
    response = post(client, text="Dear team, a <b>refund</b> please", **fields)
    assert response.status_code == 200
    assert "<del>Dear team</del>, a &lt;b&gt;<mark>refund</mark> <ins>money back, reimbursement</ins>&lt;/b&gt; please" in response.text
    assert "<code>refund = money back = reimbursement</code>" in response.text
    assert "Line 2, “bad line”" in html.unescape(response.text)
    assert "No word of the lists is in this text." in post(client, text="something else", **fields).text
    with database.reading() as session:
        assert lists_of(session, "en").version == 0


def test_every_reason_has_words(app: Flask) -> None:
    with app.test_request_context():
        told = {describe(Fault(7, "a line", why, "a part")) for why in Why}
    assert len(told) == len(Why)
    assert all(words.startswith("Line 7, “a line”: ") for words in told)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"language": "xx"}, 422),
        ({"version": "-1"}, 422),
        ({"version": "9" * 30}, 422),
        ({"synonyms": "a = b\n" * 20_000}, 413),
        ({"synonyms": "<script>alert(1)</script>"}, 422),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(signed_in: SignIn, fields: dict[str, str], status: int) -> None:
    client = signed_in(RoleName.WRITER)
    token = csrf_token(client.get("/staff/words"))
    response = client.post("/staff/words", data={"csrf_token": token, "language": "en", "version": "0", **fields})
    assert response.status_code == status
    assert "<script>alert" not in response.text


def test_a_list_in_a_language_written_from_the_right_says_so(signed_in: SignIn) -> None:
    page = signed_in(RoleName.WRITER).get("/staff/words?language=zh").text
    assert page.count('lang="zh" dir="auto"') == 3
    assert "language=ru" in page


def test_what_is_known_without_any_rule_is_told_and_can_be_kept_apart(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    told = html.unescape(post(client, text="I want my money back", **{"try": "1"}).text)
    assert f"know {len(thesaurus_of('en').concepts):,} everyday concepts" in told
    assert "<li>money back = refund = " in told
    apart = html.unescape(post(client, synonyms="refund ≠ money back", text="I want my money back", **{"try": "1"}).text)
    assert "<li>money back = refund = " not in apart
    assert "<li>money = cash = " in apart
    faulty = html.unescape(post(client, synonyms="refund ≠").text)
    assert "Line 1, “refund ≠”: one side is empty." in faulty
