from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deflection import ledger
from deflection.article_figures import by_article
from deflection.counted import RULES
from deflection.day_counts import VISIT_COUNTS
from deflection.events import Kind
from deflection.evidence import COLUMNS, UnknownCount, all_evidence, evidence
from deflection.figures import NAMES, by_dimension, by_period, choices, demand, figures_of, funnel
from deflection.guards import GuardName, guards
from deflection.savings import savings
from deflection.slices import Dimension, Slice, last_days
from deflection.visits import Arm
from kb.database import Database
from tests.deflection.health_world import visit

DAY = timedelta(days=1)
SHOWN, OPENED, SOLVED, SENT, WITHHELD = (Kind.SHOWN, 1), (Kind.OPENED, 1), (Kind.SOLVED, 1), (Kind.SUBMITTED, 0), (Kind.WITHHELD, 1)


@pytest.fixture
def month(database: Database, now: datetime) -> Slice:
    """Four weeks: every day one solved on a phone, one sent after help on a desktop, one abandoned in Russian; some held out; a form only opened."""

    def day(session: Session, at: datetime) -> None:
        visit(session, at, [SHOWN, OPENED, SOLVED], device="phone", release="1.0+3", typed_at=at)
        visit(session, at, [SHOWN, OPENED, SENT], device="desktop", site="shop.example.com", typed_at=at, topic="app")
        visit(session, at, [], language="ru")
        visit(session, at, [WITHHELD, SENT], arm=Arm.HOLDOUT, device="phone", typed_at=at - timedelta(minutes=1))
        visit(session, at, [], begun=False, engaged=False)

    with database.writing() as session:
        for back in range(28):
            day(session, now - back * DAY)
    ledger.count(database, now + timedelta(hours=1))
    return last_days(28, now)


def test_a_slice_is_added_up_by_arm_period_dimension_and_article(database: Database, month: Slice, now: datetime) -> None:
    with database.reading() as session:
        figures = figures_of(session, month)
        assert (figures.deflection_rate.count, figures.deflection_rate.of, figures.holdout.requests, figures.holdout.engaged) == (28, 84, 28, 28)
        assert sum(figures.treatment.outcomes.values()) == figures.treatment.engaged
        assert dict(funnel(figures.treatment)) == {"opened_forms": 112, "typed": 84, "engaged": 84, "shown": 56, "opened": 56, "confirmed": 28}
        weeks = by_period(session, month, weekly=True)
        assert [(week.first.isoweekday(), (week.last - week.first).days + 1, week.figures.treatment.engaged) for week in weeks] == [(1, 7, 21)] * 4
        assert [period.figures.treatment.visits for period in by_period(session, month)] == [3] * 28
        devices = by_dimension(session, month, Dimension.DEVICE)
        confirmed = [(name, each.treatment.confirmed, each.treatment.opened_forms) for name, each in devices.items()]
        assert confirmed == [("", 0, 56), ("desktop", 0, 28), ("phone", 28, 28)]
        phones = Slice(month.since, month.until, device="phone", topic="pump", language="en", site="", release="1.0+3")
        assert figures_of(session, phones).treatment.engaged == 28
        assert choices(session, phones)[Dimension.SITE] == ["", "shop.example.com"]
        (article,) = by_article(session, month)
        assert (article.article_id, article.shown, article.opened, article.solved, article.failed) == (1, 56, 56, 28, 28)
        met = figures_of(session, Slice(month.since, month.until, article=1))
        assert (met.treatment.engaged, met.treatment.confirmed, met.holdout.engaged, met.holdout.requests) == (56, 28, 28, 28)
        hours = demand(session, month)
        assert sum(map(sum, hours)) == 28 * 4
        assert [row[9] for row in hours] == [16] * 7
        assert figures_of(session, month.before).treatment.visits == 0


def test_guards_hold_the_treatment_against_the_holdout_and_say_what_is_behind(database: Database, month: Slice) -> None:
    with database.reading() as session:
        figures = figures_of(session, month)
    found = {guard.name: guard for guard in guards(figures)}
    assert list(found) == list(GuardName)
    assert (found[GuardName.ABANDONMENT].treatment.count, found[GuardName.ABANDONMENT].holdout.of) == (28, 28)  # type: ignore[union-attr]
    time = found[GuardName.TIME_TO_SEND]
    assert (time.treatment.seconds, time.holdout.seconds) == (pytest.approx(2, rel=0.01), pytest.approx(61, rel=0.01))  # type: ignore[union-attr]
    assert time.difference == pytest.approx((2 / 61, 2 / 61), rel=0.02)
    assert (found[GuardName.SENT_AFTER_BAD].treatment.count, found[GuardName.SENT_AFTER_BAD].treatment.of) == (28, 28)  # type: ignore[union-attr]
    assert not any(guard.is_worse for guard in found.values())


def test_savings_are_the_lift_in_money_and_never_without_bounds(database: Database, month: Slice) -> None:
    with database.reading() as session:
        figures = figures_of(session, month)
    saved = savings(figures, cost_per_contact=6.0, currency="EUR")
    assert figures.lift is not None
    assert saved is not None
    assert saved.amount == pytest.approx(figures.lift.per_100_visits / 100 * 84 * 6)
    assert saved.interval == pytest.approx([bound / 100 * 84 * 6 for bound in figures.lift.always])
    assert savings(figures, cost_per_contact=0, currency="EUR") is None


@pytest.mark.parametrize("changed", [{}, {"device": "phone"}, {"article": 1}, {"language": "ru"}])
def test_behind_every_count_there_are_as_many_visits(database: Database, month: Slice, changed: dict[str, object]) -> None:
    wanted = Slice(month.since, month.until, **changed)  # type: ignore[arg-type]
    names = VISIT_COUNTS if wanted.article else [name for name in NAMES if name in RULES]
    with database.reading() as session:
        figures = figures_of(session, wanted)
        for name in names:
            for arm in Arm if name in {"engaged", "shown", "requests", "left"} else [Arm.TREATMENT]:
                assert len(list(all_evidence(session, wanted, name, arm))) == getattr(figures.arms[arm], name), (name, arm)


def test_evidence_comes_in_pages_and_names_nobody(database: Database, month: Slice) -> None:
    with database.reading() as session:
        numbers, after = [], ""
        for _ in range(3):
            page = evidence(session, month, "confirmed", Arm.TREATMENT, after=after, limit=10)
            numbers += [row.facts.visit_id for row in page.rows]
            after = page.next
        assert (len(numbers), len(set(numbers)), after, page.counted) == (28, 28, "", 28)
        assert [[each.kind for each in row.events] for row in page.rows] == [[Kind.SHOWN, Kind.OPENED, Kind.SOLVED]] * 8
        first = dict(zip(COLUMNS, next(all_evidence(session, month, "submitted_after_help")), strict=True))
        assert (first["outcome"], first["seconds_to_send"], first["events"]) == ("submitted_after_help", 2.0, "shown:1 opened:1 submitted")
        with pytest.raises(UnknownCount):
            evidence(session, month, "log_seconds")
