"""Publish one article after another, and print how long two processes take to see each: ``python -m tests.benchmarks.publications``.

A third process builds, as the worker does. Beside, somebody types in the first one: how long that takes while an article is
published stands beside how long it takes while none is.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import numpy as np
from sqlalchemy import select

from kb.articles import Status, Translation, save_translation
from kb.database import Database
from kb.shelf import Shelf
from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.kb.many_articles import publish_many

MOST_SECONDS = 2.0
PATIENCE = 120.0
SETTLE_SECONDS = 5.0
"""In which the builder loads what there is."""
BUILDER = """
import sys
from pathlib import Path
from kb.builder import attend
from kb.database import Database
with attend(Database(sys.argv[1]), Path(sys.argv[2])):
    sys.stdin.read()
"""
WATCHER = "import sys; from tests.benchmarks.publications import watch; watch(sys.argv[1], sys.argv[2])"
ANIMALS = ("zebra", "giraffe", "lion", "otter", "walrus", "ostrich", "lemur", "badger", "falcon", "lobster")


def title_of(number: int) -> str:
    return f"Paint the {ANIMALS[number % len(ANIMALS)]} of stall {number}"


def wait_for(suggester: Suggester, title: str) -> float:
    """Ask until an article is suggested; give the moment."""
    begun = time.time()
    while title not in [each.title for each in suggester.suggest("", f"how do I {title.lower()}").suggestions]:
        if time.time() - begun > PATIENCE:
            return float("inf")
        time.sleep(0.02)
    return time.time()


def watch(url: str, folder: str) -> None:
    """Be another process: say when each article that is named on a line is seen."""
    suggester = Suggester(Database(url), Path(folder), gate=0.05)
    suggester.ensure_ready()
    print("ready", flush=True)
    for line in sys.stdin:
        print(wait_for(suggester, line.strip()), flush=True)


class Typist:
    """Asks one thing after another, ten to twenty times a second, and notes how long each answer takes."""

    def __init__(self, suggester: Suggester, texts: list[str]) -> None:
        self.waits: list[tuple[float, float]] = []
        self._suggester, self._texts = suggester, texts
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._type)

    def __enter__(self) -> "Typist":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _type(self) -> None:
        for text in cycle(self._texts):
            begun = time.time()
            self._suggester.suggest("", text)
            self.waits.append((begun, 1000 * (time.time() - begun)))
            if self._stopped.wait(0.05):
                return

    def milliseconds(self, spans: list[tuple[float, float]]) -> dict[str, float]:
        """Sum up what began or ended within some spans of time."""
        waits = [wait for begun, wait in self.waits if any(begun + wait / 1000 >= first and begun <= last for first, last in spans)]
        return {
            "asked": len(waits),
            "p50": round(float(np.percentile(waits, 50)), 1),
            "p99": round(float(np.percentile(waits, 99)), 1),
            "longest": round(max(waits), 1),
        }


def publish(here: Suggester, there: subprocess.Popen[str], number: int) -> tuple[float, float]:
    """Publish an article; give the seconds until this process and the other one suggest it."""
    assert there.stdin
    assert there.stdout
    title = title_of(number)
    with here.database.writing() as session:
        save_translation(session, external_id=f"new-{number}", language="en", title=title, body="Use a brush.", status=Status.PUBLISHED, now=datetime.now(UTC))
    published = time.time()
    there.stdin.write(f"{title}\n")
    there.stdin.flush()
    return wait_for(here, title) - published, float(there.stdout.readline()) - published


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--publications", type=int, default=30)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two publications")
    add_choice(parser)
    asked = parser.parse_args()
    with ground(asked.database) as (folder, url, database):
        with database.writing() as session:
            publish_many(session, datetime.now(UTC), asked.articles)
        here = Suggester(database, folder / "index", gate=0.05)
        here.ensure_ready(lesson=True)
        builder = subprocess.Popen([sys.executable, "-c", BUILDER, url, str(folder / "index")], stdin=subprocess.PIPE)
        there = subprocess.Popen([sys.executable, "-c", WATCHER, url, str(folder / "index")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert there.stdout
        there.stdout.readline()
        while not Shelf(folder / "index").is_attended():
            time.sleep(0.1)
        time.sleep(SETTLE_SECONDS)
        seen, busy, quiet = [], [], []
        with database.reading() as session:
            texts = [title for (title,) in session.execute(select(Translation.title).limit(200))]
        with Typist(here, texts) as typist:
            for number in range(asked.publications):
                begun = time.time()
                time.sleep(asked.pause)
                quiet.append((begun, time.time()))
                seen.append(max(publish(here, there, number)))
                busy.append((quiet[-1][1], time.time()))
        typing = {"while_publishing": typist.milliseconds(busy), "else": typist.milliseconds(quiet)}
        for process in (there, builder):
            process.kill()
        here.close()
    late = {number: round(seconds, 2) for number, seconds in enumerate(seen, 1) if seconds > MOST_SECONDS}
    print(
        json.dumps(
            {"database": asked.database, "articles": asked.articles, "publications": len(seen), "slowest": round(max(seen), 2), "late": late, "typing": typing}
        )
    )
    sys.exit(bool(late))


if __name__ == "__main__":
    main()
