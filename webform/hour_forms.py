"""The form of the office hours: what a lead filled in, and what is wrong with it in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from webform.contact_forms import clean_line, clean_text
from webform.hour_lines import MOST_HOLIDAYS, HourFault, HoursRefused, read_holidays, read_spans
from webform.office_hours import DAYS, MOST_ANSWER_HOURS, OfficeHours, zones

LONGEST_HOURS, LONGEST_ZONE, LONGEST_HOLIDAYS = 200, 60, 20_000
USUAL = ("9:00-17:00",) * 5 + ("", "")


@dataclass(slots=True)
class HoursForm:
    """Office hours as they stand in their form, and what is wrong by field: ``zone``, ``day-0`` …, ``holidays``, ``answer_hours``."""

    zone: str = ""
    week: Sequence[str] = USUAL
    holidays: str = ""
    answer_hours: str = ""
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def hours(self) -> OfficeHours | None:
        """Make the hours that were asked for, or note what is wrong with them."""
        self.errors = wrong_week(self.week)
        if self.zone not in zones():
            self.errors["zone"] = gettext("Choose a time zone from the list, for example Europe/Berlin")
        _, wrong = read_holidays(self.holidays)
        if wrong:
            self.errors["holidays"] = " ".join(f"{gettext('Line %(line)s', line=each.number)}: {fault_words(each.fault)}." for each in wrong[:10])
        hours = whole(self.answer_hours, MOST_ANSWER_HOURS)
        if self.answer_hours and hours is None:
            self.errors["answer_hours"] = gettext("Write a whole number from 1 to %(most)s, or nothing", most=MOST_ANSWER_HOURS)
        if not self.errors and not any(self.week):
            self.errors["day-0"] = gettext("Write the hours of at least one day; without any nobody would ever answer")
        return None if self.errors else OfficeHours(self.zone, tuple(self.week), self.holidays, hours)


def wrong_week(week: Sequence[str], prefix: str = "day") -> dict[str, str]:
    """Say what is wrong with the hours of each day, by field."""
    errors = {}
    for number, hours in enumerate(week):
        try:
            read_spans(hours)
        except HoursRefused as refusal:
            errors[f"{prefix}-{number}"] = f"{day_names()[number]}: {fault_words(refusal.fault)}"
    return errors


def opened(hours: OfficeHours | None, version: int) -> HoursForm:
    """Fill the form with hours as they are; with the usual ones where there are none."""
    if hours is None:
        return HoursForm()
    return HoursForm(hours.zone, hours.week, hours.holidays, str(hours.answer_hours or ""), version)


def posted(sent: MultiDict[str, str]) -> HoursForm:
    """Read the form as it was sent."""
    return HoursForm(
        clean_line(sent.get("zone"))[:LONGEST_ZONE],
        week_of(sent),
        clean_text(sent.get("holidays"))[:LONGEST_HOLIDAYS],
        clean_line(sent.get("answer_hours"))[:10],
        whole(sent.get("version", ""), 10**8) or 0,
    )


def week_of(sent: MultiDict[str, str], prefix: str = "day") -> tuple[str, ...]:
    """Read the hours of each day as they were sent."""
    return tuple(clean_line(sent.get(f"{prefix}-{number}"))[:LONGEST_HOURS] for number in range(DAYS))


def whole(text: str, most: int) -> int | None:
    """Read a whole number from 1 on; nothing if it is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number if 1 <= number <= most else None


def day_names() -> list[str]:
    """Name the days of a week from Monday."""
    return [
        gettext("Monday"),
        gettext("Tuesday"),
        gettext("Wednesday"),
        gettext("Thursday"),
        gettext("Friday"),
        gettext("Saturday"),
        gettext("Sunday"),
    ]


def fault_words(fault: HourFault) -> str:
    """Say what is wrong with hours, and how they are written."""
    words = {
        HourFault.UNREAD: gettext("write hours as 9:00-12:30, 13:30-17:00 and days as 2026-12-25 or 12-25"),
        HourFault.ORDER: gettext("hours end after they begin; over midnight write two days, until 24:00 and from 0:00"),
        HourFault.OVERLAP: gettext("two of the hours overlap"),
        HourFault.NO_DAY: gettext("there is no such day"),
        HourFault.TOO_MANY: gettext("only %(most)s days fit", most=MOST_HOLIDAYS),
    }
    return str(words[fault])
