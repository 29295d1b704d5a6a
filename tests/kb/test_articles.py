from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Article, Status, Translation, find_article, find_translation, save_translation
from kb.database import Database
from kb.drafts import ArticleError
from kb.generations import current_generation
from kb.publications import publications_of
from kb.revisions import Revision, revisions_of
from kb.visibility import published, published_translations
from kb.writing import archive, current, publish
from kb.writing import save as write


def save(session: Session, now: datetime, **changes: Any) -> Translation:
    fields: dict[str, Any] = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": "Rinse it.", "status": Status.PUBLISHED}
    return save_translation(session, **(fields | changes), now=now)


def test_a_published_translation_is_found_at_its_address(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now, summary="S", category="Pump")
    with database.reading() as session:
        found = published(session, "en", "clean-the-filter")
        assert found is not None
        assert (found.title, found.summary, found.category, found.body) == ("Clean the filter", "S", "Pump", "Rinse it.")
        assert found.created_at == found.updated_at == found.published_at == now
        assert published(session, "ru", "clean-the-filter") is None


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_published_is_never_given_to_customers(database: Database, now: datetime, status: Status) -> None:
    with database.writing() as session:
        article_id = save(session, now, status=status).article_id
        assert published(session, "en", "clean-the-filter") is None
        assert published_translations(session, article_id) == []
        assert current_generation(session) == 0


def test_translations_of_one_article_share_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        english = save(session, now)
        russian = save(session, now, language="ru", title="Как промыть фильтр")
        assert english.article_id == russian.article_id
        assert [each.language for each in published_translations(session, english.article_id)] == ["en", "ru"]
        assert find_article(session, "filter") is session.get(Article, english.article_id)
        assert find_translation(session, "filter", "ru") is russian
        assert find_article(session, "other") is None


def test_saving_the_same_again_changes_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now)
    with database.writing() as session:
        again = save(session, now + timedelta(days=1))
        assert again.updated_at == now
        assert current_generation(session) == 1
        assert len(list(session.scalars(select(Revision)))) == 1


def test_only_what_customers_see_raises_the_generation(database: Database, now: datetime) -> None:
    steps: list[tuple[dict[str, Any], int]] = [
        ({"status": Status.DRAFT}, 0),
        ({"status": Status.DRAFT, "body": "Rinse it well."}, 0),
        ({"body": "Rinse it well."}, 1),
        ({"body": "Rinse it well.", "category": "Pump"}, 2),
        ({"body": "Rinse it well.", "category": "Pump", "note": "nothing new"}, 2),
        ({"body": "Rinse.", "category": "Pump"}, 3),
        ({"body": "Rinse.", "category": "Pump", "status": Status.ARCHIVED}, 4),
        ({"body": "Rinse!", "category": "Pump", "status": Status.ARCHIVED}, 4),
    ]
    for changes, generation in steps:
        with database.writing() as session:
            save(session, now, **changes)
            assert current_generation(session) == generation


def test_publishing_and_archiving_raise_the_generation_once(database: Database, now: datetime) -> None:
    later = now + timedelta(days=1)
    with database.writing() as session:
        translation = save(session, now, status=Status.DRAFT)
        assert translation.published_at is None
        publish(session, translation, now=later)
        publish(session, translation, now=later + timedelta(days=1))
        assert (translation.published_at, translation.updated_at, current_generation(session)) == (later, now, 1)
        assert published(session, "en", "clean-the-filter") is translation
        archive(session, translation, now=later)
        archive(session, translation, now=later)
        assert current_generation(session) == 2
        assert published(session, "en", "clean-the-filter") is None


def test_the_date_of_change_is_that_of_the_text(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now)
        assert save(session, now + timedelta(days=1), category="Pump").updated_at == now
        assert save(session, now + timedelta(days=2), category="Pump", body="New.").updated_at == now + timedelta(days=2)
        given = datetime.fromisoformat("2020-02-03T04:05:06+00:00")
        assert save(session, now + timedelta(days=3), category="Pump", body="Newer.", updated_at=given).updated_at == given


def test_slugs_are_safe_and_unique_in_their_language(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert save(session, now).slug == "clean-the-filter"
        assert save(session, now, external_id="b").slug == "clean-the-filter-2"
        assert save(session, now, external_id="c", slug="../Clean the FILTER").slug == "clean-the-filter-3"
        assert save(session, now, external_id="b", language="ru").slug == "clean-the-filter"
        assert save(session, now, external_id="d", language="zh", title="清洗滤网").slug == "清洗滤网"
        assert save(session, now, external_id="e", title="🙂").slug == "e"
        assert save(session, now, external_id="🙂", title="🙂").slug == "article"


def test_a_slug_stays_when_the_title_changes_and_moves_when_asked(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save(session, now)
        assert save(session, now, title="Wash the sieve").slug == "clean-the-filter"
        assert save(session, now, title="Wash the sieve", slug="sieve").slug == "sieve"
        assert save(session, now, external_id="b", slug="sieve").slug == "sieve-2"
        assert save(session, now, external_id="b", slug="sieve").slug == "sieve-2"


def test_what_cannot_be_kept_is_refused_before_the_database(database: Database, now: datetime) -> None:
    with pytest.raises(ArticleError, match="NUL"), database.writing() as session:
        save(session, now, body="\0")
    with database.reading() as session:
        assert find_article(session, "filter") is None


def test_two_translations_of_new_article_in_one_transaction_are_one_article(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for language in ("en", "ru", "zh"):
            save(session, now, language=language)
    with database.reading() as session:
        assert len(list(session.scalars(select(Article)))) == 1


def test_an_import_keeps_unpublished_changes_ahead_of_it_if_they_touch_other_lines(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = save(session, now, body="One.\n\nTwo.", author="import")
        before = current(session, translation)
        write(session, translation, replace(before, body="One.\n\nTwo, by Ann."), version=translation.version, base=before, author="ann", now=now)
    with database.writing() as session:
        again = save(session, now + timedelta(hours=1), body="One, imported.\n\nTwo.", author="import")
        assert again.body == "One, imported.\n\nTwo."
        assert (again.pending, current(session, again).body) == ("draft", "One, imported.\n\nTwo, by Ann.")
        assert [(each.author, each.body) for each in revisions_of(session, again.id)] == [
            ("ann", "One, imported.\n\nTwo, by Ann."),
            ("import", "One, imported.\n\nTwo."),
            ("ann", "One.\n\nTwo, by Ann."),
            ("import", "One.\n\nTwo."),
        ]
        public, newest = publications_of(session, [again.id])
        assert (public.public_until, newest.public_from, newest.public_until) == (now + timedelta(hours=1), now + timedelta(hours=1), None)


def test_an_import_over_the_same_lines_wins_and_leaves_unpublished_changes_in_the_history(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = save(session, now, body="One.", author="import")
        before = current(session, translation)
        write(session, translation, replace(before, body="One, by Ann."), version=translation.version, base=before, author="ann", now=now)
        again = save(session, now, body="One, imported.", author="import")
        assert (again.pending, current(session, again).body, again.body) == ("", "One, imported.", "One, imported.")
        assert [each.body for each in revisions_of(session, again.id)] == ["One, imported.", "One, by Ann.", "One."]


def test_an_import_that_changes_nothing_public_leaves_unpublished_changes_alone(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = save(session, now)
        before = current(session, translation)
        write(session, translation, replace(before, title="Ann's"), version=translation.version, base=before, author="ann", now=now)
        assert current(session, save(session, now + timedelta(days=1))).title == "Ann's"
        moved = save(session, now + timedelta(days=1), category="Pump")
        assert (moved.category, current(session, moved).category, current(session, moved).title) == ("Pump", "Pump", "Ann's")


def test_what_an_import_takes_out_of_sight_is_public_no_longer(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = save(session, now).id
        save(session, now + timedelta(days=1), status=Status.ARCHIVED)
        save(session, now + timedelta(days=2))
        times = [(each.revision_id, each.public_from, each.public_until) for each in publications_of(session, [number])]
        (revision,) = revisions_of(session, number)
        assert times == [(revision.id, now, now + timedelta(days=1)), (revision.id, now + timedelta(days=2), None)]
