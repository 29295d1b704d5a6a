"""Measure the measurement on a year of visits, and print the figures: ``python -m tests.benchmarks.measurement --visits 1000000``.

Pages are asked of the whole application through its test client, signed in. Each figure is a pair: seconds on the clock, and
seconds of the processor (PostgreSQL's own are in the first only). Of two askings of a page the slower one is told.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from deflection import census, ledger, raw_events
from deflection.figures import figures_of
from deflection.slices import DAY, Slice
from deflection.visits import Visit
from kb.database import Database
from tests.benchmarks.ground import add_choice, ground
from tests.benchmarks.visit_world import World, fill
from tests.benchmarks.writers import recording
from tests.webform.conftest import make_member, sign_in
from webform import create_app, raw_event_files, tiles
from webform.staff import RoleName

Pair = tuple[float, float]
FILTERS = {
    "all": "",
    "one_filter": "&language=en",
    "filters": "&language=en&device=phone&site=-&topic=pump",
    "article": "&article=9",
    "other": "&topic=app&device=-",
}
EVIDENCE = ("rate?rows=confirmed.treatment", "rate?rows=taken_back.treatment", "lift?rows=requests.holdout", "guards?rows=left_returned.holdout")
GOALS = {"dashboard": 1.0, "panel": 2.0}


def timed(work: Callable[[], object]) -> Pair:
    begun, spent = time.perf_counter(), time.process_time()
    work()
    return round(time.perf_counter() - begun, 3), round(time.process_time() - spent, 3)


def pages(client: FlaskClient, world: World, days: int) -> dict[str, Pair]:
    """Ask for the dashboard and for each of its tiles, with and without filters, and for visits behind a figure."""
    last = world.end.date() - DAY
    span = f"from={last - (days - 1) * DAY}&to={last}"

    def ask(address: str) -> Pair:
        def get() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status)

        return max(timed(get), timed(get))

    found = {}
    for name, chosen in FILTERS.items():
        found[f"dashboard {name}"] = ask(f"/staff/deflection?{span}{chosen}")
        found |= {f"{tile} {name}": ask(f"/staff/deflection/{tile}?{span}{chosen}") for tile in tiles.TILES}
        found |= {f"{each} {name}": ask(f"/staff/deflection/{each}&{span}{chosen}") for each in EVIDENCE}
    return found


def told_of(found: dict[str, Pair]) -> dict[str, Any]:
    """Tell the slowest pages, and those above the goal."""
    slowest = sorted(found.items(), key=lambda each: -each[1][0])
    above = {name: pair for name, pair in slowest if pair[0] > (GOALS["dashboard"] if name == "dashboard all" else GOALS["panel"])}
    return {"dashboard": found["dashboard all"], "slowest": dict(slowest[:8]), "above_the_goal": above}


def export(database: Database, world: World) -> dict[str, Any]:
    """Write every event as CSV, and tell how much memory that takes more than before."""
    before, number, size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0, 0

    def write() -> None:
        nonlocal number, size
        rows = raw_events.stream(database, since=world.end - timedelta(days=world.days + 1), until=world.end + timedelta(days=31))
        for line in raw_event_files.lines(rows, "csv"):
            number, size = number + 1, size + len(line)

    pair = timed(write)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    return {"lines": number, "megabytes": size // 1_000_000, "seconds": pair, "megabytes_of_memory": more}


def counting(database: Database, world: World) -> dict[str, Pair]:
    """Count everything, and then what a minute of the worker costs."""
    again = iter(range(1, 100))

    def now() -> datetime:
        return world.end + timedelta(minutes=next(again))

    keeper = census.Keeper(database)
    return {
        "days_first": timed(lambda: ledger.count(database, world.end)),
        "days_again": timed(lambda: ledger.count(database, now())),
        "weeks_first": timed(lambda: keeper.count(now())),
        "weeks_first_of_a_process": timed(lambda: census.Keeper(database).count(now())),
        "weeks_again": timed(lambda: keeper.count(now())),
    }


def truth(database: Database, world: World) -> dict[str, Any]:
    """Hold what was planted against what is told."""
    end = world.end.date()
    with database.reading() as session:
        figures = figures_of(session, Slice(end - world.days * DAY, end))
    planted = {"confirmed": world.truth.confirmed, "presumed": world.truth.presumed, "lift": world.truth.lift}
    found = {"confirmed": figures.deflection_rate.interval, "presumed": figures.presumed_rate.interval, "lift": figures.lift and figures.lift.interval}
    return {"planted": planted, "found": found}


def client_of(folder: Path, url: str, database: Database) -> FlaskClient:
    settings = {"INSTANCE": str(folder / "instance"), "DATABASE_URL": url, "SECRET_KEY": "a key for benchmarks", "SAMPLE_KB": "0", "LOG_LEVEL": "error"}
    client = create_app(settings, environ={}).test_client()
    sign_in(client, make_member(database, RoleName.LEAD, datetime.now(UTC)))
    return client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, help="A folder in which the world stays for another time, and is found again.")
    parser.add_argument("--only", nargs="+", choices=("count", "pages", "export", "record"), default=("count", "pages", "export", "record"))
    add_choice(parser)
    asked = parser.parse_args()
    world = World(seed=asked.seed, visits=asked.visits, days=asked.days)
    with ground(asked.database, asked.kept) as (folder, url, database):
        told: dict[str, Any] = {"database": asked.database}
        with database.reading() as session:
            empty = session.scalar(select(func.count()).select_from(Visit)) == 0
        if empty:
            told["filling"] = timed(lambda: told.update(fill(database, world)))
        if empty or "count" in asked.only:
            told["counting"] = counting(database, world)
            told["truth"] = truth(database, world)
        print(json.dumps(told), flush=True)
        if "pages" in asked.only:
            client = client_of(folder, url, database)
            told["pages"] = {f"{days} days": pages(client, world, days) for days in (28, 90, 365)}
            told["pages_told"] = {span: told_of(found) for span, found in told["pages"].items()}
            print(json.dumps(told["pages_told"]), flush=True)
        if "export" in asked.only:
            told["export"] = export(database, world)
        if "record" in asked.only:
            told["recording"] = recording(database)
            told["recording_beside_the_worker"] = recording(database, worker=url)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
