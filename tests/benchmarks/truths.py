"""Plant a truth in many small worlds, count them as the worker does, and see how often the intervals shown cover it: ``python -m tests.benchmarks.truths``."""

import argparse
import json
from collections import Counter
from dataclasses import replace

from sqlalchemy import delete

from deflection import ledger
from deflection.day_counts import CountedDay, Ledger, article_day, day_count
from deflection.events import Event
from deflection.figures import Figures, figures_of
from deflection.reports import Rate
from deflection.slices import DAY, Slice
from deflection.visits import Visit
from kb.database import Database
from kb.intervals import Interval
from tests.benchmarks.ground import add_choice, ground
from tests.benchmarks.visit_world import Truth, World, fill


def covered(figures: Figures, truth: Truth) -> dict[str, bool]:
    """Tell of each figure whether its interval has the planted value."""
    lift, treatment = figures.lift, figures.treatment
    taken = Rate(treatment.taken_back, treatment.helped).interval
    values: dict[str, tuple[Interval | None, float]] = {
        "deflection_rate": (figures.deflection_rate.interval, truth.confirmed),
        "presumed_rate": (figures.presumed_rate.interval, truth.presumed),
        "taken_back_share": (taken, truth.returning),
        "lift_at_one_look": (lift.interval if lift else None, truth.lift),
        "lift_always_valid": (lift.always if lift else None, truth.lift),
    }
    return {name: bounds is not None and bounds.low <= value <= bounds.high for name, (bounds, value) in values.items()}


def empty(database: Database) -> None:
    with database.writing() as session:
        for table in (Event, Visit, CountedDay, Ledger, day_count, article_day):
            session.execute(delete(table))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--visits", type=int, default=900)
    add_choice(parser)
    asked = parser.parse_args()
    truth = replace(Truth(), holdout_share=0.3, returning=0.15)
    counts: Counter[str] = Counter()
    with ground(asked.database) as (_, _, database):
        for seed in range(asked.seeds):
            empty(database)
            world = World(seed=seed, visits=asked.visits, days=1, articles=20, truth=truth)
            fill(database, world)
            ledger.count(database, world.end + 30 * DAY)
            with database.reading() as session:
                figures = figures_of(session, Slice(world.end.date() - 9 * DAY, world.end.date() + 9 * DAY))
            counts.update(name for name, is_so in covered(figures, truth).items() if is_so)
    print(json.dumps({"database": asked.database, "seeds": asked.seeds, "coverage": {name: number / asked.seeds for name, number in counts.items()}}, indent=2))


if __name__ == "__main__":
    main()
