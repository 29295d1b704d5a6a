"""One article of each kind, looked for everywhere a customer can look."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kb import trace
from kb.articles import Article, Status, Visibility, save_translation
from kb.database import Database
from kb.visibility import set_visibility
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import open_form
from webform.staff import RoleName

WORDS = {Visibility.PUBLIC: "Marigold", Visibility.LINK: "Larkspur", Visibility.STAFF: "Snapdragon"}
CLOSED = {Status.DRAFT: "Foxglove", Status.IN_REVIEW: "Hellebore", Status.ARCHIVED: "Oleander"}
"""What nobody has published, or has taken back: open to everybody, if it were."""
ASKED = "The marigold, the larkspur, the snapdragon, the foxglove, the hellebore and the oleander wilt beside the pump in the hot sun"
JSON = {"Accept": "application/json"}


@pytest.fixture
def ids(app: Flask, database: Database, now: datetime) -> dict[Visibility, int]:
    found = {}
    with database.writing() as session:
        for kind, word in WORDS.items():
            made = save_translation(
                session, external_id=kind, language="en", title=f"{word} wilts beside the pump", summary=f"{word} in the hot sun", category="Plants",
                body=f"Water the {word.lower()} in the evening.\n\n## Shade\nThe {word.lower()} wilts in the hot sun; give it shade.",
                status=Status.PUBLISHED, now=now,
            )  # fmt: skip
            set_visibility(session, made.article, kind)
            found[kind] = made.article_id
        for status, word in CLOSED.items():
            save_translation(
                session, external_id=status, language="en", title=f"{word} wilts beside the pump", summary=f"{word} in the hot sun", category="Plants",
                body=f"The {word.lower()} wilts in the hot sun.", status=status, now=now,
            )  # fmt: skip
    app.extensions["kb.suggester"].gate = 0.0
    app.extensions["kb.suggester"].ensure_ready()
    return found


def before_sending(client: FlaskClient) -> str:
    return client.post("/", data={"visit": open_form(client), "message": ASKED, "email": "anna@customer.example", "name": "Anna"}).text


PLACES: dict[str, Callable[[FlaskClient], str]] = {
    "home": lambda client: client.get("/help?lang=en").text,
    "category": lambda client: client.get("/help/category?lang=en&name=Plants").text,
    "search": lambda client: client.get(f"/help/search?lang=en&q={ASKED.replace(' ', '+')}").text,
    "category feed": lambda client: client.get("/help/feed/en.atom?category=Plants").text,
    "feed": lambda client: client.get("/help/feed/en.atom").text,
    "sitemap": lambda client: client.get("/sitemap-1.xml").text.replace("marigold", "Marigold"),
    "category of the search": lambda client: client.get(f"/help/search?lang=en&category=Plants&q={ASKED.replace(' ', '+')}").text,
    "search while typing": lambda client: client.post("/help/search", data={"q": ASKED, "lang": "en"}).text,
    "public article": lambda client: client.get("/help/en/marigold-wilts-beside-the-pump").text,
    "suggestions": lambda client: client.post("/suggestions", data={"message": ASKED, "visit": open_form(client)}).text,
    "suggestions as an object": lambda client: client.post("/suggestions", json={"message": ASKED, "visit": open_form(client)}, headers=JSON).text,
    "before sending": before_sending,
}


@pytest.mark.parametrize("place", PLACES)
def test_customers_meet_the_public_article_alone(client: FlaskClient, ids: dict[Visibility, int], place: str) -> None:
    shown = PLACES[place](client)
    assert "Marigold" in shown
    links = re.findall(r"/help/en/(\w+)", shown)
    assert "Larkspur wilts" not in shown
    assert "Snapdragon wilts" not in shown
    assert {"larkspur", "snapdragon"}.isdisjoint(links)
    for word in CLOSED.values():
        assert f"{word} wilts" not in shown
        assert f"{word.lower()}-wilts" not in shown


@pytest.mark.parametrize("kind", [Visibility.LINK, Visibility.STAFF])
def test_the_search_finds_nothing_of_what_is_closed_not_even_elsewhere(client: FlaskClient, ids: dict[Visibility, int], kind: Visibility) -> None:
    for language in ("en", "ru"):
        page = client.get(f"/help/search?lang={language}&q={WORDS[kind]}").text
        assert 'class="entries"' not in page
        assert "wilts" not in page.replace(f"“{WORDS[kind]}”", "")


def test_an_article_that_is_closed_is_gone_at_once_though_the_index_still_has_it(client: FlaskClient, database: Database, ids: dict[Visibility, int]) -> None:
    with database.writing() as session:
        article = session.get_one(Article, ids[Visibility.PUBLIC])
        article.visibility = Visibility.STAFF  # As if the index had not noticed yet.
    shown = [look(client) for look in PLACES.values()]
    assert not any("Marigold wilts" in each for each in shown)


def test_the_page_of_a_closed_article_is_as_if_it_did_not_exist(client: FlaskClient, database: Database, ids: dict[Visibility, int]) -> None:
    nothing = client.get("/help/en/nothing-wilts-beside-the-pump")
    for slug in ("larkspur-wilts-beside-the-pump", "snapdragon-wilts-beside-the-pump", "Larkspur Wilts beside the pump"):
        for key in ("", "?key=", "?key=x", "?key=" + "x" * 5000, "?key=%00"):
            answer = client.get(f"/help/en/{slug}{key}")
            assert (answer.status_code, len(answer.data)) == (404, len(nothing.data)), slug + key[:9]


def test_who_has_the_link_reads_the_article_and_no_cache_and_no_search_engine_keeps_it(
    client: FlaskClient, database: Database, ids: dict[Visibility, int]
) -> None:
    with database.writing() as session:
        key = session.get_one(Article, ids[Visibility.LINK]).link_key
        save_translation(
            session, external_id="link", language="ru", title="Шпорник", slug="shpornik", body="", status=Status.PUBLISHED, now=datetime.now().astimezone()
        )
    answer = client.get(f"/help/en/larkspur-wilts-beside-the-pump?key={key}")
    assert answer.status_code == 200
    assert "Larkspur wilts" in answer.text
    assert (answer.headers["X-Robots-Tag"], answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == (
        "noindex",
        "no-referrer",
        "private, no-cache",
    )
    assert 'rel="canonical"' not in answer.text
    assert f"/help/ru/shpornik?key={key}" in answer.text
    moved = client.get(f"/help/en/Larkspur wilts beside the pump?key={key}")
    assert (moved.status_code, moved.location) == (301, f"/help/en/larkspur-wilts-beside-the-pump?key={key}")
    assert client.get(f"/help/en/snapdragon-wilts-beside-the-pump?key={key}").status_code == 404


def test_staff_read_every_published_article_and_customers_cannot_there(client: FlaskClient, signed_in: SignIn, ids: dict[Visibility, int]) -> None:
    writer = signed_in(RoleName.WRITER)
    for kind, word in WORDS.items():
        address = f"/staff/help/en/{word.lower()}-wilts-beside-the-pump"
        page = writer.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert f"{word} wilts" in page.text, kind
        assert client.get(address).status_code == 303


def test_a_writer_closes_an_article_gives_its_link_and_takes_it_back(
    client: FlaskClient, signed_in: SignIn, database: Database, ids: dict[Visibility, int]
) -> None:
    writer, address = signed_in(RoleName.WRITER), f"/staff/articles/{ids[Visibility.PUBLIC]}/visibility"

    def post(**fields: str) -> str:
        answer = writer.post(address, data={"csrf_token": csrf_token(writer.get(address)), **fields}, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    first, *_ = re.findall(r'href="([^"]*\?key=[^"]*)"', post(visibility="link"))
    assert client.get("/help/en/marigold-wilts-beside-the-pump").status_code == 404
    assert client.get(first).status_code == 200
    second, *_ = re.findall(r'href="([^"]*\?key=[^"]*)"', post(renew="1"))
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert "/staff/help/en/marigold" in post(visibility="staff")
    assert client.get(second).status_code == 404
    post(visibility="public")
    assert client.get("/help/en/marigold-wilts-beside-the-pump").status_code == 200
    with database.reading() as session:
        deeds = session.execute(select(trace.Deed.action, trace.Deed.before, trace.Deed.after).order_by(trace.Deed.id)).all()
    assert [tuple(deed) for deed in deeds] == [
        ("visibility changed", {"visibility": "public"}, {"visibility": "link"}),
        ("link renewed", {}, {}),
        ("visibility changed", {"visibility": "link"}, {"visibility": "staff"}),
        ("visibility changed", {"visibility": "staff"}, {"visibility": "public"}),
    ]


@pytest.mark.parametrize("fields", [{}, {"visibility": "everybody"}, {"visibility": "PUBLIC"}, {"renew": "1"}])
def test_what_is_no_choice_changes_nothing(signed_in: SignIn, database: Database, ids: dict[Visibility, int], fields: dict[str, str]) -> None:
    writer, address = signed_in(RoleName.WRITER), f"/staff/articles/{ids[Visibility.STAFF]}/visibility"
    answer = writer.post(address, data={"csrf_token": csrf_token(writer.get(address)), **fields})
    assert answer.status_code == 422
    assert writer.get("/staff/articles/999999/visibility").status_code == 404
    with database.reading() as session:
        assert session.get_one(Article, ids[Visibility.STAFF]).visibility == Visibility.STAFF
