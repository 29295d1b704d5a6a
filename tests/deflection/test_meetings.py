from datetime import datetime, timedelta

import pytest

from deflection.events import Kind, Reason
from deflection.meetings import Meeting, meetings
from deflection.visits import Arm
from kb.database import Database
from tests.deflection.health_world import Fact, visit

SHOWN, OPENED, READ, SOLVED, DECLINED, SUBMITTED = (Kind.SHOWN, 1), (Kind.OPENED, 1), (Kind.READ, 1), (Kind.SOLVED, 1), (Kind.DECLINED, 1), (Kind.SUBMITTED, 0)
STEPS = ("shown", "opened", "read", "solved", "declined", "sent", "returned")


def met(database: Database, now: datetime) -> dict[int, Meeting]:
    with database.reading() as session:
        return {meeting.article_id: meeting for meeting in meetings(session, since=now - timedelta(days=1), until=now + timedelta(days=1))}


def steps(meeting: Meeting) -> str:
    return " ".join(step for step in STEPS if getattr(meeting, step))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([SHOWN], "shown"),
        ([SHOWN, SUBMITTED], "shown"),
        ([SHOWN, OPENED], "shown opened"),
        ([OPENED, READ], "opened read"),
        ([SHOWN, SOLVED], "shown opened read solved"),
        ([SHOWN, DECLINED], "shown opened read declined"),
        ([SHOWN, OPENED, SUBMITTED], "shown opened sent"),
        ([SHOWN, OPENED, DECLINED, SUBMITTED], "shown opened read declined sent"),
        ([SHOWN, OPENED, SOLVED, SUBMITTED], "shown opened read sent"),
        ([SUBMITTED, OPENED, SOLVED], "opened read solved"),
        ([SHOWN, (Kind.SOLVED, 0)], "shown opened read solved"),
        ([SHOWN, (Kind.SHOWN, 2), OPENED, (Kind.SOLVED, 0)], "shown opened read solved"),
        ([SHOWN, (Kind.SHOWN, 2), (Kind.SOLVED, 0)], "shown"),
        ([SHOWN, OPENED, (Kind.SOLVED, 2), (Kind.SOLVED, 0)], "shown opened"),
    ],
)
def test_each_step_includes_those_after_it_and_a_later_request_overturns_a_solution(
    database: Database, now: datetime, facts: list[Fact], expected: str
) -> None:
    with database.writing() as session:
        visit(session, now, facts)
    assert steps(met(database, now)[1]) == expected


@pytest.mark.parametrize("changed", [{"arm": Arm.HOLDOUT}, {"engaged": False}, {"straight": True}])
def test_visits_that_prove_nothing_are_left_out(database: Database, now: datetime, changed: dict[str, object]) -> None:
    with database.writing() as session:
        visit(session, now, [SHOWN, SOLVED], **changed)
    assert met(database, now) == {}


def test_what_was_withheld_was_met_by_nobody(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, now, [(Kind.WITHHELD, 1), SUBMITTED])
    assert met(database, now) == {}


def test_who_comes_back_with_a_request_was_not_helped(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, now, [SHOWN, SOLVED, (Kind.SHOWN, 2)], person="a" * 64)
        visit(session, now + timedelta(hours=3), [SUBMITTED], person="a" * 64)
    found = met(database, now)
    assert steps(found[1]) == "shown opened read sent returned"
    assert steps(found[2]) == "shown"


def test_the_reason_is_kept_and_so_is_that_none_was_given(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, now, [DECLINED, (Kind.SHOWN, 2)], reason="too-long")
        visit(session, now, [(Kind.DECLINED, 3)])
    found = met(database, now)
    assert (found[1].reason, found[2].reason, found[3].reason, found[3].declined) == (Reason.TOO_LONG, None, None, True)
