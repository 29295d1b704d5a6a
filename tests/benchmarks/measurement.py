"""Measure the measurement on a year of visits, and print the figures: ``python -m tests.benchmarks.measurement --visits 1000000``."""

import argparse
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np

from deflection import ledger
from deflection.events import Kind, record
from deflection.evidence import evidence
from deflection.figures import by_article, by_dimension, by_period, demand, figures_of
from deflection.guards import guards
from deflection.slices import DAY, Dimension, Slice
from deflection.visits import Arm, see
from kb.database import Database
from tests.benchmarks.ground import add_choice, ground
from tests.benchmarks.visit_world import World, fill

WRITERS, EVENTS_EACH, PAUSE = 50, 40, 1.0
"""Fifty people who tell something about once a second: more than four million events a day."""


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return round(time.perf_counter() - begun, 3)


def panels(database: Database, wanted: Slice, filtered: Slice) -> dict[str, float]:
    """Time the dashboard, all its figures together, and then each panel with filters; the second of two tries."""

    def dashboard() -> None:
        with database.reading() as session:
            figures = figures_of(session, wanted)
            guards(figures)
            figures_of(session, wanted.before)
            by_period(session, wanted, weekly=True)
            for dimension in Dimension:
                by_dimension(session, wanted, dimension)
            by_article(session, wanted)
            demand(session, wanted)

    def read(panel: Callable[..., object], *more: object) -> Callable[[], None]:
        def look() -> None:
            with database.reading() as session:
                panel(session, filtered, *more)

        return look

    works: dict[str, Callable[[], None]] = {
        "dashboard": dashboard,
        "figures": read(figures_of),
        "trend": read(by_period),
        "by_topic": read(by_dimension, Dimension.TOPIC),
        "articles": read(by_article),
        "demand": read(demand),
        "evidence": read(evidence, "confirmed", Arm.TREATMENT),
        "evidence_of_few": read(evidence, "taken_back", Arm.TREATMENT),
    }
    return {name: [timed(work) for _ in range(2)][1] for name, work in works.items()}


def recording(database: Database, now: datetime) -> dict[str, float]:
    """Time each event of many writers who pause between events as people do."""
    took: list[float] = []
    lock = threading.Lock()

    def write(number: int) -> None:
        rng = np.random.default_rng(number)
        for turn in range(EVENTS_EACH):
            time.sleep(float(rng.uniform(0, 2 * PAUSE)))
            begun = time.perf_counter()
            with database.counting(patience=5.0) as session:
                seen = see(session, token=f"bench-{number}-{turn // 8}", language="en", scripted=True, holdout_share=0.05, secret="s", now=now)
                record(session, seen, Kind.SHOWN, articles=[turn + 1, turn + 2, turn + 3], now=now)
            with lock:
                took.append(time.perf_counter() - begun)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    return {f"p{share}_ms": round(1000 * float(np.percentile(took, share)), 2) for share in (50, 95, 99)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    add_choice(parser)
    asked = parser.parse_args()
    world = World(seed=asked.seed, visits=asked.visits, days=asked.days)
    with ground(asked.database) as (_, _, database):
        told: dict[str, object] = {"database": asked.database}
        begun = time.perf_counter()
        told |= fill(database, world)
        told["filling_seconds"] = round(time.perf_counter() - begun, 1)
        print(json.dumps(told), flush=True)
        told["first_count_seconds"] = timed(lambda: ledger.count(database, world.end))
        told["count_again_seconds"] = timed(lambda: ledger.count(database, world.end + timedelta(minutes=1)))
        print(json.dumps(told), flush=True)
        end = world.end.date()
        spans = {"year": (end - 365 * DAY, end), "month": (end - 28 * DAY, end)}
        told["seconds"] = {
            name: panels(database, Slice(*span), Slice(*span, language="en", device="phone", site="", topic="pump")) for name, span in spans.items()
        }
        with database.reading() as session:
            figures = figures_of(session, Slice(end - 365 * DAY, end))
        lift = figures.lift
        told["planted"] = {"confirmed": world.truth.confirmed, "presumed": world.truth.presumed, "lift": world.truth.lift}
        told["found"] = {"confirmed": figures.deflection_rate.interval, "presumed": figures.presumed_rate.interval, "lift": lift and lift.interval}
        print(json.dumps(told), flush=True)
        told["recording"] = recording(database, datetime.now(UTC))
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
