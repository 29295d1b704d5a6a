"""A baseline, from a mailbox whose every mail is known to what the page would say, killed on the way and gone on with."""

import json
import multiprocessing
import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from kb import web as kb_web
from kb.database import Database
from kb.sample import load_sample
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all
from tests.webform.old_mails import COMPANY, Planted, learned, write
from webform import baseline_cli, baseline_keeping, baseline_runs, baselines, gap_lists, leases
from webform.baseline_figures import Part, figures, zone_of
from webform.baseline_runs import Run
from webform.baselines import LEASE, UNREAD, Baseline, BaselineQuestion, Order, Stage
from webform.mailbox_files import Mailbox

OURS = Order("old.mbox", (COMPANY,), "UTC", "en")
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def suggester(app: Flask) -> Suggester:
    return app.extensions[kb_web.SUGGESTER]  # type: ignore[no-any-return]


def test_what_is_planted_in_a_mailbox_is_found(app: Flask, database: Database, now: datetime, tmp_path: Path) -> None:
    told = write(tmp_path / "old.mbox", 400, texts=learned(), seed=5)
    with database.writing() as session:
        load_sample(session, now)
    app.config["COST_PER_CONTACT"] = 8.0
    runner = app.test_cli_runner()
    command = [str(tmp_path / "old.mbox"), "--ours", COMPANY, "--zone", "UTC"]
    found = json.loads(runner.invoke(baseline_cli.baseline, [*command, "--json"]).stdout)
    begun = [planted for planted in told if planted.kind == "customer"]
    assert {kind: found["kinds"].get(kind, 0) for kind in ("ours", "automatic", "bounce", "newsletter", "spam")} == _counted(told)
    assert found["questions"] + found["kinds"].get("wordless", 0) == len(begun)
    assert found["kinds"]["later"] == sum(planted.kind == "later" for planted in told)
    low, high = found["interval"]
    assert low <= sum(planted.answerable for planted in begun) / len(begun) <= high
    assert found["by_language"].keys() == {"en", "ru", "zh"}
    assert sum(part["of"] for part in found["by_month"].values()) == found["questions"] == sum(hour["questions"] for hour in found["by_hour"])
    hours = Counter({(hour["weekday"] - 1, hour["hour"]): hour["questions"] for hour in found["by_hour"]})
    assert not hours - Counter((planted.at.weekday(), planted.at.hour) for planted in begun)
    saved = found["savings"]
    assert saved["monthly"] == pytest.approx(found["share"] * saved["questions_monthly"] * 8, rel=0.01)
    assert saved["interval"][0] < saved["monthly"] < saved["interval"][1]
    assert found["unanswered"] == found["questions"] - found["answered"] or found["unanswered"] > 0.9 * (found["questions"] - found["answered"])
    with database.reading() as session:  # What nothing answers stands among the gaps, next to what customers ask now.
        listed = gap_lists.page(session, gap_lists.Wanted(), now=now).gaps
        assert {topic["gap"] for topic in found["topics"]} <= {gap.id for gap in listed}
        assert next(gap.count for gap in listed if gap.id == found["topics"][0]["gap"]) == found["topics"][0]["questions"]
        kept = " ".join(session.scalars(select(BaselineQuestion.subject + BaselineQuestion.message)))
    assert "@" not in kept
    assert not any(name in kept for name in ("Kirby", "Соколова", "张伟"))
    write(tmp_path / "old.mbox", 12, texts=learned())
    assert "mails: " in runner.invoke(baseline_cli.baseline, command).output


def _counted(told: list[Planted]) -> dict[str, int]:
    return {kind: sum(planted.kind == kind for planted in told) for kind in ("ours", "automatic", "bounce", "newsletter", "spam")}


def die(url: str, path: str, step: str, after: int) -> None:
    """Carry out a baseline in a process of its own, which is killed in the middle of a step."""
    database = Database(url)
    passed = Counter[str]()

    def progress(at: str, _done: int, _all: int) -> None:
        passed[at] += 1
        if at == step and passed[at] >= after:
            os.kill(os.getpid(), signal.SIGKILL)

    baseline_runs.BATCH = 20
    mailbox = Mailbox(Path(path))
    with database.writing() as session:
        baseline = baselines.take_up(session, OURS, mailbox.fingerprint, mailbox.size, "killed", leases.clock(session))
    run = Run(database, leases.clock, "killed", progress=progress)
    if baseline.stage == Stage.ASKING or run.read(baseline, mailbox):
        run.ask(baseline.id, Suggester(database, Path(path).parent / "index"))


def test_a_baseline_that_was_killed_goes_on_where_it_was(database: Database, database_url: str, suggester: Suggester, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "old.mbox"
    told = write(file, 220, seed=8)
    with database.writing() as session:
        publish_all(session, now)
    positions = []
    for step, after in (("read", 2), ("ask", 2)):
        killed = SPAWN.Process(target=die, args=(database_url, str(file), step, after))
        killed.start()
        killed.join(120)
        assert killed.exitcode == -signal.SIGKILL
        with database.reading() as session:
            positions.append([(each.stage, each.position) for each in baselines.latest(session)])
    assert positions == [[("reading", 40)], [("asking", 40)]]
    mailbox = Mailbox(file)
    with database.writing() as session:
        baseline = baselines.take_up(session, OURS, mailbox.fingerprint, mailbox.size, "other", leases.clock(session))
    assert Run(database, leases.clock, "other").ask(baseline.id, suggester)
    with database.reading() as session:
        places = session.scalars(select(BaselineQuestion.place)).all()
        done = session.get_one(Baseline, baseline.id)
        assert figures(session, done).whole.questions == len(places) == len(set(places))
    assert done.stage == Stage.DONE
    assert len(places) + done.kinds["wordless"] == sum(planted.kind == "customer" for planted in told)


def test_mail_that_was_sent_on_the_page_is_read_by_a_worker_and_gone(database: Database, suggester: Suggester, now: datetime, tmp_path: Path) -> None:
    write(tmp_path / "old.mbox", 40, seed=8)
    keeping = baseline_keeping.Keeping(database, suggester, leases.clock, "one")
    with database.writing() as session:
        publish_all(session, now)
        number = baselines.submit(session, OURS, (tmp_path / "old.mbox").read_bytes(), "lead@example.com", now).id
        broken = baselines.submit(session, OURS, b"%PDF", "lead@example.com", now).id
        session.get_one(Baseline, number).leased_until = now + timedelta(days=3650)
    assert keeping.attempt(), "the first is another's, the second cannot be read"
    with database.reading() as session:
        assert session.get_one(Baseline, broken).fault.startswith("is no mailbox")
    assert not keeping.attempt()
    with database.writing() as session:
        session.get_one(Baseline, number).leased_until = now - LEASE
    assert keeping.attempt()
    with database.reading() as session:
        done = session.get_one(Baseline, number)
        assert (done.stage, done.content, done.worker) == (Stage.DONE, b"", "")
        assert session.scalar(select(func.count()).select_from(BaselineQuestion)) == done.total > 0
    with database.writing() as session:
        third = baselines.submit(session, OURS, b"From ", "lead@example.com", now).id
        baselines.prune(session, now + UNREAD + timedelta(hours=1))
        given_up = session.get_one(Baseline, third)
        session.refresh(given_up)
        assert (given_up.stage, given_up.content) == (Stage.FAILED, b"")
        assert baselines.remove(session, number)
        assert not baselines.remove(session, number)
        assert session.scalar(select(func.count()).select_from(BaselineQuestion)) == 0


def test_shares_and_zones_are_told_as_they_are() -> None:
    assert Part(0, 0).share is Part(0, 0).interval is None
    assert zone_of("utc") is UTC
    assert datetime(2026, 7, 1, 22, tzinfo=UTC).astimezone(zone_of("Asia/Shanghai")).hour == 6
    for name in ("Mars/Olympus", "../../etc/passwd", "", "a" * 300):
        with pytest.raises(ValueError, match="is no time zone"):
            zone_of(name)


def test_the_command_says_what_it_cannot_do(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    for words, said in ((["a.pdf"], "is no mailbox"), (["a.pdf", "--zone", "Mars"], "is no time zone"), (["a.pdf", "--language", "?"], "by its code")):
        done = app.test_cli_runner().invoke(baseline_cli.baseline, [str(tmp_path / words[0]), *words[1:]])
        assert done.exit_code == 1
        assert said in done.output
