"""How long the table of languages takes, at ten thousand articles in three languages: ``python -m tests.benchmarks.coverage``."""

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime

from sqlalchemy import func, insert, literal, select

from kb.articles import Article, Translation
from kb.coverage import State, coverage, page
from kb.database import Database
from kb.lags import Lag
from tests.kb.many_articles import publish_many
from webform import migration

COPIED = ("article_id", "title", "summary", "body", "category", "status", "extra", "created_at", "updated_at", "published_at")


def furnish(database: Database, count: int, now: datetime) -> None:
    """Publish articles in English, nine of ten also in Russian and half in Chinese, a tenth of them out of date."""
    with database.writing() as session:
        publish_many(session, now, count)
        columns = [getattr(Translation, name) for name in COPIED]
        for language, share in (("ru", 9), ("zh", 5)):
            slug = (literal(f"{language}-") + Translation.slug).label("slug")
            copied = select(*columns, literal(language).label("language"), slug).where(Translation.language == "en", Translation.article_id % 10 < share)
            session.execute(insert(Translation).from_select([*COPIED, "language", "slug"], copied))
        late = select(Translation.id).where(Translation.language != "en", Translation.article_id % 10 == 1)
        first = session.scalar(select(func.min(Translation.id)))
        session.execute(insert(Lag), [{"translation_id": number, "source_id": first, "since": now} for number in session.scalars(late)])


def measure(database: Database, rounds: int = 15) -> dict[str, float]:
    """Give medians in milliseconds of one processor's time, which a busy machine does not lengthen much."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in ("counts", *State):
            start = time.process_time()
            with database.reading() as session:
                found = coverage(session)
                if name != "counts":
                    page(session, found, "zh", State(name))
            taken.setdefault(name, []).append(1000 * (time.process_time() - start))
    return {name: round(statistics.median(times), 1) for name, times in taken.items()}


def main(count: int) -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/coverage.db")
        migration.upgrade(database)
        furnish(database, count, datetime.now(UTC))
        with database.reading() as session:
            articles, translations = (session.scalar(select(func.count()).select_from(model)) for model in (Article, Translation))
        print(json.dumps({"articles": articles, "translations": translations, "median_ms": measure(database)}))
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
