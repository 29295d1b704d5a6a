"""Publish one article after another, and print how long two processes take to see each: ``python -m tests.benchmarks.publications``."""

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from kb.articles import Status, save_translation
from kb.database import Database
from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.kb.many_articles import publish_many

MOST_SECONDS = 2.0
PATIENCE = 120.0
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
        here.ensure_ready(learn=True)
        there = subprocess.Popen([sys.executable, "-c", WATCHER, url, str(folder / "index")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert there.stdout
        there.stdout.readline()
        seen = []
        for number in range(asked.publications):
            seen.append(max(publish(here, there, number)))
            time.sleep(asked.pause)
        there.kill()
        here.close()
    late = {number: round(seconds, 2) for number, seconds in enumerate(seen, 1) if seconds > MOST_SECONDS}
    print(json.dumps({"database": asked.database, "articles": asked.articles, "publications": len(seen), "slowest": max(seen), "late": late}))
    sys.exit(bool(late))


if __name__ == "__main__":
    main()
