"""Kill the builder of an index many times while others read, and print what came of it: ``python -m tests.benchmarks.builders --kills 500``."""

import argparse
import json
import sys
from datetime import UTC, datetime

from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.kb.killing import kill_builders
from tests.kb.pump_articles import publish_all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    add_choice(parser)
    asked = parser.parse_args()
    with ground(asked.database) as (folder, url, database):
        with database.writing() as session:
            publish_all(session, datetime.now(UTC))
        suggester = Suggester(database, folder / "index")
        suggester.ensure_ready(learn=True)
        suggester.close()
        figures = kill_builders(url, folder / "index", kills=asked.kills, seed=asked.seed)
    print(json.dumps({"database": asked.database, **figures.as_json()}))
    sys.exit(bool(figures.faults or figures.left_over))


if __name__ == "__main__":
    main()
