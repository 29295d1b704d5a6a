"""The learning curve: ``python -m tests.benchmarks.learning DIR [SET …]`` replays the train texts of labelled sets as solved visits.

Each visit comes over a network of its own, or with ``--networks N`` over one of N, and goes the product's way: masked, kept
as a voice, believed once others agree. With ``--trusted`` staff have confirmed every one. Prints one JSON object a line: the
right article among the first three, the gate ignored, after so many events; fails if a curve falls by more than chance does.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from kb.agreement import settle
from kb.articles import Article
from kb.database import Database
from kb.engine import Engine
from kb.evaluation import ask, figures
from kb.examples import Example, Standing
from kb.holdings import read_holdings
from kb.imports import import_articles
from kb.labelled import Question
from kb.masking import mask
from kb.shelf import Shelf
from kb.teaching import study
from kb.voices import Speaker, keep_voice
from kb.workshop import make
from tests.benchmarks.ground import ground

STEPS = (0, 10, 100, 1000)
QUESTIONS = 1000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CHANCE = 2.0
"""Standard errors of the difference by which a curve may fall without meaning it."""

Event = tuple[str, str, str]
"""A text, its language, and the article that solved it."""


def replay(events: Sequence[Event], articles: dict[str, int], database: Database, *, first: int, networks: int, trusted: bool) -> None:
    """Let visits say that an article solved it, one after another."""
    with database.writing() as session:
        for number, (text, language, article) in enumerate(events, first):
            said_by = Speaker(f"visit {number}", f"network {number % networks}" if networks else f"network {number}")
            keep_voice(session, mask(text), language, articles[article], said_by, now=BEGIN + timedelta(minutes=number))
        if trusted:
            session.execute(update(Example).values(standing=Standing.TRUSTED, network=None, origin=None))
    settle(database)


def learned(database: Database) -> tuple[Engine, int]:
    """Build an engine from all that is believed now, and count its examples."""
    with database.reading() as session:
        holdings = read_holdings(session)
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "index")
        untaught = make(shelf, holdings, None)
        return make(shelf, holdings, untaught, study(untaught.rooms, holdings)), len(holdings.samples)


def curve(
    folder: Path, steps: Sequence[int], *, questions: int = QUESTIONS, networks: int = 0, trusted: bool = False, seed: int = 1
) -> Iterator[dict[str, Any]]:
    """Measure after each number of events; the last is all there are."""
    with ground() as (_, _, database):
        import_articles(database, folder / "articles.jsonl", now=BEGIN)
        with database.reading() as session:
            articles = {row.external_id: row.id for row in session.execute(select(Article.external_id, Article.id))}
        events, asked = _events(folder), _questions(folder, articles)
        random.Random(seed).shuffle(events)
        asked = asked[:: max(len(asked) // questions, 1)]
        begin = 0
        for count in [*(step for step in steps if step < len(events)), len(events)]:
            replay(events[begin:count], articles, database, first=begin, networks=networks, trusted=trusted)
            begin = count
            engine, believed = learned(database)
            found = figures(list(ask(engine, asked, engine.judgement.gate, typed=0)), engine.judgement.gate, len(articles))
            told = {name: found[name] for name in ("queries", "recall_at_1", "recall_at_3", "answered_at_3", "gate")}
            yield {"set": folder.name, "events": count, "learned": believed, **told, "trusted": trusted}


def falls(points: Sequence[dict[str, Any]]) -> list[str]:
    """Name the steps at which the curve falls by more than chance does."""
    found = []
    for before, after in pairwise(points):
        a, b, number = before["recall_at_3"], after["recall_at_3"], after["queries"]
        if b < a - CHANCE * (2 * a * (1 - a) / number) ** 0.5:
            found.append(f"{after['set']}: from {before['events']} to {after['events']} events recall@3 falls from {a} to {b}")
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()] if path.exists() else []


def _events(folder: Path) -> list[Event]:
    queries = [row for row in _rows(folder / "queries.jsonl") if row["split"] == "train" and row["article_ids"]]
    languages = {row["text"]: row["lang"] for row in queries}
    usual = _rows(folder / "articles.jsonl")[0].get("lang", "en")
    found = {row["text"]: (row["text"], row["lang"], row["article_ids"][0]) for row in queries}
    requests = [(row["text"], row["article_id"]) for row in _rows(folder / "requests.jsonl") if row["article_id"]]
    return list((found | {text: (text, languages.get(text, usual), article) for text, article in requests}).values())


def _questions(folder: Path, articles: dict[str, int]) -> list[Question]:
    rows = [row for row in _rows(folder / "queries.jsonl") if row["split"] == "test" and row["article_ids"]]
    return [Question(row["text"], row["lang"], frozenset(articles[one] for one in row["article_ids"])) for row in rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*", default=["rzd", "banking77"])
    parser.add_argument("--steps", type=lambda text: [int(step) for step in text.split(",")], default=list(STEPS))
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--networks", type=int, default=0)
    parser.add_argument("--trusted", action="store_true")
    chosen = parser.parse_args()
    found = []
    for name in chosen.sets:
        points = []
        for point in curve(chosen.folder / name, chosen.steps, questions=chosen.questions, networks=chosen.networks, trusted=chosen.trusted):
            print(json.dumps(point), flush=True)
            points.append(point)
        found += falls(points)
    print("\n".join(found) or "no curve falls")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
