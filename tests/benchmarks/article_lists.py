"""The staff's list at ten thousand articles, in every order and filter: ``python -m tests.benchmarks.article_lists``.

Each page is asked of the whole application through its test client, signed in, with a hundred thousand events behind the
solve rates (a tenth of them of the last day), counted by the census before. Printed as one JSON object: for each address
the median and the worst of the runs, in milliseconds on the server, and the processor's time, which is what a machine that
has nothing else to do would take; beside it what a bulk change of as many as are allowed costs.
"""

import argparse
import json
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from deflection.census import count
from deflection.events import Event, Kind
from deflection.visits import Visit
from kb import bulk
from kb.articles import Article, Translation
from kb.bulk import Act, Change
from kb.web import DATABASE
from tests.kb.many_articles import publish_many
from tests.webform.conftest import make_member, sign_in
from webform import create_app, migration
from webform.staff import RoleName

QUERIES = (
    "", "page=200", "q=pump", "q=pump+water+hose", "status=published&language=en", "status=review", "category=shelf+3", "owner=writer@example.com", "owner=-",
    "review=due", "untranslated=ru", "low=1", "sort=title", "sort=title&page=100", "sort=review", "sort=shown", "sort=solved", "q=pump&sort=solved&low=1",
)  # fmt: skip


def stock(session: Session, articles: int, visits: int, now: datetime) -> None:
    """Fill the database: articles with owners and review dates, and visits that opened and solved some of them."""
    publish_many(session, now - timedelta(days=400), articles)
    numbers = list(session.scalars(select(Article.id)))
    dice = random.Random(1)
    dates = [
        {"id": number, "owner": dice.choice(("", "writer@example.com")), "review_at": now + timedelta(days=dice.randrange(-300, 300))} for number in numbers
    ]
    session.execute(update(Article), dates)
    seen = [now - timedelta(hours=dice.choice((dice.randrange(24), *(dice.randrange(48, 9000) for _ in range(9))))) for _ in range(visits)]
    rows = [
        {"token": f"v{place}", "arm": "treatment", "language": "en", "topic": "", "scripted": True, "engaged": True, "started_at": when, "last_seen_at": when}
        for place, when in enumerate(seen)
    ]
    ids = list(session.scalars(insert(Visit).returning(Visit.id, sort_by_parameter_order=True), rows))
    events = []
    for visit, when in zip(ids, seen, strict=True):
        shown = dice.sample(numbers, 2)
        told = [(Kind.SHOWN, shown[0]), (Kind.SHOWN, shown[1]), (Kind.OPENED, shown[0]), (dice.choice((Kind.SOLVED, Kind.DECLINED)), shown[0])]
        events += [{"visit_id": visit, "kind": kind, "article_id": article, "reason": "", "recorded_at": when} for kind, article in told]
    session.execute(insert(Event), events)


def measure(client: FlaskClient, query: str, runs: int) -> dict[str, float]:
    """Ask for a page some times."""
    spent, working = [], []
    for _ in range(runs):
        begun, worked = time.perf_counter(), time.process_time()
        answer = client.get(f"/staff/articles?{query}")
        spent.append(1000 * (time.perf_counter() - begun))
        working.append(1000 * (time.process_time() - worked))
        assert answer.status_code == 200, answer.status
    return {"median_ms": round(statistics.median(spent), 1), "worst_ms": round(max(spent), 1), "processor_ms": round(statistics.median(working), 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=25_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--database", default="", help="URL of an empty database; SQLite in a temporary folder unless given.")
    asked = parser.parse_args()
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'webform.db'}"
        app = create_app({"INSTANCE": folder, "DATABASE_URL": url, "SAMPLE_KB": "0", "LOG_LEVEL": "error"}, environ={})
        database = app.extensions[DATABASE]
        migration.upgrade(database)
        with database.writing() as session:
            stock(session, asked.articles, asked.visits, now)
        client = app.test_client()
        sign_in(client, make_member(database, RoleName.WRITER, now))
        begun = time.process_time()
        count(database, now)
        counting = 1000 * (time.process_time() - begun)
        pages = {query or "(all)": measure(client, query, asked.runs) for query in QUERIES}
        with database.writing() as session:
            chosen = list(session.scalars(select(Translation.id).limit(bulk.MOST_AT_ONCE)))
            begun = time.process_time()
            changed = bulk.carry_out(session, chosen, Change(Act.ARCHIVE), actor="benchmark", now=now)
            archiving = 1000 * (time.process_time() - begun)
        database.close()
    told = {
        "articles": asked.articles, "events": 4 * asked.visits, "pages": pages, "worst_ms": max(each["worst_ms"] for each in pages.values()),
        "first_count_processor_ms": round(counting, 1), "archiving": {"translations": changed, "processor_ms": round(archiving, 1)},
    }  # fmt: skip
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
