"""Words of periods: how presets, comparisons and faults are called, and the links and fields by which they are chosen."""

from babel.dates import format_interval
from flask_babel import gettext

from webform.i18n import choose_language
from webform.periods import LONGEST, Against, Days, Fault, Preset


def presets() -> dict[Preset, str]:
    """Name the periods that move with the calendar."""
    return {
        Preset.WEEK: gettext("7 days"),
        Preset.MONTH: gettext("28 days"),
        Preset.QUARTER: gettext("90 days"),
        Preset.THIS_MONTH: gettext("This month"),
        Preset.LAST_MONTH: gettext("Last month"),
    }


def comparisons() -> dict[Against, str]:
    """Name what a period can be held against."""
    return {
        Against.BEFORE: gettext("The period before"),
        Against.YEAR: gettext("A year before"),
        Against.NONE: gettext("Nothing"),
    }


def faults() -> dict[Fault, str]:
    """Say what is wrong with a period, and how it is put right."""
    return {
        Fault.NO_PERIOD: gettext("There is no such period. Choose one of those above."),
        Fault.NO_DAY: gettext("One of the two days is none. Write days as 2026-11-30."),
        Fault.BACKWARDS: gettext("The first day comes after the last one. Exchange them."),
        Fault.TOO_LONG: gettext("That is longer than %(days)s days. Choose fewer.", days=LONGEST),
        Fault.FUTURE: gettext("These days are still to come. Choose days up to today."),
        Fault.NO_COMPARISON: gettext("There is no such comparison. Choose one of those below."),
    }


def days(told: Days) -> str:
    """Write days in a row as the reader's language does."""
    return str(format_interval(told.first, told.last, "yMMMd", locale=choose_language()))
