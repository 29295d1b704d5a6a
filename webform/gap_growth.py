"""Growth of gaps: which of them grow suddenly, beyond what chance does and beyond what all requests do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webform.gap_members import members
from webform.gaps import Reason

FEWEST = 5
"""Requests of this period under which nothing is called sudden."""
CHANCE = 0.001
"""How seldom chance alone may bring as many: once in a thousand gaps."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Requests of all gaps and of none: in this period and in the one before."""

    lately: int
    before: int


def totals(session: Session, *, now: datetime, days: int) -> Totals:
    """Count the requests that met nothing good."""
    begin, member = now - timedelta(days=days), members()
    lately = func.coalesce(func.sum(case((member.c.sent_at >= begin, 1), else_=0)), 0)
    counted = select(lately, func.count()).where(member.c.reason != Reason.NONE, member.c.sent_at >= begin - timedelta(days=days))
    found, both = session.execute(counted).one()
    return Totals(found, both - found)


def is_sudden(lately: int, before: int, everything: Totals) -> bool:
    """Tell whether a gap grows suddenly.

    Of the requests of both periods, chance would put each into this one with the share that this one has of all requests.
    A gap is sudden if at least ``FEWEST`` came in this period and so many, or more, come by chance less than once in a thousand
    (one-sided binomial test). Where nothing came in the period before, everything is new and nothing sudden.
    """
    from scipy.stats import binom  # Loading it takes longer than most commands.

    of_all = everything.lately + everything.before
    if lately < FEWEST or not everything.before:
        return False
    return float(binom.sf(lately - 1, lately + before, everything.lately / of_all)) < CHANCE
