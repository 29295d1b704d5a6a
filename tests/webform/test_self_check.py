"""The self-check: what it judges wrong, how it asks, and that it says so once."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from kb import web as kb_web
from kb.articles import Article, Status, Translation, find_article, save_translation
from kb.database import Database
from kb.generations import raise_generation
from tests.webform.conftest import make_member
from tests.webform.delivering import put
from tests.webform.form_world import HUM, write_articles
from tests.webform.walk import contents
from webform import hooks, probes, probing, self_check, self_check_keeping, self_check_tile, staff, troubles, web
from webform.hook_queue import HookDelivery
from webform.hooks import HookEvent
from webform.opened_mail import open_mail
from webform.outbox import Delivery, MessageKind, OutboxMessage
from webform.probes import Probe
from webform.self_check import Fault, Limits, Mails, Reply, Sight
from webform.self_check_keeping import Keeping
from webform.self_check_tile import Mood
from webform.staff import RoleName
from webform.terms import terms
from webform.troubles import CheckRun, Trouble

LIMITS = Limits(share=0.9, seconds=1.0, mail_minutes=30, failed_mails=5)
HOUR = timedelta(hours=1)


def right(number: int = 1, seconds: float = 0.1, **more: bool) -> list[Reply]:
    return [Reply(each, 7, (3, 7), seconds, **more) for each in range(number)]


WRONG = Reply(99, 7, (3,), 0.1)
SILENT = Reply(98, None, (), 0.1)
NOISY = Reply(97, None, (3,), 0.1)


@pytest.mark.parametrize(
    ("sight", "faults"),
    [
        (Sight(4, (*right(9), WRONG, SILENT)), set()),
        (Sight(4, (*right(8), WRONG)), {Fault.HITS}),
        (Sight(4, (*right(8), NOISY)), {Fault.NOISE}),
        (Sight(4, (*right(9), *right(1, seconds=9.0))), set()),
        (Sight(4, (*right(8), *right(2, seconds=9.0))), {Fault.SLOW}),
        (Sight(4, (*right(8), *right(2, cut_short=True))), {Fault.SLOW}),
        (Sight(4, tuple(right(1)), stale=True), {Fault.STALE}),
        (Sight(0), {Fault.EMPTY}),
        (Sight(0, down="503"), {Fault.EMPTY, Fault.DOWN}),
        (Sight(4), set()),
    ],
)
def test_what_is_wrong_follows_from_what_was_seen(sight: Sight, faults: set[Fault]) -> None:
    looked, found = self_check.judge_sight(sight, LIMITS)
    assert set(found) == faults
    assert (Fault.HITS in looked) is not bool(sight.down)


@pytest.mark.parametrize(("mails", "wrong"), [(Mails(30, 4), False), (Mails(31, 0), True), (Mails(0, 5), True)])
def test_mail_is_stuck_when_it_is_late_or_much_was_given_up(mails: Mails, wrong: bool) -> None:
    assert bool(self_check.judge_mails(mails, LIMITS)[1]) is wrong


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"HOLDOUT_SHARE": "0.5"}


@pytest.fixture
def served(app: Flask, database: Database, now: datetime) -> Iterator[str]:
    """The form over real HTTP."""
    write_articles(database, now - HOUR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


def keeping(app: Flask, database: Database, base: str, now: datetime, *, name: str = "worker") -> Keeping:
    tokens = app.extensions[web.TOKENS]
    asker = replace(self_check_keeping.asker(app.config, tokens), base=base, pause=lambda _seconds: None)
    return Keeping(database, asker, replace(LIMITS, seconds=100), terms(app.config, tokens), lambda _session: now, name)


def article(session: Session, external_id: str) -> int:
    found = find_article(session, external_id)
    assert found
    return found.id


def told(database: Database) -> list[tuple[str, str]]:
    """The alarms by reader and subject."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.ALARM).order_by(OutboxMessage.id)).all()
        return [(row.recipients, open_mail(row.mime).subject) for row in rows]


def test_the_form_is_asked_as_a_browser_asks_it_and_nothing_of_that_is_counted(app: Flask, database: Database, served: str, now: datetime) -> None:
    with database.writing() as session:
        pump, invoice = article(session, "pump"), article(session, "invoice")
        for text, wanted in (
            (HUM, pump),
            ("How do I download an invoice?", invoice),
            ("Насос гудит, но вода не идёт", pump),
            ("quantum chromodynamics lecture", None),
        ):
            assert probes.add(session, text, wanted, fallback="en", author="lead@example.com", now=now)
    with database.reading() as session:
        before = contents(session)
    sight = keeping(app, database, served, now).ask()
    assert [reply.right for reply in sight.replies] == [True] * 4, sight
    with database.reading() as session:
        after = contents(session)
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"probe", "check_run"}
        assert session.scalar(select(func.count()).select_from(CheckRun).where(CheckRun.hits == 3, CheckRun.kept_silent == 1)) == 1
        assert self_check_tile.tile(session, now).mood is Mood.GOOD
        assert self_check_tile.tile(session, now + 4 * HOUR).mood is Mood.ALERT


def test_what_goes_wrong_is_told_once_and_once_when_it_is_over(app: Flask, database: Database, served: str, now: datetime) -> None:
    make_member(database, RoleName.LEAD, now, "lead@x.example")
    make_member(database, RoleName.ADMIN, now, "admin@x.example")
    make_member(database, RoleName.WRITER, now, "writer@x.example")
    with database.writing() as session:
        staff.find(session, "admin@x.example").language = "ru"  # type: ignore[union-attr]
        hooks.add(session, hooks.Draft("https://x.example/", frozenset({HookEvent.ALARM, HookEvent.CLEAR})), author="", now=now)
        probes.add(session, HUM, article(session, "invoice"), fallback="en", author="", now=now)
    for hour in range(3):
        keeping(app, database, served, now + hour * HOUR).ask()
    assert told(database) == [
        ("admin@x.example", "Самопроверка: Слишком мало вопросов находят свою статью"),
        ("lead@x.example", "Self-check: Too few questions find their article"),
    ]
    # While the form is down nothing is known of what it would answer.
    keeping(app, database, "http://127.0.0.1:1", now + 3 * HOUR).ask()
    with database.reading() as session:
        assert {trouble.fault for trouble in troubles.open_troubles(session)} == {Fault.HITS, Fault.DOWN}
        assert self_check_tile.tile(session, now + 3 * HOUR).mood is Mood.ALERT
    with database.writing() as session:
        session.scalars(select(Probe)).one().article_id = article(session, "pump")
    for hour in range(4, 6):
        keeping(app, database, served, now + hour * HOUR).ask()
    assert [subject for reader, subject in told(database) if reader == "lead@x.example"] == [
        "Self-check: Too few questions find their article",
        "Self-check: The form does not answer",
        "Self-check, over: Too few questions find their article",
    ]
    with database.reading() as session:
        assert [(each.fault, each.ended_at) for each in session.scalars(select(Trouble).order_by(Trouble.id))] == [
            (Fault.HITS, now + 4 * HOUR),
            (Fault.DOWN, now + 4 * HOUR),
        ]
        bodies = [json.loads(row.body) for row in session.scalars(select(HookDelivery).order_by(HookDelivery.id))]
    assert [(body["event"], [each["fault"] for each in body["data"]["faults"]]) for body in bodies] == [
        ("self_check.alarm", ["hits"]),
        ("self_check.alarm", ["down"]),
        ("self_check.clear", ["hits", "down"]),
    ]


def test_a_question_may_miss_an_article_until_it_had_the_time_to_be_learned(app: Flask, database: Database, served: str, now: datetime) -> None:
    minute = timedelta(minutes=1)

    def publish(body: str, at: datetime) -> None:
        """Publish it in words that do not answer the question, as it is met before it was learned."""
        with database.writing() as session:
            save_translation(session, external_id="invoice", language="en", title="Your invoice", body=body, status=Status.PUBLISHED, now=at)
        app.extensions[kb_web.SUGGESTER].ensure_ready()

    def look(at: datetime) -> tuple[set[str], list[bool | None]]:
        keeping(app, database, served, at).ask()
        with database.reading() as session:
            return {each.fault for each in troubles.open_troubles(session)}, list(session.scalars(select(Probe.right).order_by(Probe.id)))

    publish("It is in your account.", now)
    with database.writing() as session:
        for text, wanted in ((HUM, article(session, "invoice")), ("How does the pump hum?", article(session, "pump"))):
            assert probes.add(session, text, wanted, fallback="en", author="", now=now)
    assert look(now + 14 * minute) == (set(), [None, True])
    assert look(now + 16 * minute) == ({Fault.HITS}, [False, True])
    publish("It is still in your account.", now + 17 * minute)
    assert look(now + 18 * minute)[0] == {Fault.HITS}, "it is over because nothing can be said of it yet"
    with database.writing() as session:
        session.scalars(select(Probe).order_by(Probe.id)).first().article_id = article(session, "pump")  # type: ignore[union-attr]
    assert look(now + 19 * minute) == (set(), [True, True])


def test_of_several_workers_one_makes_the_look_and_makes_it_again_in_an_hour(app: Flask, database: Database, served: str, now: datetime) -> None:
    for moment in (now, now + timedelta(minutes=59), now + HOUR):
        for name in ("first", "second"):
            keeping(app, database, served, moment, name=name).attempt()
    with database.reading() as session:
        assert [run.ran_at for run in troubles.last_runs(session)] == [now + HOUR, now]
    with database.writing() as session:
        self_check_keeping.hasten(session)
    keeping(app, database, served, now + HOUR).attempt()
    with database.reading() as session:
        assert len(troubles.last_runs(session)) == 3


def test_an_index_that_does_not_follow_and_articles_that_are_gone_are_seen(app: Flask, database: Database, served: str, now: datetime) -> None:
    look = keeping(app, database, served, now)
    assert not look.ask().stale
    with database.writing() as session:
        for translation in session.scalars(select(Translation)):
            translation.status = Status.DRAFT
        generation = raise_generation(session)

    def until_loaded(_seconds: float) -> None:
        suggester = app.extensions[kb_web.SUGGESTER]
        for _ in range(1200):
            suggester.suggest_within(10, "", HUM, language="en")
            if suggester.generation == generation:
                return
            time.sleep(0.1)

    assert not replace(look, asker=replace(look.asker, pause=until_loaded)).ask().stale
    with database.reading() as session:
        assert {trouble.fault for trouble in troubles.open_troubles(session)} == {Fault.EMPTY}
    # A publication that no process can ever load.
    assert probing.look(look.asker, [], articles=4, generation=generation + 1).stale


def test_a_mail_of_ours_that_waits_is_stuck_and_one_that_a_customer_s_server_puts_off_is_not(app: Flask, database: Database, now: datetime) -> None:
    late = now + timedelta(minutes=40)
    with database.writing() as session:
        number = put(session, now, MessageKind.ACKNOWLEDGEMENT)
        session.get_one(OutboxMessage, number).next_attempt_at = late + HOUR
        session.get_one(OutboxMessage, number).attempts = 3
        assert self_check_keeping.seen_mails(session, late) == Mails(0.0, 0)
        session.get_one(OutboxMessage, number).next_attempt_at = now + timedelta(minutes=5)
        assert self_check_keeping.seen_mails(session, late) == Mails(35.0, 0)
        other = session.get_one(OutboxMessage, put(session, now))
        other.next_attempt_at, other.attempts = late + HOUR, 3
        assert self_check_keeping.seen_mails(session, late) == Mails(40.0, 0)
        other.status, other.failed_at = Delivery.FAILED, now
        assert self_check_keeping.seen_mails(session, late) == Mails(35.0, 1)
    make_member(database, RoleName.LEAD, now)
    for moment in (late, late + HOUR):
        keeping(app, database, "http://127.0.0.1:1", moment).look_after_mail()
    assert told(database) == [("lead@example.com", "Self-check: Mail is stuck")]


def test_only_the_worker_s_own_visits_are_passed_over(app: Flask, database: Database, served: str) -> None:
    tokens = app.extensions[web.TOKENS]
    probe = tokens.visit_token("probe.abc")
    client = app.test_client()
    with database.reading() as session:
        number = session.scalar(select(func.min(Article.id)))
    assert client.post(f"/visits/{probe}/events", json={"kind": "solved", "article": number}).status_code == 403
    assert "." not in tokens.read_visit(tokens.new_visit(), hours=1)


def test_the_last_word_about_a_text_stands(database: Database, now: datetime) -> None:
    with database.writing() as session:
        save_translation(session, external_id="pump", language="en", title="Pump", body="Air.", status=Status.PUBLISHED, now=now)
        first = probes.add(session, " It hums ", article(session, "pump"), fallback="en", author="a", now=now)
        again = probes.add(session, "It hums", None, fallback="en", author="b", now=now)
        assert first is again
        assert [(probe.text, probe.article_id, probe.right) for probe in probes.probes(session)] == [("It hums", None, None)]
