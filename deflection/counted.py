"""What is counted of a visit: one rule for each count, which the roll-up adds up and the evidence lists."""

import math
from collections.abc import Callable
from datetime import datetime

from deflection.facts import Facts
from deflection.outcomes import Outcome, outcome, taken_back
from deflection.surroundings import Way
from deflection.visits import IDLE

LONGEST_SECONDS = 86_400.0
LOG_UNIT = 1000
"""Times are added up as whole thousandths of their natural logarithm, so that sums are exact in any order."""

Rule = Callable[[Facts], bool]


def is_counted(facts: Facts) -> bool:
    """Tell whether a visit is engaged, and not one that went straight to a person: the only kind that has an outcome."""
    return facts.begun and facts.engaged and not facts.straight


def met_bad(facts: Facts) -> bool:
    """Tell whether what was shown did not help: neither said to have solved the problem, nor read and left at that.

    In the holdout every visit from which something was withheld counts: nobody can tell there what would have helped.
    """
    return is_counted(facts) and facts.shown and outcome(facts) not in {Outcome.CONFIRMED, Outcome.PRESUMED} and not taken_back(facts)


def _came_to(wanted: Outcome) -> Rule:
    return lambda facts: is_counted(facts) and outcome(facts) is wanted


RULES: dict[str, Rule] = {
    "opened_forms": lambda facts: facts.channel == Way.FORM,
    "typed": lambda facts: facts.channel == Way.FORM and facts.begun,
    "visits": lambda facts: facts.begun,
    "straight": lambda facts: facts.begun and facts.straight,
    "demand": lambda facts: facts.begun and (facts.engaged or facts.submitted),
    "engaged": is_counted,
    "shown": lambda facts: is_counted(facts) and facts.shown,
    "opened": lambda facts: is_counted(facts) and facts.opened,
    "read": lambda facts: is_counted(facts) and facts.read,
    "solved": lambda facts: is_counted(facts) and facts.solved,
    "declined": lambda facts: is_counted(facts) and facts.declined,
    **{each.value: _came_to(each) for each in Outcome},
    "requests": lambda facts: is_counted(facts) and facts.submitted,
    "taken_back": lambda facts: is_counted(facts) and taken_back(facts),
    "helped": lambda facts: is_counted(facts) and (taken_back(facts) or outcome(facts) in {Outcome.CONFIRMED, Outcome.PRESUMED}),
    "left": lambda facts: is_counted(facts) and not facts.submitted,
    "left_returned": lambda facts: is_counted(facts) and not facts.submitted and facts.came_back,
    "bad_shown": met_bad,
    "bad_sent": lambda facts: met_bad(facts) and facts.submitted,
}
"""Which visits each count has. ``helped`` are those that would count as deflected had nobody come back: what was taken back is a share of them;
``left`` went without sending, and of these ``left_returned`` sent something within days."""


def seconds_to_send(facts: Facts) -> float | None:
    """Tell the time from the first character to sending, at least one second; nothing for a visit without a request."""
    begun = facts.typed_at or facts.started_at
    if not is_counted(facts) or facts.submitted_at is None or begun is None:
        return None
    return min(LONGEST_SECONDS, max(1.0, (facts.submitted_at - begun).total_seconds()))


def count_of(facts: Facts, as_of: datetime) -> dict[str, int]:
    """Give what one visit adds to each count of its day.

    :param as_of: the moment that tells whether the visit is still under way.
    """
    added = {name: 1 for name, rule in RULES.items() if rule(facts)}
    if is_counted(facts) and not facts.submitted and facts.last_seen_at > as_of - IDLE:
        added["under_way"] = 1
    if (seconds := seconds_to_send(facts)) is not None:
        log = round(LOG_UNIT * math.log(seconds))
        added |= {"timed": 1, "log_seconds": log, "log_squares": log * log}
    if "demand" in added and facts.started_at is not None:
        added[hour_name(facts.started_at.hour)] = 1
    return added


def hour_name(hour: int) -> str:
    """Name the count of an hour of the day, 0 to 23."""
    return f"hour_{hour:02}"
