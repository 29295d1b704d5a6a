"""Kill the server and the workers many times, and print what came of it: ``python -m tests.benchmarks.crashes --kills 200``."""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from kb.database import Database
from tests.postgres import serve_postgres
from tests.webform.crashing import crash
from webform import migration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/webform.db" if asked.database == "sqlite" else stack.enter_context(serve_postgres(folder))
        database = Database(url)
        migration.upgrade(database)
        database.close()
        figures = crash(folder, url, kills=asked.kills, seed=asked.seed)
    print(json.dumps({"database": asked.database, **figures.as_json()}))
    sys.exit(bool(figures.lost or figures.mismatches or figures.undelivered or figures.integrity_check not in {"ok", "not asked"}))


if __name__ == "__main__":
    main()
