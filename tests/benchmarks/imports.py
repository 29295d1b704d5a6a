"""Import 10,000 articles of an export, again unchanged, and as a dry run, and print the figures as JSON: ``python -m tests.benchmarks.imports``.

The export is in the shape of Zendesk's Help Center API: HTML with tables, code, lists, links between articles and pictures, in three languages.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from kb.database import Database
from kb.import_report import Report
from kb.imports import import_articles
from tests.kb.foreign_exports import TEXTS, html
from tests.kb.painting import picture
from webform import migration

LOCALES = {"en": "en-us", "ru": "ru", "zh": "zh-cn"}
PER_FILE, PICTURES = 100, 200


def write_export(folder: Path, articles: int, seed: int) -> None:
    """Write an export of so many articles, a hundred in a file."""
    dice = random.Random(seed)
    (folder / "article_attachments").mkdir(parents=True)
    for number in range(PICTURES):
        (folder / "article_attachments" / f"{number}.png").write_bytes(picture(size=(640, 400), colour=(number, 90, 120)))
    for first in range(0, articles, PER_FILE):
        rows = [_row(dice, number, articles) for number in range(first, min(articles, first + PER_FILE))]
        (folder / f"articles-{first:06}.json").write_text(json.dumps({"articles": rows}, ensure_ascii=False), "utf-8")


def _row(dice: random.Random, number: int, articles: int) -> dict[str, object]:
    language = dice.choice(list(TEXTS))
    link, image = f"/hc/articles/{dice.randrange(articles)}", f"/hc/article_attachments/{dice.randrange(PICTURES)}/valve.png"
    words = " ".join(dice.choice(TEXTS[language]) for _ in range(60))
    return {
        "id": number,
        "section_id": number % 40,
        "locale": LOCALES[language],
        "source_locale": LOCALES[language],
        "title": f"{TEXTS[language][0]} {number}",
        "body": html(language, link, image) + f"<p>{words}</p>" * 4,
        "draft": number % 10 == 0,
        "user_segment_id": None,
        "updated_at": "2026-01-02T03:04:05Z",
    }


def measured(database: Database, folder: Path, *, dry_run: bool = False) -> dict[str, object]:
    """Import once, and tell how long it took and what came of it."""
    begun, worked = time.monotonic(), time.process_time()
    report: Report = import_articles(database, folder, now=datetime.now(UTC), dry_run=dry_run)
    counts = {name: getattr(report, name) for name in ("created", "updated", "unchanged", "refused", "pictures")}
    return {"seconds": round(time.monotonic() - begun, 1), "processor_seconds": round(time.process_time() - worked, 1), **counts}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="URL of an empty database; else SQLite in a folder that is removed afterwards")
    parser.add_argument("--once", action="store_true", help="neither again nor as a dry run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "export"
        write_export(folder, options.articles, options.seed)
        database = Database(options.database or f"sqlite:///{name}/benchmark.db")
        migration.upgrade(database)
        figures: dict[str, object] = {"articles": options.articles, "first": measured(database, folder)}
        if not options.once:
            figures |= {"again": measured(database, folder), "dry_run": measured(database, folder, dry_run=True)}
        figures["most_memory_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        database.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
