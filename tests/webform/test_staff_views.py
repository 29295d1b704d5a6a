import time
from datetime import datetime

from sqlalchemy import insert

from kb.articles import Article, Status, Translation
from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.desk_world import write_article
from webform.staff import RoleName


def test_articles_are_listed_with_language_state_and_a_link_where_customers_can_read_them(database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        write_article(session, now, title="Public one", slug="public-one")
        write_article(session, now, title="Draft one", slug="draft-one", status=Status.DRAFT)
        write_article(session, now, title="Сброс", slug="sbros", language="ru", category="")
    client = signed_in(RoleName.WRITER)
    page = client.get("/staff/articles").text
    assert "3 translations" in page
    assert 'href="/help/en/public-one"' in page
    assert "draft-one" not in page
    assert "no category" in page
    assert "Russian (1)" in page
    assert "Draft one" in client.get("/staff/articles?status=draft").text
    assert "Public one" not in client.get("/staff/articles?status=draft").text
    assert "Public one" not in client.get("/staff/articles?language=ru&q=СБРОС").text
    assert "Сброс" in client.get("/staff/articles?language=ru&q=СБРОС").text
    assert "No article fits." in client.get("/staff/articles?q=nothing").text


def test_no_article_is_said_to_be_there_before_any_is(signed_in: SignIn) -> None:
    assert "There are no articles yet." in signed_in(RoleName.WRITER).get("/staff/articles").text


def test_ten_thousand_articles_are_paged_and_searched_at_once(database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        session.execute(insert(Article), [{"id": number, "external_id": f"id-{number}", "created_at": now} for number in range(1, 10_001)])
        row = {"language": "en", "summary": "", "body": "x", "category": "", "status": "published", "extra": "", "created_at": now, "updated_at": now}
        session.execute(insert(Translation), [row | {"article_id": number, "slug": f"s{number}", "title": f"Title {number}"} for number in range(1, 10_001)])
    client = signed_in(RoleName.WRITER)
    began = time.perf_counter()
    page = client.get("/staff/articles?page=200").text
    found = client.get("/staff/articles?q=title+9999").text
    assert time.perf_counter() - began < 5
    assert "10000 translations" in page
    assert "Page 200 of 200" in page
    assert page.count("<h3") == 50
    assert found.count("<h3") == 1


def test_a_writer_sees_only_the_places_that_are_open_to_writers(signed_in: SignIn) -> None:
    page = signed_in(RoleName.WRITER).get("/staff/articles").text
    assert 'href="/staff/deflection"' in page
    assert 'href="/staff/requests"' not in page
    assert 'href="/staff/outbox"' not in page
    refused = signed_in(RoleName.WRITER).get("/staff/requests")
    assert refused.status_code == 403
    assert "not for your role" in refused.text
