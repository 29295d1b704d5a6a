import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from kb.database import Database
from kb.generations import Generation, current_generation, raise_generation
from kb.ready import Ready


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


def test_a_new_database_is_its_owners_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'instance' / 'new.db'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE some (words TEXT)"))
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "instance").iterdir()}
    database.close()
    assert rights == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}


def test_a_database_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "shared.db").touch(0o640)
    Database(f"sqlite:///{tmp_path / 'shared.db'}").close()
    assert stat.S_IMODE((tmp_path / "shared.db").stat().st_mode) == 0o640


def test_a_failed_writing_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        raise_generation(session)
        1 / 0  # noqa: B018
    with database.reading() as session:
        assert current_generation(session) == 0


def test_a_plain_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    count = Ready(update(Generation).values(number=Generation.number + 1).returning(Generation.number))
    with database.writing() as session:
        raise_generation(session)
    with database.counting_plainly(patience=1) as line:
        count.rows(line)
        line.undo()
        count.rows(line)
    with pytest.raises(ZeroDivisionError), database.counting_plainly(patience=1) as line:
        count.rows(line)
        1 / 0  # noqa: B018
    with database.reading() as session:
        assert current_generation(session) == 2


def test_what_only_counts_waits_as_long_as_it_was_told_to(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'busy.db'}")
    with database.writing() as first:
        first.execute(text("SELECT 1"))
        begun = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), database.counting(patience=0.3) as session:
            session.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"), database.counting_plainly(patience=0.3):
            pass
        assert 0.2 < time.monotonic() - begun < 5
    database.close()


def test_only_counts_are_not_waited_for_until_they_are_on_the_disk(database: Database) -> None:
    asked: str = "PRAGMA synchronous"
    waited: int | str = 2
    hurried: int | str = 1
    if database.engine.dialect.name == "postgresql":
        asked, hurried = "SHOW synchronous_commit", "off"
        with database.reading() as session:
            waited = session.execute(text(asked)).scalar_one()  # As the server is set; that of the tests may wait for no disk at all.
    for _ in range(2):  # A connection that counted is used for requests afterwards.
        with database.counting(patience=1) as session:
            raise_generation(session)
            assert session.execute(text(asked)).scalar_one() == hurried
        with database.counting_plainly(patience=1) as line:
            assert line.connection.cursor().execute(asked).fetchone() == (hurried,)  # type: ignore[attr-defined]
        with database.writing() as session:
            raise_generation(session)
            assert session.execute(text(asked)).scalar_one() == waited
    with database.reading() as session:
        assert current_generation(session) == 4


def test_the_log_is_moved_into_the_database_by_whoever_tidies(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'busy.db'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE some (words TEXT)"))
    database.tidy()
    size = (tmp_path / "busy.db").stat().st_size
    with database.counting(patience=5) as session:
        session.execute(text("INSERT INTO some VALUES (:words)"), {"words": "x" * 5_000_000})  # More than what makes a commit move it otherwise.
    assert (tmp_path / "busy.db").stat().st_size == size
    database.tidy()
    assert (tmp_path / "busy.db").stat().st_size > size + 5_000_000
    database.close()


@pytest.mark.parametrize("plain", [False, True])
def test_a_connection_that_died_while_nobody_used_it_is_made_anew(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, plain: bool
) -> None:
    database, me = Database(postgres_url), text("SELECT pg_backend_pid()")

    def mine() -> int:
        if plain:
            with database.counting_plainly(patience=1) as line:
                return int(Ready(select(func.pg_backend_pid())).rows(line)[0][0])
        with database.counting(patience=1) as session:
            return int(session.execute(me).scalar_one())

    with database.writing() as first, database.writing() as second:
        numbers = [first.execute(me).scalar_one(), second.execute(me).scalar_one()]
    assert mine() == mine() == numbers[0], "what was used last is used again: what it knows is still at hand"
    with database.writing() as session:
        assert session.execute(text("SELECT pg_terminate_backend(:number, 60000)"), {"number": numbers[1]}).scalar_one()
        monkeypatch.setattr("kb.database.SURE_SECONDS", -1.0)
        renewed = mine()
        assert renewed not in numbers
        monkeypatch.undo()
        assert session.execute(text("SELECT pg_terminate_backend(:number, 60000)"), {"number": renewed}).scalar_one()
        with pytest.raises(OperationalError):  # As the product knows it, and once: what was in use a moment ago is not asked.
            mine()
        assert mine() not in {*numbers, renewed}
    assert not [record for record in caplog.records if record.name.startswith("sqlalchemy")], "it is told once, by the error"
    database.close()
