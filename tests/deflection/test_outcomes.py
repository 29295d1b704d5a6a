from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deflection.events import Kind, record
from deflection.facts import facts_of_visits
from deflection.outcomes import Outcome, outcome, taken_back
from deflection.visits import Visit, identify
from kb.database import Database
from tests.deflection.conftest import Begin

Fact = tuple[Kind, int, float | None]


def outcomes(session: Session, now: datetime) -> dict[int, tuple[Outcome, bool]]:
    found = facts_of_visits(session, since=now - timedelta(days=30), until=now + timedelta(days=30))
    return {facts.visit_id: (outcome(facts), taken_back(facts)) for facts in found}


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ([], Outcome.ABANDONED),
        ([(Kind.SHOWN, 1, None)], Outcome.ABANDONED),
        ([(Kind.OPENED, 1, None)], Outcome.ABANDONED),
        ([(Kind.OPENED, 1, None), (Kind.READ, 1, 4.9)], Outcome.ABANDONED),
        ([(Kind.OPENED, 1, None), (Kind.READ, 1, 5.0)], Outcome.PRESUMED),
        ([(Kind.READ, 1, 60.0), (Kind.DECLINED, 1, None)], Outcome.ABANDONED),
        ([(Kind.READ, 1, 60.0), (Kind.DECLINED, 2, None)], Outcome.PRESUMED),
        ([(Kind.READ, 1, 60.0), (Kind.SOLVED, 1, None)], Outcome.CONFIRMED),
        ([(Kind.SHOWN, 1, None), (Kind.SOLVED, 0, None)], Outcome.CONFIRMED),
        ([(Kind.SOLVED, 1, None), (Kind.DECLINED, 1, None)], Outcome.ABANDONED),
        ([(Kind.SOLVED, 1, None), (Kind.SOLVED, 2, None), (Kind.DECLINED, 1, None)], Outcome.CONFIRMED),
        ([(Kind.SUBMITTED, 0, None)], Outcome.SUBMITTED),
        ([(Kind.SHOWN, 1, None), (Kind.SUBMITTED, 0, None)], Outcome.SUBMITTED),
        ([(Kind.OPENED, 1, None), (Kind.SUBMITTED, 0, None)], Outcome.SUBMITTED_AFTER_HELP),
        ([(Kind.OPENED, 1, None), (Kind.SOLVED, 1, None), (Kind.SUBMITTED, 0, None)], Outcome.SUBMITTED_AFTER_HELP),
        ([(Kind.WITHHELD, 1, None), (Kind.SUBMITTED, 0, None)], Outcome.SUBMITTED),
    ],
)
def test_the_first_rule_that_fits_decides(database: Database, begin: Begin, now: datetime, happened: list[Fact], expected: Outcome) -> None:
    with database.writing() as session:
        visit = begin(session)
        for kind, article, seconds in happened:
            record(session, visit, kind, articles=[article] if article else [], seconds=seconds, now=now)
        assert outcomes(session, now) == {visit.id: (expected, False)}


@pytest.fixture
def come_back(begin: Begin, now: datetime) -> Callable[..., Visit]:
    """A person reads an article at ``now`` and sends a request from another visit ``after`` that."""

    def story(session: Session, after: timedelta, *, kind: Kind = Kind.SOLVED, topics: tuple[str, str] = ("pump", "pump"), same_person: bool = True) -> Visit:
        earlier, later = begin(session, "earlier", topic=topics[0]), begin(session, "later", topic=topics[1], now=now + after)
        record(session, earlier, kind, articles=[1], seconds=30 if kind is Kind.READ else None, now=now)
        record(session, later, Kind.SUBMITTED, now=now + after)
        identify(session, earlier, "a" * 64)
        identify(session, later, ("a" if same_person else "b") * 64)
        return earlier

    return story


@pytest.mark.parametrize("kind", [Kind.SOLVED, Kind.READ])
def test_a_request_of_the_same_person_within_a_week_takes_back(database: Database, come_back: Callable[..., Visit], now: datetime, kind: Kind) -> None:
    with database.writing() as session:
        earlier = come_back(session, timedelta(days=7), kind=kind)
        assert outcomes(session, now)[earlier.id] == (Outcome.SUBMITTED_AFTER_HELP, True)


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        (timedelta(days=7, seconds=1), {}),
        (timedelta(days=1), {"same_person": False}),
        (timedelta(days=1), {"topics": ("pump", "billing")}),
        (timedelta(days=-1), {}),
    ],
)
def test_nothing_else_takes_back(database: Database, come_back: Callable[..., Visit], now: datetime, after: timedelta, changed: dict[str, object]) -> None:
    with database.writing() as session:
        earlier = come_back(session, after, **changed)
        assert outcomes(session, now)[earlier.id] == (Outcome.CONFIRMED, False)


def test_a_request_without_a_topic_may_be_about_anything(database: Database, come_back: Callable[..., Visit], now: datetime) -> None:
    with database.writing() as session:
        earlier = come_back(session, timedelta(days=1), topics=("pump", ""))
        assert outcomes(session, now)[earlier.id] == (Outcome.SUBMITTED_AFTER_HELP, True)


def test_visits_count_by_their_beginning(database: Database, begin: Begin, now: datetime) -> None:
    with database.writing() as session:
        inside = begin(session, "inside", now=now).id
        begin(session, "before", now=now - timedelta(microseconds=1))
        begin(session, "after", now=now + timedelta(hours=1))
        assert [facts.visit_id for facts in facts_of_visits(session, since=now, until=now + timedelta(hours=1))] == [inside]
