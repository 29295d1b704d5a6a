from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.database import Database
from kb.generations import current_generation, raise_generation


def test_a_read_then_write_in_many_threads_never_fails_on_a_stale_snapshot(database: Database) -> None:
    def read_then_write(_: int) -> None:
        with database.writing() as session:
            current_generation(session)
            raise_generation(session)

    with database.writing() as session:
        raise_generation(session)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(read_then_write, range(40)))
    with database.reading() as session:
        assert current_generation(session) == 41


def test_a_failed_writing_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        raise_generation(session)
        1 / 0  # noqa: B018
    with database.reading() as session:
        assert current_generation(session) == 0
