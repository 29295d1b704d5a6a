"""Past requests asked again as if a draft were published: within bounds, after those who type, and with what is known."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from deflection.events import Kind
from kb import web as kb_web
from kb.articles import find_article
from kb.database import Database
from kb.examples import add_example
from kb.passages import cut
from kb.rehearsal import draft_entry
from kb.suggest import Suggester
from tests.webform.desk_world import send
from tests.webform.form_world import write_articles
from tests.webform.test_replay import note
from webform import tickets
from webform.gaps import Gap, GapRequest, GapState, Reason
from webform.rehearsals import Rehearsals, Source, past_requests

WHISTLE = "The pump whistles the whole night"
ENTRY = draft_entry("The pump whistles at night", "", "", "en", cut("Fill the tank: the whistle stops."))
SECONDS = 60.0


class Typing(Suggester):
    """A suggester that people type at for a while, and that counts how often it was asked what its rules say."""

    looks, asked = 0, 0

    @property
    def is_asked(self) -> bool:
        self.looks -= self.looks > 0
        return self.looks > 0

    def tact(self, *texts: str, **options: str):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().tact(*texts, **options)


def origin(reference: str) -> str:
    return f"answer of {reference}"


@pytest.fixture
def suggester(app: Flask, database: Database, now: datetime) -> Iterator[Typing]:
    write_articles(database, now)
    suggester = Typing(database, app.extensions[kb_web.SUGGESTER].folder, gate=0.3)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


def sent(app: Flask, database: Database, now: datetime, *messages: str) -> list[str]:
    with database.writing() as session:
        return [send(app, session, now + timedelta(hours=hour), subject="", message=text).reference for hour, text in enumerate(messages)]


def test_requests_that_the_draft_would_answer_are_told_and_others_stay_as_they_are(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    whistle, invoice = sent(app, database, now, WHISTLE, "Where do I download an invoice for my order?")
    found = Rehearsals(database, suggester).look(ENTRY, origin=origin, seconds=SECONDS)
    told = {each.past.reference: each for each in found.texts}
    assert (found.wanted, found.last, found.requests) == (2, 2, 2)
    assert ENTRY.article_id not in told[whistle].before.shown(found.gate)
    assert ENTRY.article_id in told[whistle].after.shown(found.gate)
    assert told[invoice].after.shown(found.gate) == told[invoice].before.shown(found.gate) != ()


def test_what_was_believed_is_not_asked_twice_and_keeps_no_words(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    sent(app, database, now, WHISTLE, "Zebras in the tank of my pump")
    rehearsals = Rehearsals(database, suggester)
    rehearsals.look(ENTRY, origin=origin, seconds=SECONDS)
    suggester.asked = 0
    rehearsals.look(draft_entry("Zebras", "", "", "en", cut("In the tank.")), origin=origin, seconds=SECONDS)
    assert suggester.asked == 0
    assert "ebra" not in repr(rehearsals._known)


def test_looking_ends_in_time_and_goes_on_at_the_next_look(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    sent(app, database, now, *(f"{WHISTLE} number {number}" for number in range(4)))
    rehearsals = Rehearsals(database, suggester)
    nothing = rehearsals.look(ENTRY, origin=origin, seconds=0.0)
    assert (nothing.requests, nothing.last) == (0, 4)
    assert rehearsals.look(ENTRY, origin=origin, seconds=SECONDS).requests == 4


def test_whoever_types_goes_first(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    sent(app, database, now, WHISTLE)
    suggester.looks = 10
    begun = time.monotonic()
    assert Rehearsals(database, suggester).look(ENTRY, origin=origin, seconds=SECONDS).requests == 1
    assert suggester.looks == 0
    assert time.monotonic() - begun >= 9 * 0.002


def test_only_one_draft_at_a_time_is_rehearsed(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    sent(app, database, now, WHISTLE)
    rehearsals, entered, left = Rehearsals(database, suggester), threading.Event(), threading.Event()

    def slow(reference: str) -> str:
        entered.set()
        left.wait(120)
        return reference

    first = threading.Thread(target=rehearsals.look, args=(ENTRY,), kwargs={"origin": slow, "seconds": SECONDS})
    first.start()
    assert entered.wait(120)
    assert rehearsals.look(ENTRY, origin=origin, seconds=0.01).is_busy
    left.set()
    first.join()
    assert not rehearsals.look(ENTRY, origin=origin, seconds=SECONDS).is_busy


def test_what_is_right_comes_from_customers_and_our_own_people(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    solved, declined, labelled, none, silent = sent(app, database, now, *(f"{WHISTLE} {number}" for number in range(5)))
    note(database, solved, now, Kind.SOLVED, "pump")
    note(database, declined, now, Kind.DECLINED, "pump")
    with database.writing() as session:
        pump = find_article(session, "pump")
        assert pump
        pump_id = pump.id
        add_example(session, "three", "en", pump.id, "staff", now).origin = origin(labelled)
        add_example(session, "four", "en", None, "staff", now).origin = origin(none)
        add_example(session, "five", "en", None, "staff", now)
    with database.reading() as session:
        told = {each.reference: (each.right, each.wrong, each.is_unanswerable) for each in past_requests(session, 9, origin)}
    pumped, nobody = frozenset((pump_id,)), frozenset[int]()
    assert told == {
        solved: (pumped, nobody, False),
        declined: (nobody, pumped, False),
        labelled: (pumped, nobody, False),
        none: (nobody, nobody, True),
        silent: (nobody, nobody, False),
    }
    found = Rehearsals(database, suggester).look(ENTRY, origin=origin, seconds=SECONDS)
    assert [each.past.text for each in found.texts if each.past.source is Source.EXAMPLE] == ["five"]


def test_requests_of_gaps_that_wait_are_looked_at_also_when_they_are_old(app: Flask, database: Database, suggester: Typing, now: datetime) -> None:
    old, dismissed, new = sent(app, database, now, WHISTLE, f"{WHISTLE}!", "Where is the invoice of my order?")
    with database.writing() as session:
        for reference, state in ((old, GapState.OPEN), (dismissed, GapState.DISMISSED)):
            ticket = tickets.find(session, reference)
            assert ticket
            gap = Gap(language="en", state=state, begun_at=now)
            session.add(gap)
            session.flush()
            session.add(GapRequest(ticket_id=ticket.id, gap_id=gap.id, language="en", reason=Reason.NOTHING, nearness=0.9, sent_at=now))
    found = Rehearsals(database, suggester).look(ENTRY, origin=origin, seconds=SECONDS, last=1)
    assert [(each.past.reference, each.past.source, bool(each.past.gap)) for each in found.texts] == [(new, Source.REQUEST, False), (old, Source.GAP, True)]
    assert (found.requests, found.last) == (1, 1)
