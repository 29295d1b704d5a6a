from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import trace, writing
from kb.articles import Status, Translation, save_translation
from kb.database import Database
from kb.drafts import ArticleError
from kb.generations import current_generation
from kb.passages import Passage
from kb.revisions import Wording, revisions_of
from kb.visibility import published
from kb.writing import Collision, archive, back_to_draft, begin, current, discard, find, publish, save, send_to_review

BODY = "Unplug it.\n\nRinse it."


def public(session: Session, now: datetime, **changes: Any) -> Translation:
    fields: dict[str, Any] = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": BODY, "status": Status.PUBLISHED}
    return save_translation(session, **(fields | changes), author="ann", now=now)


def write(session: Session, translation: Translation, now: datetime, author: str = "ann", **changes: str) -> writing.Saved:
    before = current(session, translation)
    return save(session, translation, replace(before, **changes), version=translation.version, base=before, author=author, now=now)


def bodies(session: Session, translation: Translation) -> list[str]:
    return [each.body for each in revisions_of(session, translation.id)]


def test_customers_do_not_see_what_is_saved_until_it_is_published(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        write(session, translation, now, body="New.", category="Pump", title="Wash it", slug="wash")
        assert (translation.body, translation.category, translation.slug, translation.pending) == (BODY, "", "clean-the-filter", "draft")
        assert (current_generation(session), translation.updated_at) == (1, now)
        assert current(session, translation) == Wording("Wash it", "New.", "", "Pump", "wash")
        later = now + timedelta(days=1)
        publish(session, translation, author="ben", note="clearer", now=later)
        assert translation.wording == current(session, translation) == Wording("Wash it", "New.", "", "Pump", "wash")
        assert (translation.pending, translation.updated_at, current_generation(session)) == ("", later, 2)
        assert published(session, "en", "wash") is translation
        assert session.scalars(select(Passage.text).where(Passage.translation_id == translation.id)).all() == ["New."]
        assert revisions_of(session, translation.id)[0].note == "clearer"


def test_what_customers_have_read_is_never_amended(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        write(session, translation, now, body="two")
        write(session, translation, now + timedelta(minutes=1), body="three")
        assert bodies(session, translation) == ["three", BODY]
        publish(session, translation, author="ann", now=now + timedelta(minutes=2))
        write(session, translation, now + timedelta(minutes=3), body="four")
        assert bodies(session, translation) == ["four", "three", BODY]


def test_a_draft_is_saved_in_place_and_nobody_is_shown_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = begin(session, None, "en", Wording("Clean the filter", "one"), author="ann", now=now)
        write(session, translation, now + timedelta(minutes=5), body="two")
        assert (translation.article.external_id, translation.body, translation.status, translation.pending) == ("clean-the-filter", "two", "draft", "")
        assert bodies(session, translation) == ["two"]
        assert begin(session, None, "en", Wording("Clean the filter", ""), author="ann", now=now).article.external_id == "clean-the-filter-2"
        assert begin(session, translation.article, "ru", Wording("Фильтр", ""), author="ann", now=now).article_id == translation.article_id
        assert current_generation(session) == 0


def test_changes_to_different_paragraphs_are_merged(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        base, version = current(session, translation), translation.version
        write(session, translation, now, author="ann", body="Unplug it first.\n\nRinse it.")
        mine = replace(base, body="Unplug it.\n\nRinse it well.", title="Clean it")
        saved = save(session, translation, mine, version=version, base=base, author="ben", now=now)
        assert (saved.merged_with, saved.wording.body, saved.wording.title) == ("ann", "Unplug it first.\n\nRinse it well.", "Clean it")
        assert bodies(session, translation)[:2] == ["Unplug it first.\n\nRinse it well.", "Unplug it first.\n\nRinse it."]


def test_changes_to_the_same_paragraph_collide_and_nothing_is_written_over(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        base, version = current(session, translation), translation.version
        write(session, translation, now, author="ann", body="Unplug it.\n\nRinse it twice.")
        with pytest.raises(Collision) as collision:
            save(session, translation, replace(base, body="Unplug it.\n\nRinse it well."), version=version, base=base, author="ben", now=now)
        assert (collision.value.author, collision.value.version, collision.value.theirs.body) == ("ann", version + 1, "Unplug it.\n\nRinse it twice.")
        assert current(session, translation).body == "Unplug it.\n\nRinse it twice."
        chosen = collision.value.merge.wording(["both"])
        save(session, translation, chosen, version=collision.value.version, base=collision.value.theirs, author="ben", now=now)
        assert current(session, translation).body == "Unplug it.\n\nRinse it twice.\n\nRinse it well."


def test_an_old_form_that_changes_nothing_takes_nothing_back(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        base, version = current(session, translation), translation.version
        write(session, translation, now, body="New.")
        assert save(session, translation, base, version=version, base=base, author="ben", now=now).wording.body == "New."


def test_review_is_a_state_of_drafts_and_of_unpublished_changes(database: Database, now: datetime) -> None:
    with database.writing() as session:
        draft = public(session, now, external_id="d", status=Status.DRAFT)
        send_to_review(session, draft, author="ann", now=now)
        write(session, draft, now, body="two")
        assert (draft.status, draft.pending) == ("review", "")
        back_to_draft(session, draft, author="ann", now=now)
        assert draft.status == "draft"
        translation = public(session, now)
        send_to_review(session, translation, author="ann", now=now)
        assert (translation.status, translation.pending) == ("published", "")
        write(session, translation, now, body="two")
        send_to_review(session, translation, author="ann", now=now)
        assert (translation.status, translation.pending) == ("published", "review")
        publish(session, translation, author="ann", now=now)
        assert (translation.status, translation.pending) == ("published", "")


def test_unpublished_changes_that_are_given_up_stay_in_the_history(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        write(session, translation, now, body="two")
        discard(session, translation, author="ann", now=now)
        assert (translation.pending, current(session, translation).body) == ("", BODY)
        assert bodies(session, translation) == [BODY, "two", BODY]


def test_going_back_by_hand_to_what_is_public_leaves_nothing_unpublished(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        write(session, translation, now, body="two")
        write(session, translation, now, body=BODY)
        assert translation.pending == ""


def test_unpublished_changes_survive_the_archive(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        write(session, translation, now, body="two")
        archive(session, translation, author="ann", now=now)
        assert published(session, "en", "clean-the-filter") is None
        assert current_generation(session) == 2
        assert current(session, translation).body == "two"
        write(session, translation, now, author="ben", body="three")
        assert (translation.body, translation.pending, translation.status) == ("three", "", "archived")
        publish(session, translation, author="ann", now=now)
        assert published(session, "en", "clean-the-filter") is translation
        assert (translation.body, current_generation(session)) == ("three", 3)


def test_a_revision_can_be_kept_from_being_amended(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now, status=Status.DRAFT)
        before = current(session, translation)
        save(session, translation, replace(before, body="restored"), version=translation.version, base=before, author="ann", amend=False, now=now)
        assert bodies(session, translation) == ["restored", BODY]


def test_what_cannot_be_kept_is_refused(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        with pytest.raises(ArticleError, match="title is missing"):
            write(session, translation, now, title=" ")
        assert translation.pending == ""


def test_acts_are_traced_but_not_every_autosave(database: Database, now: datetime) -> None:
    with database.writing() as session:
        translation = public(session, now)
        for body in ("two", "three", "four"):
            write(session, translation, now, body=body)
        publish(session, translation, author="ben", now=now)
        archive(session, translation, author="ben", now=now)
        deeds = trace.page(session, trace.Asked(subject="article:filter/en")).deeds
        assert [(each.action, each.actor) for each in deeds] == [("moved", "ben"), ("published", "ben"), ("saved", "ann")]


def test_a_locked_translation_is_read_anew(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = public(session, now).article_id
    with database.writing() as session:
        found = find(session, number, "en", lock=True)
        assert found is not None
        assert find(session, number, "ru", lock=True) is None
