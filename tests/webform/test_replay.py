"""The last requests asked again: what is known of them, and within bounds."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from deflection import events, visits
from deflection.events import Kind
from kb import web as kb_web
from kb.articles import Article
from kb.database import Database
from kb.generations import raise_generation
from kb.placing import Weighed
from kb.suggest import Suggester
from tests.webform.desk_world import send
from tests.webform.form_world import write_articles
from webform import tickets
from webform.replay import Replay, Verdict
from webform.tickets import Ticket, TicketStatus
from webform.topics import Topic

PUMP = "The pump runs but no water comes out"
SECONDS = 30.0


class Slow(Suggester):
    """A suggester that takes its time and counts how often it was asked."""

    asked = 0

    def weigh(self, *texts: str, **options: object) -> Weighed | None:
        self.asked += 1
        time.sleep(0.05)
        return super().weigh(*texts, **options)  # type: ignore[arg-type]


@pytest.fixture
def suggester(app: Flask, database: Database, now: datetime) -> Iterator[Slow]:
    write_articles(database, now)
    suggester = Slow(database, app.extensions[kb_web.SUGGESTER].folder)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


def sent(app: Flask, database: Database, now: datetime, number: int, **fields: str) -> list[str]:
    """Send requests an hour apart, each later than the one before, and give their references."""
    with database.writing() as session:
        return [send(app, session, now + timedelta(hours=hour), subject=f"{PUMP} {hour}", message="Please help.", **fields).reference for hour in range(number)]


def note(database: Database, reference: str, now: datetime, kind: Kind, external_id: str) -> None:
    with database.writing() as session:
        ticket = tickets.find(session, reference)
        article = session.scalar(select(Article.id).where(Article.external_id == external_id))
        assert ticket is not None
        assert article is not None
        visit = visits.see(session, token=ticket.visit_token, language="en", scripted=True, holdout_share=0, secret="s", now=now)
        events.record(session, visit, kind, articles=[article], now=now)


def test_the_newest_requests_are_asked_again_and_spam_is_not(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    references = sent(app, database, now, 4)
    with database.writing() as session:
        spam = tickets.find(session, references[3])
        assert spam is not None
        tickets.set_status(session, spam, TicketStatus.SPAM, now)
    looked = Replay(database, suggester).look(2, seconds=SECONDS)
    assert [each.reference for each in looked.requests] == [references[2], references[1]]
    assert looked.wanted == 2
    assert all(each.shown(0.0) and not each.shown(1.1) for each in looked.requests)


def test_only_the_customers_word_makes_an_answer_right_or_wrong(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    silent, wrong, right = sent(app, database, now, 3)
    note(database, right, now, Kind.SOLVED, "pump")
    for article in ("pump", "invoice", "sensor", "parcel"):
        note(database, wrong, now, Kind.DECLINED, article)
    found = {each.reference: each.verdict(0.0) for each in Replay(database, suggester).look(10, seconds=SECONDS).requests}
    assert found == {right: Verdict.RIGHT, wrong: Verdict.WRONG, silent: Verdict.UNKNOWN}
    assert {each.verdict(1.1) for each in Replay(database, suggester).look(10, seconds=SECONDS).requests} == {Verdict.NOTHING}


def test_asking_ends_in_time_and_goes_on_at_the_next_look(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    sent(app, database, now, 6)
    replay = Replay(database, suggester)
    begun = time.monotonic()
    first = replay.look(6, seconds=0.12)
    assert time.monotonic() - begun < 1.5
    assert 1 <= len(first.requests) < 6
    assert first.wanted == 6
    assert len(replay.look(6, seconds=SECONDS).requests) == 6
    assert suggester.asked == 6
    replay.look(6, seconds=SECONDS)
    assert suggester.asked == 6  # Nothing is asked twice.


def test_a_publication_makes_all_be_asked_anew(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    sent(app, database, now, 2)
    replay = Replay(database, suggester)
    replay.look(2, seconds=SECONDS)
    with database.writing() as session:
        raise_generation(session)
    suggester.ensure_ready()
    replay.look(2, seconds=SECONDS)
    assert suggester.asked == 4


def test_a_topic_that_people_answer_is_shown_nothing(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    sent(app, database, now, 1, topic="pump")
    with database.writing() as session:
        topic = session.scalar(select(Topic).where(Topic.slug == "pump"))
        assert topic is not None
        topic.suggests = False
    (only,) = Replay(database, suggester).look(5, seconds=SECONDS).requests
    assert only.shown(0.0) == ()
    with database.reading() as session:
        assert session.scalar(select(Ticket.topic)) == "pump"


def test_what_the_replay_keeps_has_no_words_of_customers(app: Flask, database: Database, suggester: Slow, now: datetime) -> None:
    sent(app, database, now, 2)
    replay = Replay(database, suggester)
    replay.look(2, seconds=SECONDS)
    assert PUMP not in repr(replay._believed)
