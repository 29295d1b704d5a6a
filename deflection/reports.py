"""Reports: how many visits ended without a request, with the counts and the doubt behind each figure."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from deflection.facts import facts_of_visits
from deflection.lift import Lift as Lift
from deflection.lift import lift_of
from deflection.outcomes import DEFINITIONS, Outcome, outcome, taken_back
from deflection.visits import IDLE, Arm
from kb.intervals import Interval, wilson


@dataclass(slots=True)
class ArmFigures:
    """Counts of one arm. The outcomes are those of engaged visits and add up to them.

    ``straight`` visits typed what a rule sends straight to a person: no article could have kept a request away, in
    neither arm, so they are no engaged visits and have no outcome.
    ``taken_back`` visits are among ``submitted_after_help``; ``under_way`` ones were seen within the last thirty
    minutes and count as what they are by now.
    """

    visits: int = 0
    engaged: int = 0
    straight: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    taken_back: int = 0
    under_way: int = 0

    @property
    def requests(self) -> int:
        """Engaged visits that led to a request; one that was taken back did, under another visit."""
        return self.outcomes[Outcome.SUBMITTED] + self.outcomes[Outcome.SUBMITTED_AFTER_HELP] - self.taken_back


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its count and its interval; no share while there is nothing to divide by."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, in [0, 1]."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Between which shares the truth lies, by Wilson, 95 %."""
        return wilson(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Report:
    """What visits of a time came to."""

    since: datetime
    until: datetime
    arms: dict[Arm, ArmFigures]
    definitions: int = DEFINITIONS

    @property
    def deflection_rate(self) -> Rate:
        """Confirmed visits of all engaged ones of the treatment arm. What is only presumed is no part of it."""
        treatment = self.arms[Arm.TREATMENT]
        return Rate(treatment.outcomes[Outcome.CONFIRMED], treatment.engaged)

    @property
    def lift(self) -> Lift | None:
        """What suggesting changed, by comparison with the holdout; nothing while an arm has no engaged visit."""
        holdout, treatment = self.arms[Arm.HOLDOUT], self.arms[Arm.TREATMENT]
        return lift_of((holdout.requests, holdout.engaged), (treatment.requests, treatment.engaged))


def report(session: Session, *, since: datetime, until: datetime, now: datetime | None = None) -> Report:
    """Count what the visits came to that began from ``since`` on and before ``until``.

    :param now: as of when a visit counts as under way; ``until`` unless given.
    """
    arms = {arm: ArmFigures() for arm in Arm}
    for facts in facts_of_visits(session, since=since, until=until):
        if not facts.begun:
            continue
        figures = arms[Arm(facts.arm)]
        figures.visits += 1
        figures.straight += facts.straight
        if not facts.engaged or facts.straight:
            continue
        figures.engaged += 1
        figures.outcomes[outcome(facts)] += 1
        figures.taken_back += taken_back(facts)
        figures.under_way += not facts.submitted and facts.last_seen_at > (now or until) - IDLE
    return Report(since, until, arms)


def as_json(report: Report) -> dict[str, object]:
    """Give a report as plain values, for machines."""
    rate, lift = report.deflection_rate, report.lift
    return {
        "definitions": report.definitions,
        "from": report.since.isoformat(),
        "to": report.until.isoformat(),
        "arms": {
            arm.value: {"visits": figures.visits, "engaged_visits": figures.engaged, "straight_to_a_person": figures.straight}
            | {outcome.value: count for outcome, count in figures.outcomes.items()}
            | {"requests": figures.requests, "taken_back": figures.taken_back, "under_way": figures.under_way}
            for arm, figures in report.arms.items()
        },
        "deflection_rate": {"confirmed": rate.count, "engaged_visits": rate.of, "share": rate.share} | _bounds(rate.interval),
        "lift": {
            "requests_per_100_visits": lift.per_100_visits if lift else None,
            "enough_data": bool(lift and lift.is_certain),
            "visits_still_needed_per_arm": lift.visits_needed if lift else None,
            "always_valid": _bounds(lift.always if lift else None),
        }
        | _bounds(lift.interval if lift else None),
    }


def _bounds(interval: Interval | None) -> dict[str, object]:
    return {"low": interval.low if interval else None, "high": interval.high if interval else None}
