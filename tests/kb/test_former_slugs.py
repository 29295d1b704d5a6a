from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Status, Translation, save_translation
from kb.database import Database
from kb.former_slugs import FormerSlug
from kb.visibility import published, published_formerly
from kb.writing import archive


def save(session: Session, now: datetime, slug: str, **changes: Any) -> Translation:
    fields: dict[str, Any] = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": "Rinse it.", "status": Status.PUBLISHED}
    return save_translation(session, **(fields | changes), slug=slug, now=now)


def test_every_address_that_an_article_had_leads_to_its_present_one(client: FlaskClient, database: Database, now: datetime) -> None:
    for slug in ("filter", "sieve", "сито"):
        with database.writing() as session:
            save(session, now, slug)
    for old in ("filter", "sieve", "Sieve"):
        response = client.get(f"/help/en/{old}")
        assert (response.status_code, response.location) == (301, "/help/en/%D1%81%D0%B8%D1%82%D0%BE")
        assert client.get(response.location).status_code == 200
    assert client.get("/help/ru/filter").status_code == 404


def test_an_article_that_moves_back_is_at_home_again(client: FlaskClient, database: Database, now: datetime) -> None:
    for slug in ("filter", "sieve", "filter"):
        with database.writing() as session:
            save(session, now, slug)
    assert client.get("/help/en/filter").status_code == 200
    assert client.get("/help/en/sieve").location == "/help/en/filter"


def test_who_lives_at_an_address_comes_before_who_lived_there(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now, "filter")
        save(session, now, "sieve")
        other = save(session, now, "filter", external_id="other")
        assert (other.slug, published(session, "en", "filter")) == ("filter", other)
        save(session, now, "strainer", external_id="other")
        assert published_formerly(session, "en", "filter") is other


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_an_old_address_leads_to_nothing_that_customers_may_not_see(status: Status, client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now, "filter")
        save(session, now, "secret", status=status)
    response = client.get("/help/en/filter")
    assert (response.status_code, "secret" in response.text) == (404, False)


def test_an_address_that_nobody_could_read_is_not_kept(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now, "filter", status=Status.DRAFT)
        save(session, now, "sieve")
        assert session.scalar(select(func.count()).select_from(FormerSlug)) == 0


def test_old_addresses_go_with_their_article(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now, "filter")
        article = save(session, now, "sieve").article
        archive(session, article.translations[0], now=now)
        session.delete(article)
        session.flush()
        assert session.scalar(select(func.count()).select_from(FormerSlug)) == 0
