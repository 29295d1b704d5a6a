"""Sitemaps, the rules for robots, and feeds."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb import sitemaps
from kb.articles import Status, save_translation
from kb.database import Database
from tests.kb.hostile_markdown import HOSTILE
from tests.kb.test_markdown import Inventory

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def articles(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for number in range(5):
            save_translation(
                session, external_id=f"n{number}", language="en", title=f"Number {number}", slug=f"n{number}", category="Odd & even" if number % 2 else "",
                body="See [it](/help/en/n0) and [that](article:n1).", status=Status.PUBLISHED, now=now + timedelta(days=number),
            )  # fmt: skip
        save_translation(session, external_id="n0", language="ru", title="Ноль", slug="нуль", body="", status=Status.PUBLISHED, now=now)
        save_translation(session, external_id="d", language="en", title="Draft", slug="draft", body="", now=now)


def listed(client: FlaskClient, path: str) -> list[tuple[str, str | None]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [(each.findtext("m:loc", "", MAP), each.findtext("m:lastmod", None, MAP)) for each in ElementTree.fromstring(answer.data)]


@pytest.mark.usefixtures("articles")
def test_the_map_names_every_article_once_in_parts_of_bearable_size(client: FlaskClient, app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    base = app.config["BASE_URL"]
    monkeypatch.setattr(sitemaps, "PART_LENGTH", 4)
    index = listed(client, "/sitemap.xml")
    assert [address for address, _ in index] == [f"{base}/sitemap-{number}.xml" for number in (0, 1, 2)]
    found = [each for address, _ in index[1:] for each in listed(client, address.removeprefix(base))]
    assert sorted(address for address, _ in found) == sorted(
        [*(f"{base}/help/en/n{number}" for number in range(5)), f"{base}/help/ru/%D0%BD%D1%83%D0%BB%D1%8C"]
    )
    assert dict(found)[f"{base}/help/en/n3"] == (now + timedelta(days=3)).isoformat()
    assert f"{base}/help/category?lang=en&name=Odd+%26+even" in dict(listed(client, "/sitemap-0.xml"))
    assert sitemaps.PART_LENGTH <= 50_000


@pytest.mark.parametrize(
    "path", ["/sitemap-1.xml", "/sitemap-99999999999999999999.xml", "/help/feed/en.atom", "/help/feed/..atom", "/help/feed/en.atom?category=%00"]
)
def test_what_there_is_not_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_empty_knowledge_base_still_has_a_map_and_rules_for_robots(client: FlaskClient, app: Flask) -> None:
    assert len(listed(client, "/sitemap.xml")) == 1
    rules = client.get("/robots.txt")
    assert rules.mimetype == "text/plain"
    assert rules.text.splitlines() == [
        "User-agent: *", "Disallow: /staff", "Disallow: /requests/", "Disallow: /help/search", f"Sitemap: {app.config['BASE_URL']}/sitemap.xml",
    ]  # fmt: skip


@pytest.mark.usefixtures("articles")
def test_a_feed_has_what_changed_last_and_keeps_the_names_of_its_entries(client: FlaskClient, app: Flask, database: Database, now: datetime) -> None:
    answer = client.get("/help/feed/en.atom")
    feed = ElementTree.fromstring(answer.data)
    assert answer.mimetype == "application/atom+xml"
    assert [entry.findtext("a:title", "", ATOM) for entry in feed.findall("a:entry", ATOM)] == [f"Number {number}" for number in (4, 3, 2, 1, 0)]
    content = feed.find("a:entry/a:content", ATOM)
    assert content is not None
    assert content.get("{http://www.w3.org/XML/1998/namespace}base") == f"{app.config['BASE_URL']}/help/en/n4"
    assert '<a href="/help/en/n1">that</a>' in (content.text or "")
    names = {entry.findtext("a:title", "", ATOM): entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)}
    assert len(set(names.values())) == 5
    with database.writing() as session:
        save_translation(session, external_id="n4", language="en", title="Number 4", slug="moved", body="New.", status=Status.PUBLISHED, now=now)
    again = ElementTree.fromstring(client.get("/help/feed/en.atom").data)
    assert {entry.findtext("a:title", "", ATOM): entry.findtext("a:id", "", ATOM) for entry in again.findall("a:entry", ATOM)} == names


@pytest.mark.usefixtures("articles")
def test_a_category_has_a_feed_of_its_own_that_is_asked_for_by_its_date(client: FlaskClient) -> None:
    answer = client.get("/help/feed/en.atom", query_string={"category": "Odd & even"})
    assert [entry.findtext("a:title", "", ATOM) for entry in ElementTree.fromstring(answer.data).findall("a:entry", ATOM)] == ["Number 3", "Number 1"]
    asked = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert client.get("/help/feed/en.atom", query_string={"category": "Odd & even"}, headers=asked).status_code == 304


def line(text: str) -> str:
    """A text as a title may be."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:200] or "x"


def test_hostile_texts_are_inert_in_a_feed(client: FlaskClient, database: Database, now: datetime) -> None:
    for start in range(0, len(HOSTILE), 20):
        with database.writing() as session:
            for number, text in enumerate(HOSTILE[start : start + 20]):
                save_translation(
                    session, external_id=f"h{number}", language="en", title=line(text), summary=line(text),
                    body=text.replace("\0", ""), slug=f"h{number}", status=Status.PUBLISHED, now=now + timedelta(minutes=start),
                )  # fmt: skip
        feed = ElementTree.fromstring(client.get("/help/feed/en.atom").data)  # A feed that is no XML any more would raise.
        entries = feed.findall("a:entry", ATOM)
        assert len(entries) == len(HOSTILE[start : start + 20]) or start
        for entry in entries:
            assert {each.tag.rpartition("}")[2] for each in entry} <= {"title", "id", "updated", "published", "link", "summary", "content"}
            content = entry.find("a:content", ATOM)
            assert content is not None
            assert Inventory(content.text or "").faults == []
