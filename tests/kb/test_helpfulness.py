from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from deflection.events import Reason as EventReason
from kb.articles import Status, Translation, save_translation
from kb.database import Database
from kb.helpfulness import Verdict, Vote, verdicts, vote
from kb.publications import public_revision
from kb.reasons import CHOICES, Reason


@pytest.fixture
def pump(database: Database, now: datetime) -> Translation:
    with database.writing() as session:
        return save_translation(session, external_id="pump", language="en", title="Pump", body="Tilt it.", status=Status.PUBLISHED, now=now)


def test_the_form_and_the_help_centre_ask_for_the_same_reasons() -> None:
    assert EventReason is Reason
    assert Reason.TAKEN_BACK not in CHOICES
    assert len(CHOICES) == len(Reason) - 1


def test_votes_are_summed_up_by_revision_with_their_reasons(database: Database, pump: Translation, now: datetime) -> None:
    with database.writing() as session:
        vote(session, pump, helpful=True, mark="a", now=now)
        vote(session, pump, helpful=False, reason=Reason.TOO_LONG, mark="b", now=now)
        first = public_revision(session, pump.id)
        later = now + timedelta(hours=1)
        save_translation(session, external_id="pump", language="en", title="Pump", body="Lay it flat.", status=Status.PUBLISHED, now=later)
        vote(session, pump, helpful=False, mark="c", now=later)
        second = public_revision(session, pump.id)
    with database.reading() as session:
        found = verdicts(session, articles=[pump.article_id])
        assert first != second
        assert found == [
            Verdict(pump.article_id, "en", first, 1, 1, {Reason.TOO_LONG: 1}),
            Verdict(pump.article_id, "en", second, 0, 1, {}),
        ]
        assert verdicts(session, articles=[0]) == []
        assert len(verdicts(session, since=now.date())) == 2
        assert verdicts(session, since=now.date() + timedelta(days=1)) == []


def test_who_votes_again_on_the_same_day_changes_the_vote(database: Database, pump: Translation, now: datetime) -> None:
    with database.writing() as session:
        for helpful, reason in ((True, None), (False, None), (False, Reason.OUT_OF_DATE), (False, Reason.OUT_OF_DATE)):
            vote(session, pump, helpful=helpful, reason=reason, mark="same", now=now)
        (found,) = verdicts(session)
        assert (found.helpful, found.unhelpful, found.reasons) == (0, 1, {Reason.OUT_OF_DATE: 1})
        vote(session, pump, helpful=True, reason=Reason.OUT_OF_DATE, mark="same", now=now)
        (found,) = verdicts(session)
        assert (found.helpful, found.unhelpful, found.reasons) == (1, 0, {})


def test_nothing_is_left_of_who_voted_once_the_day_is_over(database: Database, pump: Translation, now: datetime) -> None:
    with database.writing() as session:
        vote(session, pump, helpful=True, mark="a", now=now)
        vote(session, pump, helpful=True, mark="b", now=now + timedelta(days=1))
        vote(session, pump, helpful=True, mark="c", now=now + timedelta(days=2))
        assert session.scalars(select(Vote.mark).order_by(Vote.id)).all() == [None, "b", "c"]
        assert session.scalar(select(func.count()).select_from(Vote)) == 3
