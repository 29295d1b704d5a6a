"""When the weekly report is due: by the reader's own clock, through summer time and back."""

from datetime import UTC, date, datetime

import pytest

from webform.subscriptions import next_due, reported_week


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekday", "hour", "zone", "after", "due"),
    [
        (0, 8, "UTC", "2026-11-29T12:00", "2026-11-30T08:00"),
        (0, 8, "UTC", "2026-11-30T07:59", "2026-11-30T08:00"),
        (0, 8, "UTC", "2026-11-30T08:00", "2026-12-07T08:00"),
        (0, 8, "Asia/Shanghai", "2026-11-29T23:59", "2026-11-30T00:00"),
        (0, 0, "Pacific/Kiritimati", "2026-11-25T00:00", "2026-11-29T10:00"),
        (0, 8, "Europe/Berlin", "2026-10-19T06:00", "2026-10-26T07:00"),  # Summer time has ended on the day before.
        (6, 2, "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:00"),  # This hour is left out.
        (6, 2, "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:00"),  # This one comes twice.
    ],
)
def test_it_is_due_at_an_hour_of_the_reader_s_week(weekday: int, hour: int, zone: str, after: str, due: str) -> None:
    assert next_due(weekday, hour, zone, at(after)) == at(due)


def test_the_week_that_is_told_is_the_last_one_that_is_over() -> None:
    assert [reported_week(at(day)) for day in ("2026-11-29T23:59", "2026-11-30T00:00", "2026-12-06T23:59")] == [
        date(2026, 11, 16),
        date(2026, 11, 23),
        date(2026, 11, 23),
    ]
