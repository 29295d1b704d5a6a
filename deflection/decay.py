"""Decay: an article that solves less than it did. One rule, which rarely cries wolf however often it is asked.

Once a week the last 4 and the last 13 whole weeks are each held against the year before them, by Fisher's exact test.
If nothing has changed, every choice of the solved among the opened is equally likely, so the chance of so few solved
lately is exact, whatever the true rate is. The year has 52 looks with two tests each; each may err with a 104th of
5 %, and by Boole's inequality at most 5 % of articles alarm in a year in which nothing changed. The languages of an
article share that allowance.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deflection.article_weeks import WEEK, monday
from deflection.reports import Rate

WINDOWS = (4, 13)
LOOKS = 52
FALSE_ALARMS = 0.05
"""Share of unchanged articles that alarm in a year, at most."""
LEAST_LOSS = 0.05
"""A smaller loss of the solve rate is not worth an alarm, however sure it is."""


@dataclass(frozen=True, slots=True)
class Decay:
    """An alarm: the solve rate of the last ``weeks`` and the one before, and how likely so few are by chance alone."""

    weeks: int
    since: date
    lately: Rate
    before: Rate
    chance: float
    allowed: float


def alarm(counted: Mapping[date, tuple[int, int]], *, today: date, revised: date | None = None, languages: int = 1) -> Decay | None:
    """Tell whether a translation solves less than it did; nothing if that cannot be said.

    :param counted: solved and opened of each week, by its Monday. The week of ``today`` is not over and not looked at.
    :param revised: when the present revision was published: what was before is no witness of it. Only whole weeks since then are looked at.
    :param languages: how many translations of the article are watched.
    """
    this_week = monday(today)
    allowed = FALSE_ALARMS / (LOOKS * len(WINDOWS) * max(1, languages))
    found = [_look(counted, this_week, weeks, revised, allowed) for weeks in WINDOWS]
    alarms = [decay for decay in found if decay is not None]
    return min(alarms, key=lambda decay: decay.chance, default=None)


def chance_of_so_few(solved: int, opened: int, solved_before: int, opened_before: int) -> float:
    """Tell how likely it is that at most so many of the later ones are among the solved, if chance alone deals them out.

    Source: Fisher's exact test, one-sided: the lower tail of the hypergeometric distribution.
    """
    every, good = opened + opened_before, solved + solved_before
    fewest = max(0, opened - (every - good))
    whole = _log_choose(every, opened)
    tail = 0.0
    for number in range(solved, fewest - 1, -1):
        term = math.exp(_log_choose(good, number) + _log_choose(every - good, opened - number) - whole)
        tail += term
        if term < tail * 1e-12:
            break
    return min(1.0, tail)


def _look(counted: Mapping[date, tuple[int, int]], this_week: date, weeks: int, revised: date | None, allowed: float) -> Decay | None:
    since = end = this_week - weeks * WEEK
    if revised is not None and revised > since:
        end, since = monday(revised), monday(revised) + WEEK  # Visits of the week between met either text.
    lately, before = _sum(counted, since, this_week), _sum(counted, end - LOOKS * WEEK, end)
    if lately.share is None or before.share is None or lately.share > before.share - LEAST_LOSS:
        return None
    chance = chance_of_so_few(lately.count, lately.of, before.count, before.of)
    return Decay((this_week - since).days // 7, since, lately, before, chance, allowed) if chance <= allowed else None


def _sum(counted: Mapping[date, tuple[int, int]], first: date, end: date) -> Rate:
    within = [pair for week, pair in counted.items() if first <= week < end]
    return Rate(sum(pair[0] for pair in within), sum(pair[1] for pair in within))


def _log_choose(total: int, chosen: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)
