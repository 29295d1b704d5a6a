"""Closing: a gap closes when a published article answers its texts, and the share is kept."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from deflection.events import Kind
from kb import web as kb_web
from kb.articles import Status, save_translation
from kb.database import Database
from kb.suggest import Suggester
from tests.webform.gap_world import INVOICE, WINTER, ask, gap_of, group
from webform import gap_closing, gaps
from webform.gaps import Gap, GapState

TITLE = "How to store the pump over winter without frost damage"
BODY = "Empty the pump before the first frost. Store the pump for the winter inside. Frost damage comes when water stays in the pump outside over winter."


@pytest.fixture
def suggester(app: Flask) -> Suggester:
    found: Suggester = app.extensions[kb_web.SUGGESTER]
    found.gate = 0.6
    return found


def publish(database: Database, now: datetime, body: str = BODY) -> int:
    with database.writing() as session:
        save_translation(
            session, external_id="tap", language="en", title="Which tap fits", body="A tap of thirteen millimetres.", status=Status.PUBLISHED, now=now
        )
        found = save_translation(session, external_id="winter", language="en", title=TITLE, body=body, status=Status.PUBLISHED, now=now)
        return found.article_id


def send(app: Flask, database: Database, now: datetime, happened: dict[Kind, list[int]] | None = None) -> int:
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, now, text, happened)
        for text in INVOICE:
            ask(app, session, now, text)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    assert number
    return number


def state(database: Database, number: int) -> Gap:
    with database.reading() as session:
        return session.get_one(Gap, number)


def test_a_gap_closes_when_an_article_is_published_that_answers_it(app: Flask, database: Database, now: datetime, suggester: Suggester) -> None:
    number = send(app, database, now)
    assert gap_closing.close_answered(database, suggester, now=now) == 0
    assert state(database, number).state == GapState.OPEN
    article = publish(database, now)
    assert gap_closing.close_answered(database, suggester, now=now) == 1
    closed = state(database, number)
    assert (closed.state, closed.article_id, closed.decided_by) == (GapState.ANSWERED, article, gaps.PROGRAM)
    assert closed.asked >= 4
    assert closed.answered_share
    assert closed.answered_share >= gap_closing.ENOUGH
    other = gap_of(database, INVOICE[0])
    assert other
    assert state(database, other).state == GapState.OPEN
    assert state(database, other).answered_share == 0.0


def test_what_was_shown_before_and_did_not_help_closes_nothing_until_it_is_changed(app: Flask, database: Database, now: datetime, suggester: Suggester) -> None:
    article = publish(database, now)
    number = send(app, database, now + timedelta(hours=1), {Kind.SHOWN: [article]})
    assert gap_closing.close_answered(database, suggester, now=now) == 0
    assert state(database, number).answered_share == 0.0
    publish(database, now + timedelta(hours=2), f"{BODY}\n\nEmpty the hoses too.")
    assert gap_closing.close_answered(database, suggester, now=now) == 1


def test_a_gap_that_somebody_opened_again_is_not_closed_by_the_same_article(app: Flask, database: Database, now: datetime, suggester: Suggester) -> None:
    publish(database, now)
    number = send(app, database, now)
    assert gap_closing.close_answered(database, suggester, now=now) == 1
    with database.writing() as session:
        gaps.reopen(session, session.get_one(Gap, number), "anna@example.com", now)
    assert gap_closing.close_answered(database, suggester, now=now) == 0
    assert state(database, number).state == GapState.OPEN


def test_each_gap_is_asked_once_a_generation_and_not_at_all_when_told_to_stop(app: Flask, database: Database, now: datetime, suggester: Suggester) -> None:
    number = send(app, database, now)
    publish(database, now)
    assert gap_closing.close_answered(database, suggester, now=now, go_on=lambda: False) == 0
    assert state(database, number).asked_generation is None
    gap_closing.close_answered(database, suggester, now=now)
    asked = state(database, number).asked_generation
    assert asked == suggester.generation
    turns = iter([True] * 50)
    gap_closing.close_answered(database, suggester, now=now, go_on=lambda: next(turns))
    assert len(list(turns)) == 50
