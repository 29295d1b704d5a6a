"""Upkeep: owner and review date, and texts that appear and go on time, once, whoever does it."""

from datetime import datetime, timedelta

import pytest

from kb import trace, upkeep, writing
from kb.articles import Article, Status, Translation, find_translation, save_translation
from kb.database import Database
from kb.generations import current_generation
from kb.publications import publications_of
from kb.trace import Asked

HOUR = timedelta(hours=1)


def begin(database: Database, now: datetime, *, status: Status = Status.DRAFT, publish_at: datetime | None = None, withdraw_at: datetime | None = None) -> None:
    with database.writing() as session:
        save_translation(session, external_id="air", language="en", title="Air", body="Let it out.", status=status, now=now)
        upkeep.plan(session, air(session), publish_at=publish_at, withdraw_at=withdraw_at, actor="anna@x.example", now=now)


def air(session: object) -> Translation:
    found = find_translation(session, "air", "en")  # type: ignore[arg-type]
    assert found
    return found


def carry_out(database: Database, now: datetime) -> tuple[str, int, int]:
    """Do what is due, and tell the status, how many were done, and the generation."""
    with database.reading() as session:
        due = upkeep.any_due(session, now)
    with database.writing() as session:
        done = upkeep.carry_out(session, now)
        assert due == bool(done)
        return air(session).status, done, current_generation(session)


def test_a_text_appears_and_goes_at_its_time_and_not_before(database: Database, now: datetime) -> None:
    begin(database, now, publish_at=now + HOUR, withdraw_at=now + 3 * HOUR)
    assert carry_out(database, now) == ("draft", 0, 0)
    assert carry_out(database, now + HOUR) == ("published", 1, 1)
    assert carry_out(database, now + 2 * HOUR) == ("published", 0, 1)
    assert carry_out(database, now + 3 * HOUR) == ("archived", 1, 2)
    assert carry_out(database, now + 9 * HOUR) == ("archived", 0, 2)
    with database.reading() as session:
        (public,) = publications_of(session, [air(session).id])
        assert (public.public_from, public.public_until) == (now + HOUR, now + 3 * HOUR)
        told = [(deed.actor, deed.action) for deed in trace.page(session, Asked(subject="article:air/en")).deeds]
    assert told[-1] == ("anna@x.example", "scheduled")
    assert ("worker", "published") in told


def test_unpublished_changes_of_a_public_text_appear_at_its_time(database: Database, now: datetime) -> None:
    begin(database, now, status=Status.PUBLISHED, publish_at=now + HOUR)
    with database.writing() as session:
        found = air(session)
        base = writing.current(session, found)
        new = writing.Wording("Air in the hose", base.body, base.summary, base.category, base.slug)
        writing.save(session, found, new, version=found.version, base=base, author="anna@x.example", now=now)
        assert found.title == "Air"
    carry_out(database, now + HOUR)
    with database.reading() as session:
        assert (air(session).title, air(session).pending, air(session).publish_at) == ("Air in the hose", "", None)


def test_what_should_have_come_and_gone_while_nothing_ran_is_not_shown(database: Database, now: datetime) -> None:
    begin(database, now, publish_at=now + HOUR, withdraw_at=now + 2 * HOUR)
    assert carry_out(database, now + 9 * HOUR) == ("archived", 1, 0)
    with database.reading() as session:
        assert publications_of(session, [air(session).id]) == []


def test_a_text_cannot_go_before_it_appears(database: Database, now: datetime) -> None:
    with pytest.raises(upkeep.Impossible):
        begin(database, now, publish_at=now + HOUR, withdraw_at=now + HOUR)


def test_owner_and_review_date_stand_in_the_trace_and_the_same_again_changes_nothing(database: Database, now: datetime) -> None:
    begin(database, now)
    with database.writing() as session:
        article: Article = air(session).article
        assert upkeep.keep(session, article, owner="anna@x.example", review_at=now + HOUR, actor="vera@x.example", now=now)
        assert not upkeep.keep(session, article, owner="anna@x.example", review_at=now + HOUR, actor="vera@x.example", now=now)
        (deed,) = trace.page(session, Asked(actor="vera@x.example")).deeds
        assert deed.after == {"owner": "anna@x.example", "review_at": (now + HOUR).isoformat()}
