"""Kill the server and the workers many times, and print what came of it: ``python -m tests.benchmarks.crashes --kills 200``."""

import argparse
import json
import sys

from tests.benchmarks.ground import add_choice, ground
from tests.webform.crashing import crash


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    add_choice(parser)
    asked = parser.parse_args()
    with ground(asked.database) as (folder, url, _):
        figures = crash(folder, url, kills=asked.kills, seed=asked.seed)
    print(json.dumps({"database": asked.database, **figures.as_json()}))
    sys.exit(bool(figures.lost or figures.mismatches or figures.undelivered or figures.integrity_check not in {"ok", "not asked"}))


if __name__ == "__main__":
    main()
