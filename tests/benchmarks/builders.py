"""Kill the builder of an index many times while others read, and print what came of it: ``python -m tests.benchmarks.builders --kills 500``."""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from kb.database import Database
from kb.suggest import Suggester
from tests.kb.killing import kill_builders
from tests.kb.pump_articles import publish_all
from tests.postgres import serve_postgres
from webform import migration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/webform.db" if asked.database == "sqlite" else stack.enter_context(serve_postgres(folder))
        database = Database(url)
        migration.upgrade(database)
        with database.writing() as session:
            publish_all(session, datetime.now(UTC))
        suggester = Suggester(database, folder / "index")
        suggester.ensure_ready(learn=True)
        suggester.close()
        database.close()
        figures = kill_builders(url, folder / "index", kills=asked.kills, seed=asked.seed)
    print(json.dumps({"database": asked.database, **figures.as_json()}))
    sys.exit(bool(figures.faults or figures.left_over))


if __name__ == "__main__":
    main()
