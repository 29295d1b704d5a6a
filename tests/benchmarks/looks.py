"""Watch dashboards of sites where suggesting changes nothing, every day, and count those that ever claim it does: ``python -m tests.benchmarks.looks``."""

import argparse
import json

import numpy as np

from deflection.lift import always_valid
from kb.intervals import Interval, newcombe

SITES = ((40, 0.05), (200, 0.05), (2000, 0.05), (200, 0.5))
"""Engaged visits a day, and the share of them that is held out."""
RATES = (0.1, 0.3, 0.6, 0.9)
WINDOW = 30


def claims(bounds: Interval) -> bool:
    return bounds.low > 0 or bounds.high < 0


def watch(rng: np.random.Generator, *, dashboards: int, days: int, visits: int, share: float, rate: float, effect: float = 0.0) -> dict[str, float]:
    """Give the shares of dashboards that ever claim something: from one day on, over a period that moves along, and by Newcombe's interval alone."""
    held = rng.binomial(visits, share, (dashboards, days))
    parts = np.stack([rng.binomial(held, rate), held, rng.binomial(visits - held, rate - effect), visits - held])
    added = parts.cumsum(axis=2)
    moving = added.copy()
    moving[:, :, WINDOW:] -= added[:, :, :-WINDOW]
    ever = {"always_valid": 0, "always_valid_moving": 0, "one_look_every_day": 0}
    for each in range(dashboards):
        looks, moved = ([((a, b), (c, d)) for a, b, c, d in table[:, each].T.tolist() if b and d] for table in (added, moving))
        ever["always_valid"] += any(claims(always_valid(*look)) for look in looks)
        ever["always_valid_moving"] += any(claims(always_valid(*look)) for look in moved)
        ever["one_look_every_day"] += any(claims(newcombe(*look)) for look in looks)
    return {name: number / dashboards for name, number in ever.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dashboards", type=int, default=2000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--effect", type=float, default=0.0, help="Requests that suggesting spares, as a share of visits; none unless given.")
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    found = [
        {"visits_a_day": visits, "held_out": share, "request_rate": rate}
        | watch(rng, dashboards=asked.dashboards, days=asked.days, visits=visits, share=share, rate=rate, effect=asked.effect)
        for visits, share in SITES
        for rate in RATES
    ]
    worst = {name: max(each[name] for each in found) for name in ("always_valid", "always_valid_moving", "one_look_every_day")}
    print(json.dumps({"dashboards": asked.dashboards, "days": asked.days, "effect": asked.effect, "most": worst, "sites": found}, indent=2))


if __name__ == "__main__":
    main()
