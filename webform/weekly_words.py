"""Words of the weekly report that mails and pages share."""

from collections.abc import Callable
from datetime import timedelta

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import format_percent

from deflection.guards import Guard, GuardName
from deflection.outcomes import Outcome
from deflection.reports import Rate

Say = Callable[..., str]


def outcome(which: Outcome, _: Say) -> str:
    """Name what a visit came to."""
    return {
        Outcome.CONFIRMED: lambda: _("said that an article solved it"),
        Outcome.PRESUMED: lambda: _("read an article and left"),
        Outcome.SUBMITTED_AFTER_HELP: lambda: _("opened an article and wrote all the same"),
        Outcome.SUBMITTED: lambda: _("wrote without opening an article"),
        Outcome.ABANDONED: lambda: _("left without either"),
    }[which]()


def guard(which: Guard, _: Say) -> str:
    """Name what must not get worse."""
    return {
        GuardName.ABANDONMENT: lambda: _("Visits that came to nothing"),
        GuardName.TIME_TO_SEND: lambda: _("Time from the first character to sending"),
        GuardName.SENT_AFTER_BAD: lambda: _("Requests sent after suggestions that did not help"),
        GuardName.TAKEN_BACK: lambda: _("People who came back after an article seemed to help"),
    }[which.name]()


def sides(which: Guard, _: Say, language: str) -> str:
    """Say what a guard measured with either form; nothing while it tells nothing."""
    if not which.is_told:
        return ""
    treatment, holdout = (
        percent(side.share or 0.0, language)
        if isinstance(side, Rate)
        else format_timedelta(timedelta(seconds=round(side.seconds or 0.0)), locale=language, threshold=1.5)
        for side in (which.treatment, which.holdout)
    )
    return _("%(answers)s with answers, %(plain)s with a plain form", answers=treatment, plain=holdout)


def percent(share: float, language: str) -> str:
    """Write a share as a reader writes it, with one decimal."""
    usual = str(Locale.parse(language).percent_formats[None].pattern)
    return str(format_percent(share, usual.replace("#,##0", "#,##0.0"), locale=language))
