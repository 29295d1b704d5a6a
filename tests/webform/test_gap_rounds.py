"""Rounds: requests that met nothing good stand in gaps, which stay themselves while they grow, merge and divide."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from kb.database import Database
from kb.grouping import Joining, Vector
from tests.webform.gap_world import EVERYTHING, INVOICE, WINTER, ask, ask_everything, gap_of, group, groups, rounds
from webform import gap_moves, gap_rounds, gap_upkeep, gaps
from webform.gap_moves import Placed
from webform.gaps import Gap, GapRequest, GapState, Reason
from webform.tickets import Ticket

OTHER = "Does the blue hose fit a thirteen millimetre tap in the garden?"


def state(database: Database, number: int) -> Gap:
    with database.reading() as session:
        found = session.get(Gap, number)
        assert found is not None
        return found


def test_requests_about_one_thing_stand_together_in_every_language(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    group(app, database, now)
    found = groups(database)
    for themes in EVERYTHING.values():
        for theme in themes:
            together = max((members for members in found.values()), key=lambda members: len(members & set(theme)))
            assert len(together & set(theme)) >= len(theme) - 1, theme
            assert together <= set(theme), theme


def test_a_round_with_nothing_new_changes_nothing(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    group(app, database, now)
    before = groups(database)
    again = group(app, database, now)
    assert (again.looked_at, again.joined, again.begun, again.merged, again.divided) == (0, 0, 0, 0, 0)
    assert groups(database) == before


def test_a_gap_keeps_its_number_while_it_grows(app: Flask, database: Database, now: datetime) -> None:
    made = rounds(app, database)
    numbers = []
    for text in (*WINTER, *INVOICE):
        with database.writing() as session:
            ask(app, session, now, text)
        made.make(now)
        numbers.append(gap_of(database, WINTER[0]))
    grown = set(numbers[1:]) - {None}
    assert len(grown) == 1
    assert gap_of(database, WINTER[3]) in grown
    assert gap_of(database, INVOICE[0]) not in grown


def test_what_nobody_else_asks_stands_alone(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    with database.writing() as session:
        ask(app, session, now, OTHER)
    group(app, database, now)
    assert gap_of(database, OTHER) is None
    with database.reading() as session:
        assert session.scalar(select(GapRequest.nearness).join(Ticket, Ticket.id == GapRequest.ticket_id).where(Ticket.message == OTHER)) == 0.0


def test_not_needed_stays_away_when_more_come_and_a_decided_gap_is_never_merged(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for text in WINTER[:3]:
            ask(app, session, now, text)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    assert number
    with database.writing() as session:
        gaps.dismiss(session, session.get_one(Gap, number), "anna@example.com", now)
    with database.writing() as session:
        for text in WINTER[3:]:
            ask(app, session, now, text)
    group(app, database, now)
    assert {gap_of(database, text) for text in WINTER[:3]} == {number}
    assert len([text for text in WINTER[3:] if gap_of(database, text) == number]) >= 2
    assert state(database, number).state == GapState.DISMISSED


def test_a_gap_that_goes_on_in_another_is_found_under_its_old_number(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        tickets = [ask(app, session, now, text).id for text in (*WINTER, *INVOICE[:2])]
        gap_moves.note(session, [{"ticket_id": ticket, "language": "en", "reason": Reason.NOTHING.value, "sent_at": now} for ticket in tickets])
        vector = Vector(np.array([7], np.int32), np.ones(1, np.float32))
        large = gap_moves.begin(session, "en", 1, dict.fromkeys(tickets[:5], vector), now).id
        small = gap_moves.begin(session, "en", 1, dict.fromkeys(tickets[5:7], vector), now).id
        placed = Placed({tickets[7]: Joining(small, 1.0)}, [], {small: large}, [], {tickets[7]: vector})
        gap_moves.write(session, "en", 1, placed, now)
    with database.reading() as session:
        found = gaps.find(session, small)
        assert found is not None
        assert (found.id, found.counted) == (large, 8)
        assert session.scalar(select(func.count()).where(GapRequest.gap_id == large)) == 8
        assert session.get_one(Gap, small).state == GapState.MERGED


def test_what_somebody_decided_on_meanwhile_is_not_merged(app: Flask, database: Database, now: datetime) -> None:
    vector = Vector(np.array([7], np.int32), np.ones(1, np.float32))
    with database.writing() as session:
        tickets = [ask(app, session, now, text).id for text in WINTER[:4]]
        gap_moves.note(session, [{"ticket_id": ticket, "language": "en", "reason": Reason.NOTHING.value, "sent_at": now} for ticket in tickets])
        one, two = (gap_moves.begin(session, "en", 1, dict.fromkeys(some, vector), now) for some in (tickets[:2], tickets[2:]))
        gaps.dismiss(session, two, "anna@example.com", now)
        gap_moves.write(session, "en", 1, Placed({}, [], {two.id: one.id}, [], {}), now)
    assert state(database, two.id).state == GapState.DISMISSED
    assert state(database, one.id).counted == 2


def test_a_gap_about_two_things_is_divided_and_its_larger_part_keeps_the_number(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        tickets = [ask(app, session, now + timedelta(seconds=turn), f"{text} {turn}").id for turn in range(3) for text in (*WINTER, *INVOICE)]
        gap_moves.note(session, [{"ticket_id": ticket, "language": "en", "reason": Reason.NOTHING.value, "sent_at": now} for ticket in tickets])
        number = gap_moves.begin(session, "en", 0, dict.fromkeys(tickets, Vector(np.array([7], np.int32), np.ones(1, np.float32))), now).id
    assert group(app, database, now).divided == 1
    found = groups(database)
    assert {text.rsplit(" ", 1)[0] for text in found[number]} == set(WINTER)
    assert [{text.rsplit(" ", 1)[0] for text in members} for other, members in found.items() if other != number] == [set(INVOICE)]
    assert group(app, database, now).divided == 0


def test_a_deleted_request_leaves_its_gap_and_an_empty_gap_is_gone(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, now, text)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    assert number
    centre = centre_of(database, number)
    forget(database, WINTER[:2])
    group(app, database, now)
    assert not groups(database)[number] & set(WINTER[:2])
    assert state(database, number).counted == len(groups(database)[number])
    assert centre_of(database, number) != centre
    forget(database, WINTER)
    group(app, database, now)
    with database.reading() as session:
        assert session.get(Gap, number) is None


def test_a_dismissed_gap_outlives_its_requests_with_shared_words_only(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for text in (*WINTER, "zyxwvut is a word of one customer, pump frost winter storage damage"):
            ask(app, session, now, text)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    assert number
    with database.writing() as session:
        gaps.dismiss(session, session.get_one(Gap, number), "anna@example.com", now)
    before = len(centre_of(database, number))
    forget(database, None)
    group(app, database, now)
    assert 0 < len(centre_of(database, number)) < before
    with database.writing() as session:
        ask(app, session, now, "How should I store the pump in winter against frost damage?")
        ask(app, session, now, "Store the pump outside over winter, frost damage?")
    group(app, database, now)
    assert set(groups(database)) == {number}


def test_any_stop_between_steps_leaves_work_that_the_next_round_ends(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gap_rounds, "AT_A_TIME", 3)
    ask_everything(app, database, now)
    turns = 0
    while True:
        steps = iter([True] * turns)
        rounds(app, database).make(now, go_on=lambda steps=steps: next(steps, False))  # type: ignore[misc]
        with database.reading() as session:
            left = session.scalar(select(func.count()).where(GapRequest.nearness.is_(None), GapRequest.reason != Reason.NONE))
            seen = session.scalar(select(func.count()).select_from(GapRequest))
            tickets = session.scalar(select(func.count()).select_from(Ticket))
        if seen == tickets and not left:
            break
        turns += 1
        assert turns < 40
    counted = groups(database)
    group(app, database, now)
    with database.reading() as session:
        for number, members in counted.items():
            assert session.get_one(Gap, number).counted == len(members)


def test_another_vocabulary_makes_the_centres_anew(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, now, text)
    group(app, database, now)
    number = gap_of(database, WINTER[0])
    assert number
    epoch = state(database, number).epoch
    with database.writing() as session:
        for turn in range(2):
            for text in INVOICE:
                ask(app, session, now, f"{text} {turn}")
    group(app, database, now)
    assert state(database, number).epoch == epoch + 1
    assert gap_of(database, WINTER[0]) == number


def test_upkeep_stops_when_it_is_told_to(app: Flask, database: Database, now: datetime) -> None:
    ask_everything(app, database, now)
    made = rounds(app, database)
    made.make(now)
    with database.writing() as session:
        session.execute(update(Gap).values(examined=0, epoch=0))
    epoch, vocabulary = made._vocabularies["en"]
    assert gap_upkeep.tend(database, "en", epoch, vocabulary, now=now, go_on=lambda: False) == 0
    with database.reading() as session:
        assert set(session.scalars(select(Gap.epoch))) == {0}


def centre_of(database: Database, number: int) -> bytes:
    with database.reading() as session:
        return session.scalars(select(Gap.centre).where(Gap.id == number)).one()


def forget(database: Database, messages: tuple[str, ...] | None) -> None:
    """Delete requests, as a retention job or a person's wish would."""
    with database.engine.begin() as connection:
        connection.execute(delete(Ticket) if messages is None else delete(Ticket).where(Ticket.message.in_(messages)))
