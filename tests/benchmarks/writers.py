"""Fifty people who tell what happens in their visits, and how long each telling takes."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.synchronize import Event as Signal
from pathlib import Path

import numpy as np

from deflection import census, ledger
from deflection.events import Kind, note
from deflection.visits import see_in_passing
from kb.attendance import NICENESS
from kb.database import Database

WRITERS, EVENTS_EACH, PAUSE = 50, 40, 1.0
"""Fifty people who tell something about once a second: more than four million events a day."""
Took = tuple[float, float]
"""Seconds on the clock, and how many of them were spent waiting for a processor that other programs had."""
WORKER_PAUSE = 5.0
"""A worker that counts as gently as it does, and far more often."""


def recording(database: Database, *, worker: str = "") -> dict[str, float]:
    """Time each event of many writers who pause between events as people do.

    :param worker: the address of the database, if a process of its own is to count all the while.
    """
    took: list[Took] = []
    run = f"{time.monotonic_ns() % 10**9}"
    begun = time.process_time()
    with counted_by(worker), ThreadPoolExecutor(WRITERS) as pool:
        for times in pool.map(lambda number: _write(database, run, number), range(WRITERS)):
            took += times
    spent = time.process_time() - begun
    on_the_clock, served = [one for one, _ in took], [one - waited for one, waited in took]
    return {
        **{f"p{share}_ms": round(1000 * float(np.percentile(on_the_clock, share)), 2) for share in (50, 95, 99)},
        "most_ms": round(1000 * max(on_the_clock), 2),
        "p99_ms_without_waiting_for_a_processor": round(1000 * float(np.percentile(served, 99)), 2),
        "processor_ms_an_event": round(1000 * spent / len(took), 2),
        "events": len(took),
    }


def _write(database: Database, run: str, number: int) -> list[Took]:
    rng = np.random.default_rng(number)
    took = []
    for turn in range(EVENTS_EACH):
        time.sleep(float(rng.uniform(0, 2 * PAUSE)))
        waited, begun, now = _waited(), time.perf_counter(), datetime.now(UTC)
        with database.counting_plainly(patience=5.0) as line:
            seen = see_in_passing(
                line, token=f"{run}-{number}-{turn // 8}", language="en", scripted=True, engaged=True, holdout_share=0.05, secret="s", now=now
            )
            note(line, seen, Kind.SHOWN, articles=[turn + 1, turn + 2, turn + 3], now=now)
        took.append((time.perf_counter() - begun, _waited() - waited))
    return took


def _waited() -> float:
    """Tell how long this thread has been ready to run while other programs had the processors, in seconds."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


@contextmanager
def counted_by(url: str) -> Iterator[None]:
    """Have another process count days and weeks meanwhile, as the worker does."""
    if not url:
        yield
        return
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    worker = context.Process(target=_count, args=(url, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _count(url: str, stop: Signal) -> None:
    os.nice(NICENESS)
    database = Database(url)
    keeper = census.Keeper(database)
    while not stop.wait(WORKER_PAUSE):
        ledger.count(database, datetime.now(UTC))
        keeper.count(datetime.now(UTC))
    database.close()
