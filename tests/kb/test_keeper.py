"""The engine of a process: renewed on publication, healed after damage, whatever happens to its builder."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine as Connections

from kb.articles import Status, save_translation
from kb.database import Database
from kb.generations import raise_generation
from kb.keeper import Keeper
from kb.suggest import Suggester
from tests.kb.damaging import KINDS, cut_everywhere, damage, files, heal, kind
from tests.kb.killing import QUESTION, TITLE, kill_builders
from tests.kb.many_articles import publish_many
from tests.kb.pump_articles import ARTICLES, publish_all

PATIENCE = 120.0
ANOTHER = """
import sys, time
from pathlib import Path
from kb.database import Database
from kb.suggest import Suggester
suggester = Suggester(Database(sys.argv[1]), Path(sys.argv[2]), gate=0.05)
suggester.ensure_ready()
print("ready", flush=True)
begun = time.monotonic()
while time.monotonic() - begun < 30:
    if any(each.title == "Paint the zebra" for each in suggester.suggest("", "how do I paint the zebra").suggestions):
        print(time.time(), flush=True)
        break
    time.sleep(0.02)
"""


def url(connections: Connections) -> str:
    return connections.url.render_as_string(hide_password=False)


@pytest.fixture
def folder(database: Database, tmp_path: Path, now: datetime) -> Path:
    """The index folder of a handful of articles, all built and learned."""
    with database.writing() as session:
        publish_all(session, now)
    suggester = Suggester(database, tmp_path / "index")
    suggester.ensure_ready(learn=True)
    suggester.close()
    return tmp_path / "index"


@pytest.fixture
def start(database: Database, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that waits for an article about a zebra."""
    process = _python(ANOTHER, database, folder)
    yield process
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def _python(script: str, database: Database, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, url(database.engine), str(folder)], stdout=subprocess.PIPE, text=True)


def first(suggester: Suggester) -> str:
    found = suggester.suggest("", QUESTION).suggestions
    return found[0].title if found else ""


def eventually(condition: object, seconds: float = 120.0) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_the_folder_is_private_and_keeps_three_generations(database: Database, folder: Path) -> None:
    suggester = Suggester(database, folder)
    for _ in range(5):
        with database.writing() as session:
            raise_generation(session)
        suggester.ensure_ready()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len([path for path in folder.iterdir() if path.name.startswith("generation-")]) <= 3
    suggester.close()


def test_what_a_killed_builder_left_is_removed(database: Database, folder: Path) -> None:
    (folder / "building-dead").mkdir()
    (folder / "building-dead" / "half").write_bytes(b"x" * 1000)
    with database.writing() as session:
        raise_generation(session)
    suggester = Suggester(database, folder)
    suggester.ensure_ready()
    assert not list(folder.glob("building-*"))
    suggester.close()


def test_a_second_process_loads_what_the_first_built(database: Database, folder: Path) -> None:
    current = (folder / "CURRENT").read_text()
    suggester = Suggester(database, folder, gate=0.05)
    suggester.ensure_ready()
    assert first(suggester) == TITLE
    assert (folder / "CURRENT").read_text() == current
    suggester.close()


@pytest.mark.parametrize("how", ["truncated", "zeroed", "deleted", "garbage"])
def test_any_damaged_file_heals_and_never_raises(database: Database, folder: Path, how: str) -> None:
    dice = random.Random(how)
    for name in KINDS:
        running = Suggester(database, folder, gate=0.05)
        running.ensure_ready(lesson=True)
        damage(dice.choice([path for path in files(folder) if kind(path) == name]), how, dice)
        assert first(running) == TITLE
        fresh = Suggester(database, folder, gate=0.05)
        fresh.suggest("", QUESTION)
        assert eventually(lambda fresh=fresh: first(fresh) == TITLE), name
        running.close()
        fresh.close()


def test_a_file_may_be_cut_anywhere(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        publish_all(session, now, ARTICLES[:1])
    figures = cut_everywhere(database, tmp_path, offsets=20)
    assert figures.cuts == dict.fromkeys(KINDS, 20)
    assert figures.wrong == ()


def test_a_thousand_articles_heal_within_half_a_minute(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        publish_all(session, now)
        publish_many(session, now)
    running = Suggester(database, tmp_path / "index", gate=0.05)
    running.ensure_ready()
    for path in files(tmp_path / "index"):
        damage(path, "garbage", random.Random(1))
    fresh = Suggester(database, tmp_path / "index", gate=0.05)
    seconds, _ = heal(running, fresh)
    assert seconds < 30
    assert first(fresh) == TITLE
    running.close()
    fresh.close()


def test_the_whole_folder_can_be_deleted_under_a_running_process(database: Database, folder: Path) -> None:
    suggester = Suggester(database, folder, gate=0.05)
    suggester.ensure_ready()
    shutil.rmtree(folder)
    assert first(suggester) == TITLE
    assert eventually(lambda: first(suggester) == TITLE and (folder / "CURRENT").exists())
    suggester.close()


def test_a_folder_that_cannot_be_written_does_not_stop_suggestions(database: Database, folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    suggester = Suggester(database, blocked / "index", gate=0.05)
    suggester.ensure_ready()
    assert first(suggester) == TITLE
    suggester.close()


def test_two_processes_see_a_publication_within_two_seconds(database: Database, folder: Path, now: datetime, start: subprocess.Popen[str]) -> None:
    assert start.stdout
    assert start.stdout.readline() == "ready\n"
    here = Suggester(database, folder, gate=0.05)
    here.ensure_ready()
    with database.writing() as session:
        save_translation(session, external_id="zebra", language="en", title="Paint the zebra", body="Use a brush.", status=Status.PUBLISHED, now=now)
    published = time.time()
    assert eventually(lambda: any(each.title == "Paint the zebra" for each in here.suggest("", "how do I paint the zebra").suggestions), 10)
    seconds_here = time.time() - published
    seconds_there = float(start.stdout.readline()) - published
    assert max(seconds_here, seconds_there) < 2
    here.close()


class Door:
    """A lock that tells when somebody has to wait for it."""

    def __init__(self) -> None:
        self.lock, self.knocked = threading.Lock(), threading.Event()

    def __enter__(self) -> None:
        if not self.lock.acquire(blocking=False):
            self.knocked.set()
            self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


class Late(threading.Thread):
    """A thread that is held up in the moment in which it starts."""

    starting, go = threading.Event(), threading.Event()

    def start(self) -> None:
        if self.name == "engine":
            self.starting.set()
            assert self.go.wait(PATIENCE)
        super().start()


@pytest.mark.parametrize("kind", ["renewal", "study"])
def test_closing_waits_for_what_begins_in_that_moment_and_nothing_begins_after(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    keeper, done, closed = Keeper(database, folder), threading.Event(), threading.Event()
    if kind == "study":
        keeper.ensure()
    door = keeper._door = Door()  # type: ignore[assignment]
    monkeypatch.setattr(threading, "Thread", Late)
    monkeypatch.setattr(Late, "starting", threading.Event())
    monkeypatch.setattr(Late, "go", threading.Event())
    monkeypatch.setattr(Keeper, "_renew" if kind == "renewal" else "_learn", lambda _self, **_how: closed.wait(0.2) or done.set())
    typing, closing = Late(target=keeper.engine), Late(target=keeper.close)
    typing.start()
    assert Late.starting.wait(PATIENCE)
    closing.start()
    assert door.knocked.wait(PATIENCE), "it closed without looking who is coming in"
    Late.go.set()
    closing.join(PATIENCE)
    typing.join(PATIENCE)
    assert done.is_set()
    assert keeper._aside(None, closed.set) is None


def test_killed_builders_never_disturb_a_reader(database: Database, folder: Path) -> None:
    figures = kill_builders(url(database.engine), folder, kills=25, seed=7)
    assert figures.faults == ()
    assert figures.left_over == 0
    assert figures.kills == 25
    assert figures.torn >= 1
    assert min(figures.steady_answers, figures.fresh_answers) >= 10
