"""The experiment with killed builders: an index is built again and again and its builder killed at random, while others read."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from kb.articles import Status, save_translation
from kb.database import Database
from kb.generations import raise_generation
from kb.shelf import Shelf
from kb.suggest import Suggester

QUESTION = "my pump hums, no water comes out"
TITLE = "The pump hums but no water comes out"
LONGEST_LIFE = 0.6
"""Seconds a builder is left alive at most; a build takes less or more, as the machine is idle or busy."""
LONGEST_AIM = 0.1
"""Seconds a builder is left alive at most once a generation is in the making."""
CHANGING, LEARNING, AIMED = 0.5, 0.3, 0.5
"""Shares of the builds that find a changed article, that learn anew, and that are killed while they write."""

# Processes of this kind begin with everything imported, also what whoever runs this imports, so that a kill meets a builder and not an import.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["kb.suggest", "psycopg", "pytest", "webform.migration"])


@dataclass(frozen=True)
class Figures:
    """What came of it: ``kills`` met a builder that had not ended; ``torn`` of them left a half-made generation behind."""

    kills: int
    torn: int
    steady_answers: int
    fresh_answers: int
    faults: tuple[str, ...]
    left_over: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kill_builders(url: str, folder: Path, *, kills: int, seed: int) -> Figures:
    """Kill builders of the index of a published knowledge base that answers ``QUESTION`` by ``TITLE``."""
    dice, begun, database, torn = random.Random(seed), time.monotonic(), Database(url), set[str]()
    with _reading(read_steadily, url, folder) as steady, _reading(read_afresh, url, folder) as fresh:
        killed = 0
        while killed < kills:
            body = f"Take number {dice.random()}." if dice.random() < CHANGING else ""
            killed += _kill_one(url, folder, body, dice.random() < LEARNING, aimed=dice.random() < AIMED, life=dice.random())
            torn |= _half_made(folder)
    with database.writing() as session:
        raise_generation(session)
    last = Suggester(database, folder, gate=0.05)
    last.ensure_ready()
    faults = (*steady.faults, *fresh.faults, *([] if answers(last) else ["no answer in the end"]))
    left_over = len(list(folder.glob("building-*")))
    last.close()
    database.close()
    return Figures(killed, len(torn), steady.answers, fresh.answers, faults, left_over, time.monotonic() - begun)


def answers(suggester: Suggester) -> bool:
    found = suggester.suggest("", QUESTION).suggestions
    return bool(found) and found[0].title == TITLE


def eventually(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until something is true; tell whether it became so in time."""
    begun = time.monotonic()
    while not (true := bool(condition())) and time.monotonic() - begun < seconds:
        time.sleep(0.005)
    return true


def build(url: str, folder: Path, body: str, learn: bool, begun: Event) -> None:
    """Publish, and build at once, in a process of its own.

    :param body: new text of an article; without one the generation is raised for nothing.
    """
    suggester = Suggester(Database(url), folder)
    suggester.ensure_ready()  # Who has the generation before is first at the next one.
    with suggester.database.writing() as session:
        if body:
            now = datetime.now(UTC)
            save_translation(session, external_id="parcel", language="en", title="Where is my parcel", body=body, status=Status.PUBLISHED, now=now)
        raise_generation(session)
    begun.set()
    suggester.ensure_ready(learn=learn)


def read_steadily(url: str, folder: Path, stop: Event, told: Connection) -> None:
    """Ask one suggester without a pause, as a server does."""
    count, faults, suggester = 0, list[str](), Suggester(Database(url), folder, gate=0.05)
    suggester.ensure_ready()
    while not stop.is_set():
        count += 1
        _note(suggester, faults)
    suggester.close()
    told.send((count, faults))


def read_afresh(url: str, folder: Path, stop: Event, told: Connection) -> None:
    """Open what is on disk again and again, as servers that start do."""
    count, faults, database = 0, list[str](), Database(url)
    while not stop.is_set():
        count += 1
        suggester = Suggester(database, folder, gate=0.05)
        try:
            suggester.ensure_ready()
        except Exception as fault:  # noqa: BLE001 - told in the figures
            faults.append(repr(fault))
        _note(suggester, faults)
        suggester.close()
    told.send((count, faults))


def _note(suggester: Suggester, faults: list[str]) -> None:
    try:
        if not answers(suggester):
            faults.append("another answer")
    except Exception as fault:  # noqa: BLE001 - told in the figures
        faults.append(repr(fault))


@dataclass
class _Reader:
    answers: int = 0
    faults: tuple[str, ...] = ("the reader died",)


@contextmanager
def _reading(how: Any, url: str, folder: Path) -> Iterator[_Reader]:
    stop, reader = PROCESSES.Event(), _Reader()
    here, there = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=how, args=(url, folder, stop, there))
    process.start()
    there.close()
    try:
        yield reader
        stop.set()
        if here.poll(60):
            count, faults = here.recv()
            reader.answers, reader.faults = count, tuple(faults)
    finally:
        process.join(120)
        process.kill()
        process.join()
        here.close()


def _kill_one(url: str, folder: Path, body: str, learn: bool, *, aimed: bool, life: float) -> bool:
    """Start a builder and kill it; tell whether it was still at work.

    :param aimed: whether to wait for a generation in the making, and kill soon after.
    :param life: how long it lives, as a share of the longest.
    """
    begun = PROCESSES.Event()
    builder = PROCESSES.Process(target=build, args=(url, folder, body, learn, begun))
    builder.start()
    begun.wait(60)
    if aimed:
        eventually(lambda: any(folder.glob("building-*")), LONGEST_LIFE)
    time.sleep(life * (LONGEST_AIM if aimed else LONGEST_LIFE))
    builder.kill()
    builder.join()
    met = builder.exitcode != 0
    builder.close()
    return met


def _half_made(folder: Path) -> set[str]:
    """Name the generations that nobody is making any more; none where another builder is at work already."""
    with Shelf(folder).locked(wait=False) as mine:
        return {path.name for path in folder.glob("building-*")} if mine else set()
