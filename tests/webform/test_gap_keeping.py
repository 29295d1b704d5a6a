"""Keeping gaps current: one process at a time, on a schedule, and a fault ends nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kb import web as kb_web
from kb.database import Database
from tests.webform.gap_world import WINTER, ask, gap_of
from webform import answers, errands, gap_keeping, web
from webform.gap_keeping import ERRAND, EVERY, LEASE, Keeping


def keeping(app: Flask, database: Database, clock: Callable[[Session], datetime], name: str = "one") -> Keeping:
    return Keeping(database, app.extensions[kb_web.SUGGESTER], partial(answers.mark, app.extensions[web.TOKENS]), clock, name)


def test_a_round_is_made_when_it_is_due(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, now, text)
    times = [now]
    made = keeping(app, database, lambda _: times[0])
    first = made.attempt()
    assert first is not None
    assert (first.looked_at, first.begun) == (len(WINTER), 1)
    assert gap_of(database, WINTER[0])
    assert made.attempt() is None
    times[0] = now + EVERY
    again = made.attempt()
    assert again is not None
    assert again.looked_at == 0


def test_nobody_else_makes_a_round_at_the_same_time(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert errands.take(session, ERRAND, "other", every=EVERY, lease=LEASE, now=now)
    assert keeping(app, database, lambda _: now + timedelta(seconds=1)).attempt() is None
    assert keeping(app, database, lambda _: now + LEASE).attempt() is not None


def test_a_fault_lets_the_errand_go(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keeping(app, database, lambda _: now)
    monkeypatch.setattr(gap_keeping.gap_closing, "close_answered", lambda *_, **__: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        made.attempt()
    monkeypatch.undo()
    assert keeping(app, database, lambda _: now + EVERY, "other").attempt() is not None


def test_what_was_stopped_does_nothing_more(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ask(app, session, now, WINTER[0])
    made = keeping(app, database, lambda _: now)
    made.stop()
    tally = made.attempt()
    assert tally is not None
    assert tally.looked_at == 0
