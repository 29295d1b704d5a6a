"""The suggester alone against tantivy and SQLite FTS5: ``python -m tests.benchmarks.suggesters --articles 10000 --language en``.

All three hold the same articles and are asked the same messages of 3 to 200 words in turn. Prints one JSON object a line for
each size and language. With ``--keep`` the databases and indexes stay in a folder and are taken up again.
"""

import argparse
import json
import pickle
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import select

from kb.articles import Translation
from kb.database import Database
from kb.passages import Passage
from kb.suggest import Suggester
from tests.benchmarks.rivals import Row, open_all
from tests.benchmarks.vocabulary import Vocabulary
from webform import migration

SIZES, LANGUAGES = (100, 1000, 10_000), ("en", "ru", "zh")
WARM = 30
LENGTHS = {"3-12": (3, 12), "13-50": (13, 50), "51-200": (51, 200)}


def stock(folder: Path, language: str, articles: int) -> tuple[Database, list[Any]]:
    """Fill a database, unless that was done before."""
    new = not (folder / "topics.pickle").exists()
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{folder / 'webform.db'}")
    migration.upgrade(database)
    if new:
        with database.writing() as session:
            topics = Vocabulary(language).publish(session, datetime.now(UTC), articles)
        (folder / "topics.pickle").write_bytes(pickle.dumps(topics))
    return database, pickle.loads((folder / "topics.pickle").read_bytes())


def rows_of(database: Database) -> list[Row]:
    with database.reading() as session:
        texts: dict[int, list[str]] = {}
        for number, text in session.execute(select(Passage.translation_id, Passage.text).order_by(Passage.translation_id, Passage.position)):
            texts.setdefault(number, []).append(text)
        return [(number, title, "\n".join(texts[number])) for number, title in session.execute(select(Translation.id, Translation.title))]


def measured(askers: dict[str, Callable[[str], object]], messages: list[str]) -> dict[str, np.ndarray]:
    """Ask all of them each message in turn.

    :return: for each a row of wall milliseconds and a row of the thread's own milliseconds of processor.
    """
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in askers}
    for turn, message in enumerate(messages[:WARM] + messages):
        for name, ask in askers.items():
            wall, own = time.perf_counter(), time.thread_time()
            ask(message)
            if turn >= WARM:
                spent[name].append((1000 * (time.perf_counter() - wall), 1000 * (time.thread_time() - own)))
    return {name: np.array(each).T for name, each in spent.items()}


def quantiles(values: np.ndarray) -> dict[str, float]:
    return {f"p{part}": round(float(np.percentile(values, part)), 2) for part in (50, 95, 99)} if len(values) else {}


def resident() -> int:
    """Tell how many megabytes of memory this process has for itself."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) // 1024


def trial(folder: Path, language: str, articles: int, count: int, rivals: list[str]) -> dict[str, Any]:
    database, topics = stock(folder, language, articles)
    before, begun = resident(), time.monotonic()
    suggester = Suggester(database, folder / "index", gate=0.0)
    suggester.ensure_ready(lesson=True)  # Else it would be learned beside what is measured.
    facts = {"articles": articles, "language": language, "ready_seconds": round(time.monotonic() - begun, 1), "megabytes": resident() - before}
    messages = list(Vocabulary(language, seed=2).messages(topics, count))
    lengths = np.array([len(message.split()) if language != "zh" else len(message) // 2 for message in messages])
    askers: dict[str, Callable[[str], object]] = {"suggester": lambda text: suggester.suggest("", text, language=language)}
    askers |= {name: rival.ask for name, rival in open_all(language, rows_of(database) if rivals else [], rivals).items()}
    found = measured(askers, messages)
    suggester.close()
    database.close()
    for name, (wall, own) in found.items():
        parts = {part: quantiles(wall[(lengths >= low) & (lengths <= high)]) for part, (low, high) in LENGTHS.items()}
        facts[name] = {"milliseconds": quantiles(wall), "processor": quantiles(own), "by_words": parts}
    if "tantivy" in found:
        facts["p99_over_tantivy"] = round(float(np.percentile(found["suggester"][0], 99) / np.percentile(found["tantivy"][0], 99)), 2)
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, action="append", help="may be given several times; 100, 1000 and 10000 unless given")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--rival", choices=("tantivy", "fts5"), action="append", help="both unless given")
    parser.add_argument("--alone", action="store_true", help="without rivals")
    parser.add_argument("--keep", type=Path, help="folder for databases and indexes that stay")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(TemporaryDirectory()))
        for articles in asked.articles or SIZES:
            for language in asked.language or LANGUAGES:
                rivals = [] if asked.alone else asked.rival or ["tantivy", "fts5"]
                print(json.dumps(trial(folder / f"{articles}-{language}", language, articles, asked.messages, rivals)), flush=True)


if __name__ == "__main__":
    main()
