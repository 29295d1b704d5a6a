"""The ground of a benchmark: an empty, migrated database of its own and a folder beside it."""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kb.database import Database
from tests.postgres import serve_postgres
from webform import migration


def add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")


@contextmanager
def ground(kind: str = "sqlite", kept: Path | None = None) -> Iterator[tuple[Path, str, Database]]:
    """Give the folder, the database's address and the database; all gone at the end.

    :param kept: a folder in which everything stays for another time instead.
    """
    with ExitStack() as stack:
        folder = kept or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder}/webform.db" if kind == "sqlite" else stack.enter_context(serve_postgres(folder))
        database = Database(url)
        stack.callback(database.close)
        migration.upgrade(database)
        yield folder, url, database
