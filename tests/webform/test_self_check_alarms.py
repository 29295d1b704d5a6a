"""Everything that the self-check can find wrong, provoked over real HTTP: told once, seen in red, told once when it is over; the form works on."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kb import web as kb_web
from kb.articles import Status, Translation, find_article
from kb.database import Database
from kb.generations import raise_generation
from kb.keeper import Keeper
from tests.webform.conftest import SignIn
from tests.webform.delivering import put
from tests.webform.form_world import HUM, send
from tests.webform.test_self_check import keeping, served  # noqa: F401 - a fixture
from webform import hooks, probes
from webform.hook_queue import HookDelivery
from webform.hooks import HookEvent
from webform.opened_mail import open_mail
from webform.outbox import Delivery, MessageKind, OutboxMessage
from webform.probes import Probe
from webform.self_check import Fault
from webform.self_check_keeping import Keeping

HOUR = timedelta(hours=1)
Deed = Callable[[Session], object]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def ask(session: Session, text: str, external_id: str, now: datetime) -> None:
    session.execute(delete(Probe))
    found = find_article(session, external_id) if external_id else None
    probes.add(session, text, found.id if found else None, fallback="en", author="", now=now)


def publish(session: Session, status: Status) -> None:
    for translation in session.scalars(select(Translation)):
        translation.status = status
    raise_generation(session)


def mails(database: Database) -> list[str]:
    """The alarms that one lead was sent, each as its subject and text."""
    with database.reading() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.ALARM).order_by(OutboxMessage.id)).all()
        read = [open_mail(row.mime) for row in rows]
        return [" ".join(f"{mail.subject} | {mail.text}".split()) for mail in read]


def lasting(client: FlaskClient) -> tuple[set[str], bool]:
    """What Prometheus is told is wrong, and whether the page about deflection is red."""
    told = re.findall(r'webform_self_check_trouble\{fault="(\w+)"\} 1.0', client.get("/metrics").text)
    return set(told), 'class="message message-alert' in client.get("/staff/deflection").text


def slowly(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    time.sleep(0.5)
    return work(*given, **named)


class Form:
    """The form, and ways to make it go wrong and right again."""

    def __init__(self, app: Flask, database: Database, look: Keeping, now: datetime, patch: pytest.MonkeyPatch) -> None:
        self.app, self.database, self.look, self.now, self.patch = app, database, look, now, patch

    def say(self, *deeds: Deed) -> None:
        with self.database.writing() as session:
            for deed in deeds:
                deed(session)

    def break_(self, fault: Fault) -> None:
        suggester = self.app.extensions[kb_web.SUGGESTER]
        if fault is Fault.DOWN:
            self.look = replace(self.look, asker=replace(self.look.asker, base="http://127.0.0.1:1"))
        elif fault is Fault.SLOW:
            self.patch.setattr(suggester, "suggest_within", partial(slowly, suggester.suggest_within))
            self.look = replace(self.look, limits=replace(self.look.limits, seconds=0.4))
        elif fault is Fault.STALE:
            self.patch.setattr(Keeper, "_is_old", lambda _self: False)
            self.say(raise_generation)
        elif fault is Fault.MAIL:
            self.say(partial(put, now=self.now - HOUR))
        else:
            deeds: dict[Fault, Deed] = {
                Fault.HITS: partial(ask, text=HUM, external_id="invoice", now=self.now),
                Fault.NOISE: partial(ask, text=HUM, external_id="", now=self.now),
                Fault.EMPTY: partial(publish, status=Status.DRAFT),
            }
            self.say(deeds[fault])
            suggester.ensure_ready(learn=True)

    def mend(self) -> None:
        self.patch.undo()
        self.say(
            partial(publish, status=Status.PUBLISHED),
            partial(ask, text=HUM, external_id="pump", now=self.now),
            lambda session: session.execute(delete(OutboxMessage).where(OutboxMessage.kind != MessageKind.ALARM)),
        )
        self.app.extensions[kb_web.SUGGESTER].ensure_ready(learn=True)


WORDS = {
    Fault.DOWN: ("The form does not answer", "Asked as a browser asks, it said: ConnectionRefusedError", "WEBFORM_SELF_CHECK_URL"),
    Fault.EMPTY: ("No article is published", "Nothing can be suggested.", "Publish articles"),
    Fault.STALE: ("The form answers from an old index", "What was published last is not in it.", "webform kb reindex"),
    Fault.HITS: ("Too few questions find their article", "0 of 1 questions find the article that staff named.", "the gate may stand too high"),
    Fault.NOISE: ("Texts that must stay unanswered are answered", "0 of 1 such texts get no suggestion.", "the gate may stand too low"),
    Fault.SLOW: ("Answers are slow", "Nine of ten come within", "what else the machine does"),
    Fault.MAIL: ("Mail is stuck", "The oldest mail has been due for 60 minutes; 0 were given up within a day.", "Look at the outbox"),
}


@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_is_told_once_and_seen_in_red_until_it_is_over(
    app: Flask,
    database: Database,
    served: str,  # noqa: F811
    now: datetime,
    signed_in: SignIn,
    fault: Fault,
) -> None:
    lead, look = signed_in("lead"), keeping(app, database, served, now)
    with pytest.MonkeyPatch.context() as patch:
        form = Form(app, database, look, now, patch)
        form.say(partial(ask, text=HUM, external_id="pump", now=now))
        app.extensions[kb_web.SUGGESTER].ensure_ready(learn=True)

        def look_twice() -> None:
            for _ in range(2):
                form.look.look_after_mail() if fault is Fault.MAIL else form.look.ask()

        look_twice()
        assert (mails(database), lasting(lead)) == ([], (set(), False))
        form.break_(fault)
        look_twice()
        heading, figures, advice = WORDS[fault]
        assert len(mails(database)) == 1, mails(database)
        (mail,) = mails(database)
        assert mail.startswith(f"Self-check: {heading} |")
        assert [words for words in (figures, advice, "/staff/self-check") if words not in mail] == []
        assert ("The form works on" in mail) is (fault is not Fault.DOWN)
        wrong, red = lasting(lead)
        assert (fault.value in wrong, red) == (True, True)
        for path in ("/staff/deflection", "/staff/self-check"):
            assert heading in lead.get(path).text
        sent = send(app.test_client(), confirmed="1")
        assert sent.status_code == 303, "the form works on"
        form.mend()
        form.look = look
        look_twice()
    assert [mail.split(" | ")[0] for mail in mails(database)[1:]] == [f"Self-check, over: {heading}"]
    assert lasting(lead) == (set(), False)


def test_what_is_wrong_still_is_said_when_something_else_is_over(app: Flask, database: Database, served: str, now: datetime, signed_in: SignIn) -> None:  # noqa: F811
    signed_in("lead")
    with database.writing() as session:
        ask(session, HUM, "invoice", now)
        put(session, now - HOUR)
    look = keeping(app, database, served, now)
    look.look_after_mail()
    look.ask()
    with database.writing() as session:
        ask(session, HUM, "pump", now)
    look.ask()
    stuck, few, over = mails(database)
    assert "Still wrong" not in stuck
    assert "Still wrong: * Mail is stuck" in few
    assert "Over is: * Too few questions find their article Still wrong: * Mail is stuck The oldest mail has been due for 60 minutes" in over


class Pump:
    """Mail that is stuck or goes, as a look after mail finds it at an hour."""

    def __init__(self, app: Flask, database: Database, now: datetime) -> None:
        self.app, self.database, self.begun, self.told = app, database, now, 0

    def look(self, hour: float, *, stuck: bool) -> list[str]:
        """Look at an hour, and give what one lead is sent of it."""
        now = self.begun + hour * HOUR
        with self.database.writing() as session:
            session.execute(delete(OutboxMessage).where(OutboxMessage.kind != MessageKind.ALARM))
            session.execute(update(OutboxMessage).values(status=Delivery.SENT))
            if stuck:
                put(session, now - HOUR)
        keeping(self.app, self.database, "", now).look_after_mail()
        told, self.told = mails(self.database)[self.told :], len(mails(self.database))
        return [mail.split(" Look at")[0] for mail in told]

    def changes(self) -> list[str]:
        with self.database.reading() as session:
            return [json.loads(row.body)["event"].split(".")[1] for row in session.scalars(select(HookDelivery).order_by(HookDelivery.id))]


def subjects(told: list[str]) -> list[str]:
    return [mail.split(" | ")[0] for mail in told]


COMES_AND_GOES = "Self-check, comes and goes: Mail is stuck"


def test_what_comes_and_goes_is_told_once_a_day_until_it_was_right_for_a_day(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    lead, pump = signed_in("lead"), Pump(app, database, now)
    with database.writing() as session:
        hooks.add(session, hooks.Draft("https://x.example/", frozenset({HookEvent.ALARM, HookEvent.CLEAR})), author="", now=now)
    assert subjects(pump.look(0, stuck=True)) == ["Self-check: Mail is stuck"]
    assert subjects(pump.look(1, stuck=False)) == ["Self-check, over: Mail is stuck"]
    (mail,) = pump.look(24.5, stuck=True)
    assert mail.startswith(f"{COMES_AND_GOES} | What comes and goes: * Mail is stuck It was wrong 2 times since "), mail
    assert "At the moment it is wrong." in mail
    assert lasting(lead)[0] == {"mail"}
    # Ten more changes within a day: no mail, but the page, the metrics and programs have each.
    for hour in range(25, 35):
        assert pump.look(hour, stuck=hour % 2 == 0) == []
        assert lasting(lead)[0] == ({"mail"} if hour % 2 == 0 else set())
    assert "Comes and goes since" in lead.get("/staff/self-check").text
    assert pump.changes() == ["alarm", "clear"] * 6 + ["alarm"]
    assert pump.look(48, stuck=True) == []
    (mail,) = pump.look(48.5, stuck=False)
    assert "It was wrong 7 times since " in mail
    assert "At the moment it is right." in mail
    # Right for a day, but told of it less than a day ago; then for a day after both.
    assert pump.look(49, stuck=True) == pump.look(50, stuck=False) == pump.look(72.4, stuck=False) == []
    assert subjects(pump.look(72.5, stuck=False)) == [COMES_AND_GOES]
    assert pump.look(96, stuck=False) == []
    assert subjects(pump.look(96.5, stuck=False)) == ["Self-check, over: Mail is stuck"]
    assert "Comes and goes since" not in lead.get("/staff/self-check").text
    # It is steady now: told as any trouble.
    assert subjects(pump.look(150, stuck=True)) == ["Self-check: Mail is stuck"]
    assert subjects(pump.look(151, stuck=False)) == ["Self-check, over: Mail is stuck"]


def test_what_came_and_went_and_is_wrong_for_a_day_is_told_as_any_trouble(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    signed_in("lead")
    pump = Pump(app, database, now)
    for hour, stuck in ((0, True), (1, False), (2, True), (3, False), (4, True)):
        pump.look(hour, stuck=stuck)
    assert pump.told == 3
    assert subjects(pump.look(26, stuck=True)) == [COMES_AND_GOES]
    keeping(app, database, "http://127.0.0.1:1", now + 51 * HOUR).ask()
    assert subjects(pump.look(51, stuck=True))[1:] == ["Self-check: Mail is stuck"], "asking the form says nothing of mail"
    assert pump.look(80, stuck=True) == []
    assert subjects(pump.look(81, stuck=False)) == ["Self-check, over: Mail is stuck"]
