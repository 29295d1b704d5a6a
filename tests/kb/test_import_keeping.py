"""An import job: looked through, confirmed, carried out, and gone on with by another worker."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb import import_jobs
from kb.articles import find_translation
from kb.database import Database
from kb.import_jobs import FORGOTTEN, KEPT, LEASE, Export, ImportJob, Stage
from kb.import_keeping import Keeping, attend
from kb.imports import BATCH
from tests.kb.foreign_exports import zendesk

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def keeping(database: Database, name: str = "one", now: datetime = NOW) -> Keeping:
    return Keeping(database, lambda _session: now, name)


def submitted(database: Database, content: bytes, name: str = "export.zip") -> int:
    with database.writing() as session:
        return import_jobs.submit(session, Export(name, content, "", "en"), "lead@example.com", NOW).id


def job(database: Database, number: int) -> ImportJob:
    with database.reading() as session:
        found = import_jobs.find(session, number)
    assert found is not None
    return found


def decide(database: Database, number: int, stage: Stage) -> bool:
    with database.writing() as session:
        return import_jobs.decide(session, number, stage, NOW)


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    zendesk(tmp_path / "export")
    return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "export")).read_bytes()


def test_a_job_is_looked_through_and_brought_in_once_it_is_confirmed(database: Database, packed: bytes) -> None:
    number = submitted(database, packed)
    assert not decide(database, number, Stage.IMPORTING)
    assert keeping(database).attempt()
    looked = job(database, number)
    assert (looked.stage, looked.kind, looked.told.created, len(looked.told.changes)) == (Stage.CHECKED, "zendesk", 5, 5)
    with database.reading() as session:
        assert find_translation(session, "zendesk-101", "ru") is None
    assert not keeping(database).attempt()
    assert decide(database, number, Stage.IMPORTING)
    assert not decide(database, number, Stage.DISCARDED)
    assert keeping(database).attempt()
    done = job(database, number)
    assert (done.stage, done.told.created, done.told.pictures, done.worker) == (Stage.DONE, 5, 1, "")
    with database.reading() as session:
        assert find_translation(session, "zendesk-101", "ru") is not None
        assert session.get_one(ImportJob, number).content == b""


def test_what_cannot_be_read_fails_with_its_reason(database: Database) -> None:
    number = submitted(database, b"PK nothing")
    keeping(database).attempt()
    assert job(database, number).stage == Stage.FAILED
    assert "not a zip" in job(database, number).told.failures[0].reason


def test_a_job_belongs_to_one_worker_until_its_lease_is_over(database: Database, packed: bytes) -> None:
    number = submitted(database, packed)
    with database.writing() as session:
        claimed = import_jobs.claim(session, "one", NOW)
        assert claimed is not None
    assert not keeping(database, "two").attempt()
    assert keeping(database, "two", NOW + LEASE + timedelta(seconds=1)).attempt()
    assert job(database, number).stage == Stage.CHECKED


def test_a_stopped_worker_leaves_the_rest_to_another(database: Database) -> None:
    rows = "\n".join(f'{{"id": "a{number}", "lang": "en", "title": "T", "body": ""}}' for number in range(3 * BATCH))
    number = submitted(database, rows.encode(), "articles.jsonl")
    keeping(database).attempt()
    decide(database, number, Stage.IMPORTING)
    first = keeping(database)
    first._clock = lambda _session: first.stop() or NOW  # type: ignore[func-returns-value,assignment]
    first.attempt()
    first.leave()
    half = job(database, number)
    assert (half.stage, half.worker) == (Stage.IMPORTING, "")
    keeping(database, "two").attempt()
    assert (job(database, number).stage, job(database, number).told.created) == (Stage.DONE, 3 * BATCH)


def test_a_thread_of_the_worker_carries_jobs_out(database: Database, packed: bytes) -> None:
    number = submitted(database, packed)
    with attend(database, lambda _session: NOW, "one"):
        for _ in range(600):
            if job(database, number).stage == Stage.CHECKED:
                break
            time.sleep(0.05)
    assert job(database, number).stage == Stage.CHECKED


def test_what_nobody_confirms_is_given_up_and_old_jobs_are_forgotten(database: Database, packed: bytes) -> None:
    number = submitted(database, packed)
    keeping(database).attempt()
    with database.writing() as session:
        import_jobs.prune(session, NOW + FORGOTTEN + timedelta(hours=1))
    assert job(database, number).stage == Stage.DISCARDED
    with database.writing() as session:
        import_jobs.prune(session, NOW + KEPT + timedelta(hours=1))
        assert import_jobs.latest(session) == []
