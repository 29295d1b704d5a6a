"""Periods: which days are meant, and which days they are held against."""

from datetime import date

import pytest

from webform import periods
from webform.periods import Against, Days, Fault, Preset

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("asked", "days", "compared"),
    [
        ({}, ("2026-11-03", "2026-11-30"), ("2026-10-06", "2026-11-02")),
        ({"period": "7"}, ("2026-11-24", "2026-11-30"), ("2026-11-17", "2026-11-23")),
        ({"period": "month"}, ("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31")),
        ({"period": "last-month", "against": "year"}, ("2026-10-01", "2026-10-31"), ("2025-10-01", "2025-10-31")),
        ({"from": "2026-03-01", "to": "2026-03-31"}, ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ({"from": "2024-02-29", "to": "2024-02-29", "against": "year"}, ("2024-02-29", "2024-02-29"), ("2023-02-28", "2023-02-28")),
        ({"from": "2026-11-30"}, ("2026-11-30", "2026-11-30"), ("2026-11-29", "2026-11-29")),
        ({"to": "2026-12-24", "from": "2026-11-29"}, ("2026-11-29", "2026-11-30"), ("2026-11-27", "2026-11-28")),
        ({"period": "90", "against": "none"}, ("2026-09-02", "2026-11-30"), None),
    ],
)
def test_days_and_what_they_are_held_against(asked: dict[str, str], days: tuple[str, str], compared: tuple[str, str] | None) -> None:
    found = periods.read(asked, TODAY)
    assert found.days == Days(*map(date.fromisoformat, days))
    assert found.compared == (Days(*map(date.fromisoformat, compared)) if compared else None)
    assert found.faults == ()
    assert periods.read(found.query(), TODAY) == found


def test_days_of_a_preset_are_that_preset() -> None:
    assert periods.read({"period": "28", "from": "2026-11-24", "to": "2026-11-30"}, TODAY).preset is Preset.WEEK
    assert periods.read({"period": "28", "from": "2026-11-23", "to": "2026-11-30"}, TODAY).preset is None


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"period": "eternity"}, Fault.NO_PERIOD),
        ({"against": "all"}, Fault.NO_COMPARISON),
        ({"from": "2026-02-30"}, Fault.NO_DAY),
        ({"from": "0001-01-01"}, Fault.NO_DAY),
        ({"from": "2026-11-02", "to": "2026-11-01"}, Fault.BACKWARDS),
        ({"from": "2026-12-01", "to": "2026-12-02"}, Fault.FUTURE),
        ({"from": "2020-01-01"}, Fault.TOO_LONG),
    ],
)
def test_a_fault_leaves_the_usual_days(asked: dict[str, str], fault: Fault) -> None:
    found = periods.read(asked, TODAY)
    assert (found.faults, found.days.number, found.against) == ((fault,), 28, Against.BEFORE)
