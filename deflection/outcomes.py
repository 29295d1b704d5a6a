"""Outcomes: what a visit came to, derived from its events each time it is asked for, never stored.

The rules are versioned, so that a figure can be traced to the words it was made by: raise ``DEFINITIONS`` with any
change of `outcome` or of the facts it reads.
"""

from enum import StrEnum

from deflection.facts import Facts

DEFINITIONS = 4


class Outcome(StrEnum):
    """What a visit came to."""

    CONFIRMED = "confirmed"
    PRESUMED = "presumed"
    SUBMITTED_AFTER_HELP = "submitted_after_help"
    SUBMITTED = "submitted"
    ABANDONED = "abandoned"


def outcome(facts: Facts) -> Outcome:
    """Tell what a visit came to: the first rule that fits."""
    helped = facts.solved or facts.read
    if facts.submitted and facts.opened:
        return Outcome.SUBMITTED_AFTER_HELP
    if facts.submitted:
        return Outcome.SUBMITTED
    if helped and facts.came_back:
        return Outcome.SUBMITTED_AFTER_HELP
    if facts.solved:
        return Outcome.CONFIRMED
    return Outcome.PRESUMED if facts.read else Outcome.ABANDONED


def taken_back(facts: Facts) -> bool:
    """Tell whether a visit would have counted as deflected, had the person not come back."""
    return facts.came_back and not facts.submitted and (facts.solved or facts.read)
