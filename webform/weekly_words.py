"""Words of the weekly report that mails and pages share."""

from collections.abc import Callable

from deflection.guards import Guard, GuardName
from deflection.outcomes import Outcome

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
