"""How long the help centre takes at 10,000 articles: its home, an article, the search page and the search while typing.

    python -m tests.benchmarks.help_centre [--articles 10000] [--database postgresql] [--folder FOLDER]

Prints one JSON object: milliseconds of each page over the queries below, the first time and later ones apart, and beside each what
of it was the processor's time, which is what a machine that has nothing else to do would take. Whole requests are timed through the
application, templates included. ``--folder`` keeps the database and the index for the next run.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select

from kb.articles import Translation
from kb.database import Database
from kb.web import DATABASE, SUGGESTER
from tests.benchmarks.ground import add_choice, ground
from tests.kb.many_articles import publish_many
from webform import create_app, migration

QUERIES = (
    "pump", "no water", "filter", "how do i clean the filter", "red light after power cut", "invoice address", "pmup", "controler",
    "wifi does not connect to the controller", "winter", "refund", "hose leaks water", "the app says no contact since yesterday",
)  # fmt: skip
ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_choice(parser)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        if asked.folder is not None:
            asked.folder.mkdir(parents=True, exist_ok=True)
            folder, url = asked.folder, f"sqlite:///{asked.folder}/webform.db"
            migration.upgrade(Database(url))
        else:
            folder, url, _ = stack.enter_context(ground(asked.database))
        settings = {"INSTANCE": str(folder), "DATABASE_URL": url, "SECRET_KEY": "x", "SEARCHES_PER_MINUTE": "100000", "LOG_LEVEL": "error", "SAMPLE_KB": "0"}
        print(json.dumps({"articles": asked.articles, "database": asked.database, **measured(settings, asked.articles)}, indent=2))


def measured(settings: dict[str, str], count: int) -> dict[str, object]:
    app = create_app(settings, environ={})
    with app.extensions[DATABASE].writing() as session:
        if not session.scalar(select(func.count()).select_from(Translation)):
            publish_many(session, datetime.now(UTC), count)
    app.extensions[SUGGESTER].ensure_ready()
    with app.extensions[DATABASE].reading() as session:
        slugs = list(session.scalars(select(Translation.slug).order_by(Translation.id)))
    client, chosen = app.test_client(), random.Random(1).sample(slugs, min(60, len(slugs)))
    return {
        "home": timed([lambda: client.get("/help?lang=en")]),
        "article": timed([get(client, f"/help/en/{slug}") for slug in chosen], rounds=2),
        "search": timed([get(client, f"/help/search?lang=en&q={query.replace(' ', '+')}") for query in QUERIES]),
        "search in a category": timed([get(client, f"/help/search?lang=en&category=shelf+3&q={query.replace(' ', '+')}") for query in QUERIES]),
        "while typing": timed([post(client, query[: max(3, len(query) - 2)]) for query in QUERIES]),
        "feed": timed([get(client, "/help/feed/en.atom")]),
        "sitemap part": timed([get(client, "/sitemap-1.xml")]),
    }


def get(client: FlaskClient, path: str) -> Callable[[], object]:
    return lambda: client.get(path)


def post(client: FlaskClient, text: str) -> Callable[[], object]:
    return lambda: client.post("/help/search", data={"q": text, "lang": "en"})


def timed(asks: list[Callable[[], object]], rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    first = [milliseconds(ask) for ask in asks]
    later = [milliseconds(ask) for _ in range(rounds) for ask in asks]
    told = {}
    for name, times in (("first", first), ("later", later)):
        told[name] = spread([wall for wall, _ in times])
        told[f"{name}, processor"] = spread([worked for _, worked in times])
    return told


def milliseconds(ask: Callable[[], object]) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000


def spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"p50": round(statistics.median(ordered), 1), "p95": round(late, 1), "max": round(ordered[-1], 1)}


if __name__ == "__main__":
    main()
