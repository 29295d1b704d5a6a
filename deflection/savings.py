"""Savings: what fewer requests are worth, never without the doubt about it."""

from dataclasses import dataclass

from deflection.figures import Figures
from kb.intervals import Interval


@dataclass(frozen=True, slots=True)
class Savings:
    """What was saved: lift × engaged visits of the treatment arm × cost per contact.

    ``interval`` follows the always-valid one of the lift; ``is_certain`` tells whether it leaves 0 out.
    """

    amount: float
    interval: Interval
    visits: int
    cost_per_contact: float
    currency: str
    is_certain: bool


def savings(figures: Figures, *, cost_per_contact: float, currency: str) -> Savings | None:
    """Reckon what a slice saved; nothing without a cost, or while an arm has no engaged visit."""
    lift, visits = figures.lift, figures.treatment.engaged
    if lift is None or cost_per_contact <= 0:
        return None
    worth = visits * cost_per_contact / 100
    bounds = Interval(worth * lift.always.low, worth * lift.always.high)
    return Savings(worth * lift.per_100_visits, bounds, visits, cost_per_contact, currency, lift.is_certain)
