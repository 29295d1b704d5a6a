from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deflection import census, counted, ledger, rebuilding
from deflection.article_figures import by_article
from deflection.article_months import add_up, article_month, split
from deflection.article_weeks import ArticleWeek
from deflection.census import Census, Keeper
from deflection.day_counts import CountedDay, article_day, counted_at, day_count
from deflection.events import Event, Kind, record
from deflection.figures import by_period, figures_of
from deflection.outcomes import Outcome
from deflection.rebuilding import rebuild
from deflection.slices import Slice
from deflection.surroundings import Surroundings
from deflection.visits import Visit, find_visit, identify, see
from kb.database import Database
from tests.deflection.conftest import Begin
from tests.deflection.health_world import many, publish, visit
from tests.deflection.ledger_world import independent

DAY = timedelta(days=1)
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NAMES = ("opened_forms", "visits", "engaged", "requests", *(outcome.value for outcome in Outcome))

steps = st.lists(
    st.tuples(
        st.integers(0, 5),  # which visit
        st.sampled_from([*Kind, "open", "identify", "topic", "count"]),
        st.integers(0, 3),  # article, person, browser or topic
        st.sampled_from([0.0, 0.01, 0.4, 3.0, 6.9, 20.0]),  # days that pass before
    ),
    max_size=24,
)


def everything(session: Session) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    tables = [table.c for table in (day_count, article_day)]
    days, articles = (sorted(tuple(row) for row in session.execute(select(*(column for column in table if column.name != "id")))) for table in tables)
    return days, articles


def weeks_of(session: Session) -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in session.execute(select(*(column for column in ArticleWeek.__table__.c if column.name != "id"))))


def take(session: Session, step: tuple[int, object, int, float], now: datetime) -> None:
    number, kind, other, _ = step
    arm = 1.0 if number == 5 else 0.0
    place = Surroundings(device=["phone", ""][number % 2], browser=["", "b1", "b2", "b1"][number % 4])
    told = {"language": ["en", "ru"][number % 2], "scripted": True, "holdout_share": arm, "secret": "s", "now": now, "surroundings": place}
    if kind == "open":
        see(session, token=str(number), begun=False, **told)  # type: ignore[arg-type]
        return
    seen = see(session, token=str(number), engaged=number != 4, straight=number == 3 and other == 3, topic=f"t{other}" if kind == "topic" else "", **told)  # type: ignore[arg-type]
    if kind == "identify":
        identify(session, seen, f"p{other}")
    elif isinstance(kind, Kind):
        alone = kind is Kind.SUBMITTED
        record(session, seen, kind, articles=[] if alone else [other + 1], seconds=3.0 * other if kind is Kind.READ else None, now=now)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_counting_bit_by_bit_is_counting_anew_and_is_what_a_query_of_its_own_finds(database: Database, steps: list[tuple[int, object, int, float]]) -> None:
    with database.writing() as session:
        for table in (Event, Visit, CountedDay, day_count, article_day, ArticleWeek, Census):
            session.execute(delete(table))
        ledger.lock(session).counted_at = None
    now, keeper = START, Keeper(database)
    for step in steps:
        now += timedelta(days=step[3])
        if step[1] == "count":
            ledger.count(database, now)
            keeper.count(now)
        else:
            with database.writing() as session:
                take(session, step, now)
    keeper.count(now)
    now += timedelta(hours=1)
    ledger.count(database, now)
    with database.reading() as session:
        bit_by_bit, plain, weeks = everything(session), independent(session), weeks_of(session)
    assert sum_of(bit_by_bit[0]) == {place: Counter({name: counts[name] for name in NAMES}) for place, counts in plain.items()}
    rebuild(database, now)
    with database.writing() as session:
        session.execute(delete(ArticleWeek))
        session.execute(delete(Census))
    Keeper(database).count(now)
    whole = Slice(date(2026, 11, 1), date(2028, 11, 1))
    with database.reading() as session:
        assert everything(session) == bit_by_bit
        assert weeks_of(session) == weeks
        met = by_article(session, whole), by_article(session, replace(whole, language="ru"))
    add_up(database, now + 60 * DAY)
    with database.reading() as session:
        assert (by_article(session, whole), by_article(session, replace(whole, language="ru"))) == met


def sum_of(rows: list[tuple[object, ...]]) -> dict[tuple[object, ...], Counter[str]]:
    columns = [column.name for column in day_count.c if column.name != "id"]
    found: dict[tuple[object, ...], Counter[str]] = {}
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        place = tuple(named[name] for name in ("day", "arm", "language", "topic", "device", "site"))
        found.setdefault(place, Counter()).update({name: named[name] for name in NAMES})
    return found


def test_a_solved_visit_that_sends_tomorrow_moves_yesterdays_figure(database: Database, begin: Begin, now: datetime) -> None:
    yesterday = Slice((now - DAY).date(), now.date())
    with database.writing() as session:
        record(session, begin(session, "solved", now=now - DAY), Kind.SOLVED, articles=[1], now=now - DAY)
        record(session, begin(session, "other", now=now - 9 * DAY), Kind.SOLVED, articles=[1], now=now - 9 * DAY)
    assert ledger.count(database, now - DAY + timedelta(hours=1)) == 2
    with database.reading() as session:
        assert figures_of(session, yesterday).treatment.confirmed == 1
    with database.writing() as session:
        solved = find_visit(session, "solved")
        assert solved is not None
        record(session, solved, Kind.SUBMITTED, now=now)
    assert ledger.count(database, now) == 1
    with database.reading() as session:
        counts = figures_of(session, yesterday).treatment
        assert (counts.confirmed, counts.submitted, counts.requests) == (0, 1, 1)
        assert [period.figures.treatment.engaged for period in by_period(session, Slice(now.date() - 10 * DAY, now.date() + DAY))] == [0, 1] + [0] * 7 + [1, 0]
        assert [(each.article_id, each.failed, each.solved) for each in by_article(session, yesterday)] == [(1, 1, 0)]


def test_who_comes_back_in_the_same_browser_takes_back_without_a_known_address(database: Database, begin: Begin, now: datetime) -> None:
    mine = Surroundings(browser="b" * 64)
    with database.writing() as session:
        record(session, begin(session, "solved", surroundings=mine, now=now - 2 * DAY), Kind.SOLVED, articles=[1], now=now - 2 * DAY)
    ledger.count(database, now - DAY)
    with database.writing() as session:
        record(session, begin(session, "again", surroundings=mine), Kind.SUBMITTED, now=now)
    ledger.count(database, now)
    with database.reading() as session:
        counts = figures_of(session, Slice(now.date() - 3 * DAY, now.date())).treatment
    assert (counts.confirmed, counts.submitted_after_help, counts.taken_back, counts.helped, counts.requests) == (0, 1, 1, 1, 0)


def test_new_definitions_rewrite_no_day_that_is_over_until_somebody_asks(
    database: Database, begin: Begin, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        many(session, now - 2 * DAY, 1, solved=1, of=3)
        begin(session, "today", now=now - timedelta(hours=1))
    ledger.count(database, now)
    monkeypatch.setattr(ledger, "DEFINITIONS", 99)
    monkeypatch.setattr(rebuilding, "DEFINITIONS", 99)
    monkeypatch.setattr(counted, "outcome", lambda facts: Outcome.ABANDONED)
    with database.writing() as session:
        visit(session, now - 2 * DAY, [(Kind.OPENED, 1)], last_seen_at=now)
    ledger.count(database, now)
    old, today = Slice(now.date() - 2 * DAY, now.date()), Slice(now.date(), now.date() + DAY)
    with database.reading() as session:
        assert figures_of(session, old).definitions == {4}
        assert (figures_of(session, old).treatment.confirmed, figures_of(session, old).treatment.engaged) == (1, 3)
        assert figures_of(session, today).definitions == {99}
        assert session.scalars(select(CountedDay.day).where(CountedDay.waiting)).all() == [now.date() - 2 * DAY]
    done = rebuild(database, now)
    (change,) = done.changes
    assert (change.day, change.definitions, done.definitions, done.counted, done.kept) == (now.date() - 2 * DAY, 4, 99, 2, 0)
    assert [(change.before[name], change.after[name]) for name in ("engaged", "confirmed", "abandoned")] == [(3, 4), (1, 0), (2, 4)]
    with database.reading() as session:
        assert (figures_of(session, old).definitions, figures_of(session, old).treatment.engaged) == ({99}, 4)


def test_processes_that_count_at_once_count_everything_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        for back in range(5):
            many(session, now - back * DAY, 1, solved=2, of=5)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: ledger.count(database, now), range(4)))
    with database.reading() as session:
        counts = figures_of(session, Slice(date(2026, 11, 1), date(2026, 12, 1))).treatment
        assert (counts.engaged, counts.confirmed, counted_at(session)) == (25, 10, now)


def test_what_another_process_wrote_after_the_comparing_is_compared_again(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        many(session, now, publish(session, now - DAY).article_id, solved=2, of=5)
    counting = database.counting
    for count in (ledger.count, census.count):

        def when_another_has_counted(count: Callable[[Database, datetime], object] = count, **patience: float) -> AbstractContextManager[Session]:
            monkeypatch.setattr(database, "counting", counting)
            count(database, now)
            return counting(**patience)

        monkeypatch.setattr(database, "counting", when_another_has_counted)
        count(database, now)
    with database.reading() as session:
        assert figures_of(session, Slice(now.date(), now.date() + DAY)).treatment.engaged == 5
        assert session.scalar(select(func.sum(ArticleWeek.opened))) == 5


def test_months_of_articles_are_added_up_once_they_are_settled_and_anew_when_a_day_changes(database: Database, now: datetime) -> None:
    october = datetime(2026, 10, 30, 9, tzinfo=UTC)
    year = Slice(date(2026, 1, 5), date(2026, 12, 1))
    with database.writing() as session:
        many(session, october, 1, solved=2, of=5)
        many(session, now, 1, solved=1, of=3)
    ledger.count(database, now)
    assert add_up(database, datetime(2026, 11, 9, tzinfo=UTC)) == 0
    assert (add_up(database, now), add_up(database, now)) == (1, 0)
    with database.writing() as session:
        assert session.execute(select(func.sum(article_month.c.opened), func.min(article_month.c.month))).one() == (5, date(2026, 10, 1))
        assert split(session, year) == ([date(2026, 10, 1)], [(date(2026, 1, 5), date(2026, 10, 1)), (date(2026, 11, 1), date(2026, 12, 1))])
        assert split(session, Slice(date(2026, 10, 2), date(2026, 12, 1)))[0] == []
        assert [(each.opened, each.solved) for each in by_article(session, year)] == [(8, 3)]
        many(session, october, 1, solved=4, of=4)
    ledger.count_day(database, october.date(), now + DAY)
    with database.reading() as session:
        assert split(session, year)[0] == []
        assert [(each.opened, each.solved) for each in by_article(session, year)] == [(12, 7)]
    assert add_up(database, now) == 1
    with database.reading() as session:
        assert split(session, year)[0] == [date(2026, 10, 1)]
        assert [(each.opened, each.solved) for each in by_article(session, year)] == [(12, 7)]
