"""Cut every file of an index of a thousand articles at many places, and print what came of it: ``python -m tests.benchmarks.damages``."""

import argparse
import json
import sys
from datetime import UTC, datetime

from tests.benchmarks.ground import ground
from tests.kb.damaging import cut_everywhere
from tests.kb.many_articles import publish_many
from tests.kb.pump_articles import ARTICLES, publish_all

MOST_SECONDS = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--offsets", type=int, default=20)
    asked = parser.parse_args()
    with ground() as (folder, _, database):
        with database.writing() as session:
            publish_all(session, datetime.now(UTC), ARTICLES[:1])
            publish_many(session, datetime.now(UTC), asked.articles)
        figures = cut_everywhere(database, folder, offsets=asked.offsets)
    print(json.dumps({"articles": asked.articles, **figures.as_json()}))
    sys.exit(bool(figures.wrong) or figures.slowest_heal > MOST_SECONDS)


if __name__ == "__main__":
    main()
