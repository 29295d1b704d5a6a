"""The experiment with damaged files: a file of the current generation is hurt, and everybody goes on and is healed."""

import random
import shutil
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.database import Database
from kb.shelf import CURRENT, Damaged, Shelf
from kb.suggest import Suggester
from kb.workshop import take_up
from tests.kb.killing import answers

KINDS = (".seg", ".toc", "CURRENT", "classifier.npz", "manifest.json", "segment-0.npz")
"""The files of a generation and the one that names it, by what chance left of their names."""


@dataclass(frozen=True)
class Figures:
    """What came of it: ``cuts`` counts by kind of file, heals and answers are in seconds."""

    cuts: dict[str, int]
    wrong: tuple[str, ...]
    median_heal: float
    slowest_heal: float
    slowest_answer_meanwhile: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def kind(path: Path) -> str:
    return path.suffix if path.suffix in {".seg", ".toc"} else path.name


def files(folder: Path) -> list[Path]:
    """Name every file that a reader of the current generation reads."""
    current = Shelf(folder).current()
    return [folder / CURRENT, *sorted(path for path in current.rglob("*") if path.is_file() and path.name != "MAIN_WRITELOCK")]


def damage(path: Path, how: str, dice: random.Random) -> None:
    size = path.stat().st_size
    if how == "deleted":
        path.unlink()
    elif how == "zeroed":
        path.write_bytes(b"\0" * size)
    elif how == "garbage":
        path.write_bytes(b"cposix\nsystem\n(S'touch /tmp/never'\ntR." + dice.randbytes(size))
    else:
        cut(path, int(size * dice.random()))


def cut(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])


def lengths(size: int, count: int) -> list[int]:
    """Spread lengths evenly over a file, from nothing to all but its last byte."""
    return [round(place * (size - 1) / (count - 1)) for place in range(count)]


def cut_everywhere(database: Database, folder: Path, *, offsets: int) -> Figures:
    """Cut every file of a learned generation at so many places, each time beginning with whole files again.

    :param folder: an empty one.
    """
    index, whole, cuts, wrong, slowest = folder / "index", folder / "whole", Counter[str](), list[str](), list[tuple[float, float]]()
    with _opened(database, index) as first:
        first.ensure_ready(learn=True)
    shutil.copytree(index, whole)
    for path in files(index):
        for length in lengths(path.stat().st_size, offsets):
            shutil.rmtree(index)
            shutil.copytree(whole, index)
            with _opened(database, index) as running, _opened(database, index) as fresh:
                running.ensure_ready()
                cut(path, length)
                slowest.append(heal(running, fresh))
                wrong += [f"{path.name} cut to {length}: {what}" for what in _faults(index, running, fresh)]
                cuts[kind(path)] += 1
    seconds, meanwhile = zip(*slowest, strict=True)
    return Figures(dict(cuts), tuple(wrong), statistics.median(seconds), max(seconds), max(meanwhile))


def heal(running: Suggester, fresh: Suggester) -> tuple[float, float]:
    """Let a process that starts on damaged files heal them, while another goes on answering.

    :return: seconds that healing took, and the longest that an answer took meanwhile.
    """
    healer = threading.Thread(target=fresh.ensure_ready)
    begun, slowest = time.monotonic(), 0.0
    healer.start()
    while True:
        asked = time.monotonic()
        assert answers(running)
        slowest = max(slowest, time.monotonic() - asked)
        healer.join(0.02)
        if not healer.is_alive():
            return time.monotonic() - begun, slowest


def _opened(database: Database, index: Path) -> "closing[Suggester]":
    return closing(Suggester(database, index, gate=0.05))


def _faults(index: Path, running: Suggester, fresh: Suggester) -> Iterator[str]:
    if not answers(running):
        yield "the running process lost its answer"
    if not answers(fresh):
        yield "the new process has no answer"
    try:
        take_up(Shelf(index))
    except Damaged as error:
        yield f"the files are not healed ({error})"
