import itertools
from datetime import UTC, datetime, timedelta

import pytest

from webform.schedule import Schedule, schedule
from webform.settings import SettingError, load

BORN = datetime(2026, 11, 22, tzinfo=UTC)
WITHOUT_JITTER = Schedule(tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60)), timedelta(days=3), lambda: 0.0)


def all_attempts(plan: Schedule) -> list[datetime]:
    attempts = [BORN]
    while moment := plan.next_attempt(len(attempts), BORN, attempts[-1]):
        attempts.append(moment)
    return attempts


def test_waits_grow_to_an_hour_and_end_after_three_days() -> None:
    attempts = all_attempts(WITHOUT_JITTER)
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in itertools.pairwise(attempts)]
    assert waits[:6] == [1, 5, 15, 30, 60, 60]
    assert set(waits[6:]) == {60}
    assert timedelta(days=3) <= attempts[-1] - BORN < timedelta(days=3, hours=1)


def test_jitter_adds_at_most_a_fifth() -> None:
    late = Schedule(WITHOUT_JITTER.waits, WITHOUT_JITTER.lifetime, lambda: 0.999)
    moment = late.next_attempt(2, BORN, BORN)
    assert moment is not None
    assert timedelta(minutes=5.9) < moment - BORN < timedelta(minutes=6)


def test_a_clock_that_leapt_ahead_gives_nothing_up_before_every_wait_has_had_its_turn() -> None:
    leapt = BORN + timedelta(days=365)
    assert WITHOUT_JITTER.next_attempt(1, BORN, leapt) == leapt + timedelta(minutes=1)
    assert WITHOUT_JITTER.next_attempt(6, BORN, leapt) is None


def test_the_schedule_comes_from_the_settings() -> None:
    read = schedule(load({"MAIL_RETRY_MINUTES": "0.5, 2", "MAIL_RETRY_DAYS": "1"}, environ={}))
    assert (read.waits, read.lifetime) == ((timedelta(seconds=30), timedelta(minutes=2)), timedelta(days=1))


@pytest.mark.parametrize("text", ["", "soon", "0", "61", "1 -5"])
def test_minutes_that_make_no_schedule_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="MAIL_RETRY_MINUTES"):
        load({"MAIL_RETRY_MINUTES": text}, environ={})
