"""The search of the help centre beyond its plain page: while typing, by category, and what it leads to when it finds nothing."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kb.articles import Status, save_translation
from kb.database import Database
from kb.looking import LookedFor

ARTICLES = (("Rinse the filter", "Pumps"), ("Order a new filter", "Orders"), ("Filtering tap water", "Pumps"), ("Change an invoice", ""))


@pytest.fixture(autouse=True)
def articles(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for number, (title, category) in enumerate(ARTICLES):
            save_translation(
                session,
                external_id=str(number),
                language="en",
                title=title,
                category=category,
                body=f"{title}, and <b>more</b>.",
                status=Status.PUBLISHED,
                now=now,
            )
        save_translation(session, external_id="zh", language="zh", title="清洗过滤器", body="冲洗滤芯。", status=Status.PUBLISHED, now=now)
    app.extensions["kb.suggester"].ensure_ready()


def typed(client: FlaskClient, text: str, language: str = "en") -> str:
    answer = client.post("/help/search", data={"q": text, "lang": language, "interface": "en"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "<html" not in answer.text
    return answer.text


def titles(html: str) -> list[str]:
    return re.findall(r"<strong>(.*?)</strong>", html)


@pytest.mark.parametrize("text", ["fil", "filt", "filter", "rinse filt", "the filter", "filtre"])
def test_what_is_being_typed_finds_what_it_may_become(client: FlaskClient, text: str) -> None:
    assert "Rinse the filter" in titles(typed(client, text))


def test_a_finished_word_is_not_completed_and_a_letter_is_none(client: FlaskClient) -> None:
    assert titles(typed(client, "invo")) == ["Change an invoice"]
    assert titles(typed(client, "invo ")) == []
    assert titles(typed(client, "i")) == []
    assert typed(client, "") == "\n" or not typed(client, "").strip()


def test_languages_without_spaces_are_found_while_typing(client: FlaskClient) -> None:
    assert titles(typed(client, "过滤", "zh")) == ["清洗过滤器"]


def test_what_is_found_is_told_and_escaped(client: FlaskClient) -> None:
    html = typed(client, "invoice")
    assert 'data-said="1 article.' in html
    assert "<b>" not in html
    assert "<mark>" in html


def test_typing_is_bounded_and_taken_from_our_own_pages_alone(client: FlaskClient, app: Flask) -> None:
    assert client.post("/help/search", data={"lang": "en"}).status_code == 400
    assert client.post("/help/search", json={"q": "filter", "lang": "en"}).status_code == 400
    assert client.post("/help/search", data={"q": "filter", "lang": "../x"}).status_code == 400
    assert client.post("/help/search", data={"q": "x" * 20_000, "lang": "en"}).status_code == 413
    assert client.post("/help/search", data={"q": "x", "lang": "en"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    app.config["SEARCHES_PER_MINUTE"] = 1
    codes = [client.post("/help/search", data={"q": "filter", "lang": "en"}).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert client.get("/help/search?q=filter&lang=en").status_code == 200


@pytest.mark.parametrize("text", ["\0", "*", "a*", '"', "NOT", "<script>alert(1)</script>", "🙂", "\u202e", "x " * 4000, "'; --"])
def test_nothing_that_is_typed_is_too_strange(client: FlaskClient, text: str) -> None:
    answer = client.post("/help/search", data={"q": text, "lang": "en"})
    assert answer.status_code in {200, 413}
    assert "<script" not in answer.text


def test_what_was_typed_is_nowhere_in_the_logs(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    typed(client, "secretword")
    client.get("/help/search?q=secretword&lang=en")
    assert "secretword" not in caplog.text


def test_what_was_found_is_narrowed_to_a_category(client: FlaskClient) -> None:
    page = client.get("/help/search?q=filter&lang=en").text
    pills = re.findall(r'category=(\w+)"><bdi lang="en">\w+</bdi> <span class="note">(\d+)', page)
    assert pills == [("Pumps", "2"), ("Orders", "1")]
    narrowed = client.get("/help/search?q=filter&lang=en&category=Orders").text
    assert re.findall(r'<a href="(/help/en/[\w-]+)"', narrowed) == ["/help/en/order-a-new-filter"]
    assert '<span aria-current="true"><bdi lang="en">Orders</bdi>' in narrowed
    assert client.get("/help/search?q=filter&lang=en&category=Nothing").location == "/help/search?q=filter&lang=en"


def test_what_is_found_nowhere_goes_on_to_the_form_by_post(client: FlaskClient) -> None:
    page = client.get("/help/search?q=zzzz%22%3E&lang=en").text
    assert '<form class="to-a-person" method="post" action="/?lang=en">' in page
    assert '<input type="hidden" name="message" value="zzzz&#34;&gt;">' in page
    form = client.post("/?lang=en", data={"message": 'zzzz">', "change": "1"})
    assert form.status_code == 200
    assert "zzzz&#34;&gt;</textarea>" in form.text
    assert 'class="message message-alert"' not in form.text


def test_a_finished_search_is_counted_and_one_while_typing_or_for_its_head_is_not(client: FlaskClient, database: Database) -> None:
    typed(client, "filter")
    client.head("/help/search?q=filter&lang=en")
    for words in ("filter", "the filters", "socks"):
        client.get("/help/search", query_string={"q": words, "lang": "en"})
    with database.reading() as session:
        rows = session.execute(select(LookedFor.searches, LookedFor.in_vain, LookedFor.terms).order_by(LookedFor.searches)).all()
    assert [tuple(row) for row in rows] == [(1, 1, ""), (2, 0, "")]
