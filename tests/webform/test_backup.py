"""Backup and restore: a copy made under load holds one moment, and what it holds goes on as if nothing had happened."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.database import Database
from tests.webform.delivering import Told, courier, put
from webform import backup
from webform.deliveries import deliver_due
from webform.outbox import OutboxMessage
from webform.tickets import Ticket


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Database]:
    restored = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    yield restored
    restored.close()


def stored(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Ticket, OutboxMessage))  # type: ignore[return-value]


def test_a_copy_under_load_is_whole_and_mail_that_was_sent_is_not_sent_again(
    database: Database, restored: Database, engine_name: str, tmp_path: Path, now: datetime
) -> None:
    target = tmp_path / "copy.db"
    if engine_name != "sqlite":
        with pytest.raises(backup.NoCopy, match="pg_dump"):
            backup.copy(database, tmp_path / "refused.db")
        assert not (tmp_path / "refused.db").exists()
        return
    with database.writing() as session:
        for _ in range(20):
            put(session, now)
    first = Told()
    deliver_due(courier(database, first, now))
    before, stop, begun = stored(database), threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.writing() as session:
                put(session, now)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(120)
    target.write_text("an earlier copy", "utf-8")
    assert backup.copy(database, target) == target.stat().st_size
    stop.set()
    writer.join()
    assert target.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]
    with closing(sqlite3.connect(target)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    tickets, messages = stored(restored)
    assert tickets == messages
    assert before[0] < tickets <= stored(database)[0]
    again = Told()
    deliver_due(courier(restored, again, now))
    sent, later = ({parcel.reference for parcel in mailer.asked} for mailer in (first, again))
    assert (len(sent), len(later), sent & later) == (20, tickets - 20, set())
