"""Working time over nights, weekends, holidays, half days and the days on which clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webform.hour_lines import HourFault, HoursRefused, read_holidays, read_spans, write_spans
from webform.working_time import Span, WorkingTime

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
WEEKDAY, CLOSED, ROUND = read_spans("9-12:30, 13:30-17"), (), (Span(0, 1440),)
HOLIDAYS, _ = read_holidays("12-25 Christmas\n12-26\n2026-04-03 Good Friday\n12-24 9:00-12:00 half a day\n12-31 9-12")
OFFICE = WorkingTime(BERLIN, (WEEKDAY,) * 5 + (CLOSED, CLOSED), HOLIDAYS)
NIGHT = WorkingTime(BERLIN, (read_spans("0-6"),) * 7)
ALWAYS = WorkingTime(BERLIN, (ROUND,) * 7)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-30 09:00", 1, "2026-11-30 10:00"),
        ("2026-11-30 12:00", 1, "2026-11-30 14:00"),  # The break is no work.
        ("2026-11-30 09:00", 7, "2026-11-30 17:00"),  # Ends with the day, not with the next morning.
        ("2026-11-30 16:30", 1, "2026-12-01 09:30"),
        ("2026-11-30 04:00", 1, "2026-11-30 10:00"),
        ("2026-12-04 16:00", 4, "2026-12-07 12:00"),  # Friday over the weekend.
        ("2026-12-05 11:00", 0, "2026-12-07 09:00"),  # Nothing to do is done once somebody is there.
        ("2026-12-23 16:00", 4, "2026-12-24 12:00"),  # The half day is enough to the minute.
        ("2026-12-23 16:00", 5, "2026-12-28 10:00"),  # Half a day, two holidays, a weekend.
        ("2026-12-31 11:00", 8, "2027-01-01 17:00"),  # New Year is no holiday here.
        ("2026-04-02 16:00", 2, "2026-04-06 10:00"),  # A holiday of that year only.
        ("2027-04-01 16:00", 2, "2027-04-02 10:00"),
        ("2026-03-27 16:30", 1, "2026-03-30 09:30"),  # Clocks went forward on Sunday: the wall decides.
        ("2026-10-23 16:30", 1, "2026-10-26 09:30"),
    ],
)
def test_hours_of_work_end_when_people_have_worked_them(start: str, hours: int, end: str) -> None:
    assert OFFICE.after(berlin(start), timedelta(hours=hours)) == berlin(end)


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 6), ("2026-03-29", 5), ("2026-10-24", 6), ("2026-10-25", 7)],
)
def test_a_night_has_an_hour_less_or_more_when_clocks_are_changed(day: str, hours: int) -> None:
    start, end = berlin(f"{day} 00:00"), berlin(f"{day} 23:59")
    assert NIGHT.between(start, end) == timedelta(hours=hours)
    assert NIGHT.after(start, timedelta(hours=hours)) == berlin(f"{day} 06:00")


def test_an_opening_that_the_clock_leaves_out_comes_after_the_gap_and_an_hour_that_comes_twice_is_worked_twice() -> None:
    gap = WorkingTime(NEW_YORK, (read_spans("2:30-4"),) * 7)
    sunday = datetime(2026, 3, 8, 0, tzinfo=NEW_YORK)
    assert gap.opens_at(sunday) == datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)
    twice = WorkingTime(NEW_YORK, (read_spans("1-2"),) * 7)
    back = datetime(2026, 11, 1, 0, tzinfo=NEW_YORK)
    assert twice.between(back, back + timedelta(hours=12)) == timedelta(hours=2)
    lost = WorkingTime(BERLIN, (read_spans("2-3"),) * 7)
    assert lost.between(berlin("2026-03-29 00:00"), berlin("2026-03-29 12:00")) == timedelta()


def test_somebody_is_there_from_the_minute_of_opening_to_that_of_closing() -> None:
    moments = ("08:59", "09:00", "12:29", "12:30", "13:30", "17:00")
    assert [OFFICE.is_open(berlin(f"2026-11-30 {moment}")) for moment in moments] == [False, True, True, False, True, False]
    assert OFFICE.closes_at(berlin("2026-11-30 10:00")) == berlin("2026-11-30 12:30")
    assert OFFICE.closes_at(berlin("2026-11-30 13:00")) is None
    assert OFFICE.opens_at(berlin("2026-11-30 10:00")) == berlin("2026-11-30 10:00")
    assert OFFICE.opens_at(berlin("2026-12-04 17:00")) == berlin("2026-12-07 09:00")


def test_hours_over_midnight_are_one_and_round_the_clock_never_closes() -> None:
    late = WorkingTime(BERLIN, ((Span(0, 120), Span(1200, 1440)),) * 7)
    assert late.closes_at(berlin("2026-11-30 22:00")) == berlin("2026-12-01 02:00")
    assert ALWAYS.closes_at(berlin("2026-11-30 22:00")) is None
    assert ALWAYS.is_open(berlin("2026-11-30 00:00"))
    assert ALWAYS.after(berlin("2026-03-28 12:00"), timedelta(hours=24)) == berlin("2026-03-29 13:00")


def test_who_is_never_there_never_answers() -> None:
    never = WorkingTime(BERLIN, (CLOSED,) * 7)
    assert never.is_empty
    assert never.opens_at(berlin("2026-11-30 10:00")) is None
    assert never.after(berlin("2026-11-30 10:00"), timedelta(hours=1)) is None
    yearly = WorkingTime(BERLIN, (CLOSED,) * 7, read_holidays("2-29 9-10")[0])
    assert yearly.opens_at(berlin("2027-11-30 10:00")) == berlin("2028-02-29 09:00")


@given(
    st.integers(0, 5 * 365 * 1440).map(lambda minute: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)),
    st.integers(0, 200 * 60),
    st.sampled_from([OFFICE, NIGHT, ALWAYS]),
)
def test_the_work_until_it_is_done_is_the_work_there_was(start: datetime, minutes: int, hours: WorkingTime) -> None:
    work = timedelta(minutes=minutes)
    end = hours.after(start, work)
    assert end is not None
    assert hours.between(start, end) == work


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("9-17", "09:00-17:00"),
        ("13.30 – 17:00,9:00-12:30", "09:00-12:30, 13:30-17:00"),
        ("", ""),
        ("0-24", "00:00-24:00"),
        ("9 до 17", "09:00-17:00"),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, written: str) -> None:
    assert write_spans(read_spans(text)) == written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("nine to five", HourFault.UNREAD),
        ("9-25", HourFault.UNREAD),
        ("9:70-10", HourFault.UNREAD),
        ("9-17 or so", HourFault.UNREAD),
        ("17-9", HourFault.ORDER),
        ("9-9", HourFault.ORDER),
        ("9-12, 11-17", HourFault.OVERLAP),
    ],
)
def test_what_cannot_be_hours_is_refused(text: str, fault: HourFault) -> None:
    with pytest.raises(HoursRefused) as refused:
        read_spans(text)
    assert refused.value.fault == fault


def test_wrong_lines_of_holidays_are_named_and_the_others_hold() -> None:
    found, wrong = read_holidays("# ours\n\n12-25 Christmas\n2026-02-29\n12-24 13-9\nEaster\n02-29 9-12")
    assert [(each.month, each.day, each.name) for each in found] == [(12, 25, "Christmas"), (2, 29, "")]
    assert found[1].spans == (Span(540, 720),)
    assert [(each.number, each.fault) for each in wrong] == [(4, HourFault.NO_DAY), (5, HourFault.ORDER), (6, HourFault.UNREAD)]
