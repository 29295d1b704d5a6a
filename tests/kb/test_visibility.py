from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Article, Status, Translation, Visibility, save_translation
from kb.database import Database
from kb.generations import current_generation
from kb.holdings import read_holdings
from kb.visibility import ANYBODY, STAFF, Reader, public_among, published, published_formerly, published_translations, readable, renew_link, set_visibility
from kb.writing import archive


@pytest.fixture
def kept(database: Database, now: datetime) -> dict[Visibility, Article]:
    """One published article of each kind."""
    found = {}
    with database.writing() as session:
        for kind in Visibility:
            made = save_translation(session, external_id=kind, language="en", title=kind.title(), body="Tilt it.", status=Status.PUBLISHED, now=now)
            set_visibility(session, made.article, kind)
            found[kind] = made.article
    return found


def slugs(session: Session, reader: Reader) -> set[str]:
    return set(session.scalars(select(Translation.slug).where(readable(reader))))


def test_anybody_reads_public_articles_and_staff_read_all(database: Database, kept: dict[Visibility, Article]) -> None:
    with database.reading() as session:
        assert slugs(session, ANYBODY) == {"public"}
        assert slugs(session, STAFF) == {"public", "link", "staff"}


def test_a_key_opens_the_one_article_it_belongs_to(database: Database, kept: dict[Visibility, Article], now: datetime) -> None:
    key = kept[Visibility.LINK].link_key
    assert len(key) == 24
    with database.writing() as session:
        other = save_translation(session, external_id="other", language="en", title="Other", body="", status=Status.PUBLISHED, now=now)
        set_visibility(session, other.article, Visibility.LINK)
        assert slugs(session, Reader(key=key)) == {"public", "link"}
        assert published(session, "en", "link", Reader(key=key)) is not None
        for wrong in ("", " ", key[:-1], key.swapcase(), "%", other.article.link_key):
            assert published(session, "en", "link", Reader(key=wrong)) is None, wrong


def test_a_new_key_takes_the_old_one_back(database: Database, kept: dict[Visibility, Article]) -> None:
    with database.writing() as session:
        article = session.get_one(Article, kept[Visibility.LINK].id)
        old = article.link_key
        renew_link(session, article)
        assert article.link_key != old
        assert published(session, "en", "link", Reader(key=old)) is None
        assert published(session, "en", "link", Reader(key=article.link_key)) is not None


def test_the_key_of_an_article_that_became_staff_only_opens_nothing(database: Database, kept: dict[Visibility, Article]) -> None:
    with database.writing() as session:
        article = session.get_one(Article, kept[Visibility.LINK].id)
        set_visibility(session, article, Visibility.STAFF)
        assert published(session, "en", "link", Reader(key=article.link_key)) is None
        set_visibility(session, article, Visibility.LINK)
        assert published(session, "en", "link", Reader(key=article.link_key)) is not None


def test_a_draft_is_read_by_nobody_and_an_unknown_kind_is_closed(database: Database, kept: dict[Visibility, Article], now: datetime) -> None:
    with database.writing() as session:
        session.get_one(Article, kept[Visibility.PUBLIC].id).visibility = "everyone?"
        for reader in (ANYBODY, Reader(key="x")):
            assert slugs(session, reader) == set()
        for translation in session.scalars(select(Translation)):
            archive(session, translation, now=now)
        assert slugs(session, STAFF) == set()


def test_former_addresses_and_other_languages_are_decided_about_alike(database: Database, kept: dict[Visibility, Article], now: datetime) -> None:
    with database.writing() as session:
        for kind in Visibility:
            save_translation(session, external_id=kind, language="en", title=kind, slug=f"new-{kind}", body="", status=Status.PUBLISHED, now=now)
            save_translation(session, external_id=kind, language="ru", title=kind, body="", status=Status.PUBLISHED, now=now)
        found = {kind: published_formerly(session, "en", kind) is not None for kind in Visibility}
        assert found == {Visibility.PUBLIC: True, Visibility.LINK: False, Visibility.STAFF: False}
        counted = {kind: len(published_translations(session, article.id)) for kind, article in kept.items()}
        assert counted == {Visibility.PUBLIC: 2, Visibility.LINK: 0, Visibility.STAFF: 0}
        ids = session.scalars(select(Translation.id).where(Translation.language == "en")).all()
        assert len(public_among(session, ids)) == 1


def test_the_engine_learns_public_articles_alone(database: Database, kept: dict[Visibility, Article]) -> None:
    with database.reading() as session:
        assert [entry.title for entry in read_holdings(session).entries] == ["Public"]


def test_opening_and_closing_an_article_makes_every_index_old(database: Database, kept: dict[Visibility, Article]) -> None:
    with database.writing() as session:
        article = session.get_one(Article, kept[Visibility.PUBLIC].id)
        before = current_generation(session)
        assert not set_visibility(session, article, Visibility.PUBLIC)
        assert current_generation(session) == before
        assert set_visibility(session, article, Visibility.STAFF)
        assert current_generation(session) == before + 1
