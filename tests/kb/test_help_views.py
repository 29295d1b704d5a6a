import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.articles import Status, find_translation, save_translation
from kb.categories import LIST_LENGTH
from kb.database import Database
from kb.web import SUGGESTER
from kb.writing import archive

BODY = "Before.\n\n## Air\nTilt it.\n\n## Filter\n[Rinse](/help/en/rinse) it.\n\n### Sieve\nSoak it.\n\n<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def articles(database: Database, now: datetime) -> None:
    shared = {"external_id": "pump", "status": Status.PUBLISHED, "now": now}
    with database.writing() as session:
        save_translation(session, language="en", title="No <b>water</b>", summary="Air & filter", category="Pump & hose", body=BODY, slug="no-water", **shared)
        save_translation(session, language="ru", title="Нет воды", category="Насос", body="Воздух.", **shared)
        save_translation(session, language="ar", title="لا ماء", body="هواء", **shared)
        save_translation(session, language="de", title="Entwurf", body="Geheim", **(shared | {"status": Status.DRAFT}))
        save_translation(session, external_id="old", language="en", title="Secret", body="Gone", status=Status.ARCHIVED, now=now)


def test_an_article_is_shown_with_all_that_belongs_to_it(client: FlaskClient) -> None:
    response = client.get("/help/en/no-water")
    page = response.text
    assert response.status_code == 200
    assert '<html lang="en" dir="ltr">' in page
    assert '<h1 lang="en" dir="ltr">No &lt;b&gt;water&lt;/b&gt;</h1>' in page
    assert "Air &amp; filter" in page
    assert re.findall(r'<li(?: class="contents-deeper")?><a href="(#[^"]*)">', page) == ["#air", "#filter", "#sieve"]
    assert [f'id="{anchor}"' in page for anchor in ("air", "filter", "sieve")] == [True] * 3
    assert '<time datetime="2026-11-22">November 22, 2026</time>' in page
    assert "<script>alert" not in page
    assert "/?lang=en" in page


def test_the_languages_of_an_article_are_linked_and_drafts_are_not(client: FlaskClient, app: Flask) -> None:
    page = client.get("/help/en/no-water").text
    base = app.config["BASE_URL"]
    assert f'<link rel="canonical" href="{base}/help/en/no-water">' in page
    alternates = re.findall(r'rel="alternate" hreflang="(\w+)"', page)
    assert alternates == ["ar", "en", "ru"]
    assert '<a href="/help/ru/%D0%BD%D0%B5%D1%82-%D0%B2%D0%BE%D0%B4%D1%8B" lang="ru" hreflang="ru">' in page
    assert "Entwurf" not in page


def test_an_article_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    page = client.get("/help/ru/нет-воды", headers={"Accept-Language": "en"}).text
    assert '<html lang="ru" dir="ltr">' in page
    assert "22 ноября 2026" in page
    assert "contents-list" not in page


def test_an_article_in_a_language_without_an_interface_is_marked(client: FlaskClient) -> None:
    page = client.get("/help/ar/لا-ماء", headers={"Accept-Language": "en"}).text
    assert '<html lang="en" dir="ltr">' in page
    assert '<h1 lang="ar" dir="rtl">' in page
    assert '<div class="prose" lang="ar" dir="rtl">' in page


@pytest.mark.parametrize(
    "path",
    [
        "/help/de/entwurf", "/help/en/secret", "/help/en/nothing", "/help/xx/no-water", "/help/en/%00", "/help/%00/no-water", "/help/en/%ff", "/help/en/%2e%2e",
        "/help/category?name=Nothing", "/help/category?name=%00", "/help/category?lang=en&name=Pump+%26+hose&page=2",
        "/help/" + "x" * 5000 + "/y", "/help/en/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_customers_may_not_see_is_not_found(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert 'role="search"' in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert not {"Entwurf", "Geheim", "Secret", "Gone"} & set(re.findall(r"\w+", response.text))


def test_an_address_written_otherwise_leads_to_the_article(client: FlaskClient) -> None:
    response = client.get("/help/en/No%20Water")
    assert (response.status_code, response.location) == (301, "/help/en/no-water")


def test_an_article_is_kept_by_the_browser_but_asked_for_each_time(client: FlaskClient, database: Database, now: datetime) -> None:
    first = client.get("/help/en/no-water")
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    again = client.get("/help/en/no-water", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with database.writing() as session:
        translation = find_translation(session, "pump", "en")
        assert translation is not None
        archive(session, translation, now=now)
    assert client.get("/help/en/no-water", headers={"If-None-Match": first.headers["ETag"]}).status_code == 404


def test_the_home_has_the_shelves_of_the_reader_s_language(client: FlaskClient) -> None:
    page = client.get("/help", headers={"Accept-Language": "ru"}).text
    assert "Нет воды" in page
    assert "No &lt;b&gt;water" not in page
    assert '<li lang="ru" dir="ltr"><a href="/help/ru/' in page
    assert re.findall(r'hreflang="(\w+)"><bdi', page) == ["ar", "en"]
    assert "Насос" in page


def test_the_home_of_another_language_of_articles_keeps_the_interface(client: FlaskClient) -> None:
    page = client.get("/help?lang=ar", headers={"Accept-Language": "en"}).text
    assert '<html lang="en" dir="ltr">' in page
    assert '<li lang="ar" dir="rtl">' in page
    assert "Other articles" in page


def test_the_home_shows_no_draft_and_nothing_archived(client: FlaskClient) -> None:
    pages = [client.get(f"/help?lang={language}").text for language in ("en", "ru", "zh", "de", "ar")]
    assert not any(word in page for page in pages for word in ("Entwurf", "Secret", "Deutsch"))


def test_an_empty_help_centre_leads_to_the_form(client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for language in ("en", "ru", "ar"):
            translation = find_translation(session, "pump", language)
            assert translation is not None
            archive(session, translation, now=now)
    response = client.get("/help?lang=en")
    assert response.status_code == 200
    assert 'class="button" href="/?lang=en"' in response.text
    assert 'role="search"' not in response.text


def test_a_long_shelf_has_a_page_of_its_own_and_further_pages(client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for number in range(LIST_LENGTH + 1):
            save_translation(
                session, external_id=f"h{number}", language="en", title=f"Hose {number:03}", category="Pump & hose", body="", status=Status.PUBLISHED, now=now
            )
    address = re.findall(r'class="shelf-all"><a href="([^"]*)"', client.get("/help?lang=en").text)[0].replace("&amp;", "&")
    first = client.get(address).text
    assert "Hose 000" in first
    following = re.findall(r'rel="next" href="([^"]*)"', first)[0].replace("&amp;", "&")
    assert "No &lt;b&gt;water" in client.get(following).text
    assert 'rel="next"' not in client.get(following).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999", "²", "1e3"])
def test_a_forged_page_number_is_harmless(client: FlaskClient, page: str) -> None:
    assert client.get("/help/category", query_string={"lang": "en", "name": "Pump & hose", "page": page}).status_code in (200, 404)


class BrokenSuggester:
    """A suggester whose disk is gone."""

    def search(self, text: str, *, language: str, page: int = 1) -> object:
        raise OSError(f"cannot look for {text}")


def test_a_search_that_fails_still_leads_on_and_logs_no_words(client: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.extensions[SUGGESTER] = BrokenSuggester()
    response = client.get("/help/search?q=private+words")
    assert response.status_code == 503
    assert 'href="/?lang=en"' in response.text
    assert "OSError" in caplog.text
    assert "private" not in caplog.text


def found_for(client: FlaskClient, **query: str) -> str:
    client.application.extensions[SUGGESTER].ensure_ready()
    response = client.get("/help/search", query_string={"lang": "en", **query})
    assert response.status_code == 200
    return response.text


def test_the_search_marks_the_words_and_leads_to_the_article(client: FlaskClient) -> None:
    page = found_for(client, q="soak sieve")
    assert '<a href="/help/en/no-water">No &lt;b&gt;water&lt;/b&gt;</a>' in page
    assert "<mark>Soak</mark>" in page
    assert '<input class="input" id="q" name="q" type="search" value="soak sieve"' in page


def test_the_search_tells_what_other_languages_have(client: FlaskClient) -> None:
    page = found_for(client, q="воздух")
    assert "No article has these words" in page
    assert 'href="/?lang=en"' in page
    assert re.findall(r'href="(/help/search[^"]*)" hreflang="ru"><bdi lang="ru">Русский</bdi>&nbsp;<span class="note">(\d+)', page) == [
        ("/help/search?q=%D0%B2%D0%BE%D0%B7%D0%B4%D1%83%D1%85&amp;lang=ru", "1")
    ]
    assert "<mark>Воздух</mark>" in found_for(client, q="воздух", lang="ru")


def test_the_search_offers_what_may_have_been_meant(client: FlaskClient) -> None:
    assert 'href="/help/search?q=filter&amp;lang=en"' in found_for(client, q="filtre")


@pytest.mark.parametrize("word", ["Geheim", "Entwurf", "Secret", "Gone"])
def test_the_search_finds_no_draft_and_nothing_archived(client: FlaskClient, word: str) -> None:
    for language in ("en", "de"):
        page = found_for(client, q=word, lang=language)
        assert 'class="entries"' not in page
        assert 'hreflang="de"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "", " ", "*", "a*", "[a TO z]", "NOT NOT", '"', "\0", "\ud800".encode("utf-8", "surrogatepass"), "<script>alert(1)</script>", "x" * 5000,
        "water " * 500, "🙂", "~3", "\u202e",
    ],
)  # fmt: skip
def test_no_query_is_too_strange(client: FlaskClient, app: Flask, query: str) -> None:
    app.extensions[SUGGESTER].ensure_ready()
    response = client.get("/help/search", query_string={"q": query, "lang": "en"})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_a_page_behind_the_last_one_leads_to_the_first(client: FlaskClient) -> None:
    assert "No &lt;b&gt;water" in found_for(client, q="sieve")
    response = client.get("/help/search?q=sieve&page=7&lang=en")
    assert (response.status_code, response.location) == (302, "/help/search?q=sieve&lang=en")


def test_a_flood_of_searches_from_one_network_is_told_to_wait_and_everything_else_stays_open(client: FlaskClient, app: Flask) -> None:
    app.config["SEARCHES_PER_MINUTE"] = 2
    assert [client.get("/help/search?lang=en").status_code for _ in range(4)] == [200] * 4
    assert "Soak" in found_for(client, q="sieve")
    assert "Soak" in found_for(client, q="sieve")
    refused = client.get("/help/search?q=soak+sieve&lang=en")
    assert (refused.status_code, refused.headers["Retry-After"], refused.headers["Cache-Control"]) == (429, "60", "no-store")
    assert "Too many requests came from here. Wait a few minutes" in refused.text
    assert 'value="soak sieve"' in refused.text
    assert 'href="/?lang=en"' in refused.text
    assert "Soak" not in refused.text
    assert [client.get(path).status_code for path in ("/help?lang=en", "/help/en/no-water", "/help/search?lang=en", "/")] == [200] * 4
    assert client.get("/help/search?q=sieve&lang=en", environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
