import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deflection.events import Kind, record
from deflection.outcomes import Outcome
from deflection.reports import Report, as_json, report
from deflection.visits import Arm, identify
from kb.database import Database
from kb.intervals import newcombe, wilson
from tests.deflection.conftest import Begin


@pytest.fixture
def month(database: Database, begin: Begin, now: datetime) -> Report:
    """Treatment: 3 confirmed, 1 presumed, 4 submitted, 2 abandoned, 5 not engaged. Holdout: 6 submitted, 2 abandoned."""
    number = 0

    def visits(session: Session, count: int, *kinds: Kind, **told: object) -> None:
        nonlocal number
        for _ in range(count):
            number += 1
            visit = begin(session, f"visit {number}", **told)
            for kind in kinds:
                record(session, visit, kind, articles=[] if kind is Kind.SUBMITTED else [1], seconds=9 if kind is Kind.READ else None, now=now)

    with database.writing() as session:
        visits(session, 3, Kind.SHOWN, Kind.SOLVED)
        visits(session, 1, Kind.SHOWN, Kind.READ)
        visits(session, 4, Kind.SHOWN, Kind.SUBMITTED)
        visits(session, 2)
        visits(session, 5, Kind.SUBMITTED, engaged=False)
        visits(session, 6, Kind.WITHHELD, Kind.SUBMITTED, holdout_share=1.0)
        visits(session, 2, Kind.WITHHELD, holdout_share=1.0)
    with database.reading() as session:
        return report(session, since=now - timedelta(days=1), until=now + timedelta(days=1))


def test_visits_engaged_visits_and_outcomes_are_counted_by_arm(month: Report) -> None:
    treatment, holdout = month.arms[Arm.TREATMENT], month.arms[Arm.HOLDOUT]
    assert (treatment.visits, treatment.engaged, holdout.visits, holdout.engaged) == (15, 10, 8, 8)
    assert treatment.outcomes == {
        Outcome.CONFIRMED: 3, Outcome.PRESUMED: 1, Outcome.SUBMITTED_AFTER_HELP: 0, Outcome.SUBMITTED: 4, Outcome.ABANDONED: 2,
    }  # fmt: skip
    assert holdout.outcomes == dict.fromkeys(Outcome, 0) | {Outcome.SUBMITTED: 6, Outcome.ABANDONED: 2}


def test_visits_that_go_straight_to_a_person_are_counted_but_are_no_engaged_ones(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        record(session, begin(session, "sent", straight=True), Kind.SUBMITTED, now=now)
        begin(session, "left", straight=True)
        begin(session, "held out", straight=True, holdout_share=1.0)
        begin(session, "ordinary")
        begin(session, "changed", straight=True)
        begin(session, "changed", straight=False)
        begin(session, "changed", straight=None)
    with database.reading() as session:
        made = report(session, since=now - timedelta(days=1), until=now + timedelta(days=1))
    treatment, holdout = made.arms[Arm.TREATMENT], made.arms[Arm.HOLDOUT]
    assert (treatment.visits, treatment.straight, treatment.engaged, treatment.requests) == (4, 2, 2, 0)
    assert (holdout.visits, holdout.straight, holdout.engaged) == (1, 1, 0)
    assert as_json(made)["arms"]["treatment"]["straight_to_a_person"] == 2  # type: ignore[index]


def test_the_rate_is_confirmed_of_engaged_visits_of_the_treatment_arm(month: Report) -> None:
    rate = month.deflection_rate
    assert (rate.count, rate.of, rate.share, rate.interval) == (3, 10, 0.3, wilson(3, 10))


def test_the_lift_is_requests_per_100_engaged_visits_in_the_holdout_minus_in_treatment(month: Report) -> None:
    lift = month.lift
    assert lift is not None
    assert lift.per_100_visits == pytest.approx(75 - 40)
    assert lift.interval == pytest.approx([100 * bound for bound in newcombe((6, 8), (4, 10))])
    assert not lift.is_certain
    assert lift.visits_needed is not None
    assert 10 < lift.visits_needed < 80


def test_a_request_that_takes_back_an_earlier_visit_counts_once(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        for token, kind in (("earlier", Kind.SOLVED), ("later", Kind.SUBMITTED)):
            at = now + timedelta(days=kind is Kind.SUBMITTED)
            visit = begin(session, token, now=at)
            record(session, visit, kind, now=at)
            identify(session, visit, "a" * 64)
        figures = report(session, since=now, until=now + timedelta(days=2)).arms[Arm.TREATMENT]
    assert (figures.requests, figures.taken_back, figures.outcomes[Outcome.SUBMITTED_AFTER_HELP], figures.outcomes[Outcome.CONFIRMED]) == (1, 1, 1, 0)


def test_without_visits_there_is_no_rate_and_no_lift(database: Database, now: datetime) -> None:
    with database.reading() as session:
        empty = report(session, since=now - timedelta(days=1), until=now)
    assert (empty.deflection_rate.share, empty.deflection_rate.interval, empty.lift) == (None, None, None)
    assert as_json(empty)["deflection_rate"] == {"confirmed": 0, "engaged_visits": 0, "share": None, "low": None, "high": None}


def test_a_visit_seen_within_thirty_minutes_is_under_way(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        begin(session, "going on", now=now - timedelta(minutes=29))
        begin(session, "gone", now=now - timedelta(minutes=31))
        record(session, begin(session, "sent"), Kind.SUBMITTED, now=now)
        assert report(session, since=now - timedelta(days=1), until=now + timedelta(days=1), now=now).arms[Arm.TREATMENT].under_way == 1


def test_as_json_everything_can_be_read_by_machines(month: Report) -> None:
    told = json.loads(json.dumps(as_json(month)))
    assert told["arms"]["treatment"] | {"visits": 15, "engaged_visits": 10, "confirmed": 3, "presumed": 1} == told["arms"]["treatment"]
    assert told["arms"]["holdout"]["submitted"] == 6
    assert told["lift"]["requests_per_100_visits"] == pytest.approx(35)
    assert told["lift"]["low"] < 0 < told["lift"]["high"]
    assert told["definitions"] == 4
