import dataclasses
import itertools
import logging
import sqlite3
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kb.database import Database
from tests.webform.delivering import LEASE, Told, courier, put
from webform import deliveries, leases, outbox
from webform.deliveries import Tally, deliver_due
from webform.mailer import Mailer, Parcel, Receipt, Refusal, Unreachable
from webform.outbox import Delivery, MessageKind, OutboxMessage, Outcome

LATER = Refusal(False, "451 4.3.0 Try again later")
NEVER = Refusal(True, "550 5.1.1 User unknown")


def attempt(database: Database, mailer: Mailer, now: datetime) -> Tally:
    return deliver_due(courier(database, mailer, now))


def by_status(database: Database) -> dict[str, list[str]]:
    with database.reading() as session:
        messages = [*outbox.recent(session), *outbox.waiting(session), *outbox.failed(session)]
        return {message.status: message.addresses for message in messages}


def one(session: Session, number: int) -> OutboxMessage:
    message = outbox.find(session, number)
    assert message is not None
    return message


def test_what_is_due_is_sent_and_marked(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    mailer = Told()
    assert attempt(database, mailer, now) == Tally(sent=1)
    assert attempt(database, mailer, now) == Tally()
    with database.reading() as session:
        message = one(session, number)
        assert (message.status, message.sent_at, message.leased_by, message.leased_until) == (Delivery.SENT, now, "", None)
        assert [(tried.outcome, tried.reply, tried.attempted_at) for tried in outbox.attempts(session, number)] == [(Outcome.SENT, "250 taken", now)]
    assert mailer.closed == 2


def test_a_temporary_refusal_waits_by_the_schedule_and_then_is_given_up(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    mailer = Told(lambda parcel: Receipt.none(parcel, LATER))
    moment, moments = now, []
    while attempt(database, mailer, moment).retried:
        with database.reading() as session:
            moments.append(one(session, number).next_attempt_at)
        moment = moments[-1]
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in itertools.pairwise([now, *moments])]
    assert waits[:6] == [1, 5, 15, 30, 60, 60]
    with database.reading() as session:
        message = one(session, number)
        assert (message.status, message.failed_at) == (Delivery.FAILED, moment)
        assert message.failed_at - now >= timedelta(days=3)
        assert outbox.last_words(session, [message]) == {number: LATER.words}


def test_a_message_that_waits_is_left_alone_until_its_time(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
    refusing = Told(lambda parcel: Receipt.none(parcel, LATER))
    assert attempt(database, refusing, now) == Tally(retried=1)
    assert attempt(database, refusing, now + timedelta(seconds=59)) == Tally()
    assert attempt(database, refusing, now + timedelta(seconds=60)) == Tally(retried=1)
    assert attempt(database, refusing, now + timedelta(seconds=359)) == Tally()


def test_a_permanent_refusal_fails_at_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
    assert attempt(database, Told(lambda parcel: Receipt.none(parcel, NEVER)), now) == Tally(failed=1)
    assert by_status(database) == {"failed": ["team@example.com"]}


def test_a_partial_refusal_retries_only_the_refused(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now, recipients=("a@example.com", "b@example.com", "c@example.com"))
    mailer = Told(lambda parcel: Receipt("250 taken", {"b@example.com": LATER, "c@example.com": NEVER}))
    assert attempt(database, mailer, now) == Tally(sent=1, retried=1, failed=1)
    assert by_status(database) == {"sent": ["a@example.com"], "waiting": ["b@example.com"], "failed": ["c@example.com"]}
    with database.reading() as session:
        [waits], [failed] = outbox.waiting(session), outbox.failed(session)
        assert outbox.last_words(session, [waits, failed]) == {waits.id: LATER.words, failed.id: NEVER.words}
    again = Told()
    assert attempt(database, again, now + timedelta(minutes=1)) == Tally(sent=1)
    assert [(parcel.recipients, parcel.mime) for parcel in again.asked] == [(("b@example.com",), mailer.asked[0].mime)]


def test_a_greylisted_message_is_delivered_exactly_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
    open_from, delivered = now + timedelta(seconds=300), 0
    for seconds in range(0, 1200, 30):
        moment = now + timedelta(seconds=seconds)
        mailer = Told(lambda parcel, moment=moment: Receipt.none(parcel, LATER) if moment < open_from else None)  # type: ignore[misc]
        delivered += attempt(database, mailer, moment).sent
    assert delivered == 1
    with database.reading() as session:
        assert outbox.summary(session, now).waiting == 0


def test_a_poisonous_message_does_not_block_the_next(database: Database, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    with database.writing() as session:
        poison, good = put(session, now), put(session, now)

    def choke(parcel: Parcel) -> Receipt | None:
        if parcel.reference == poisonous:
            raise RecursionError("It hums.")
        return None

    with database.reading() as session:
        poisonous = one(session, poison).ticket.reference
    with caplog.at_level(logging.ERROR):
        assert attempt(database, Told(choke), now) == Tally(sent=1, retried=1)
    with database.reading() as session:
        assert (one(session, poison).status, one(session, good).status) == (Delivery.WAITING, Delivery.SENT)
        assert outbox.last_words(session, [one(session, poison)]) == {poison: "The mailer failed: RecursionError"}
    assert "hums" not in caplog.text


def test_a_message_that_ends_its_workers_is_tried_more_and_more_rarely(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    for tries in range(3):
        with database.writing() as session:
            assert leases.claim(session, worker=f"w{tries}", lease=LEASE, now=now + tries * LEASE)
    mailer, moment = Told(), now + 3 * LEASE
    assert attempt(database, mailer, moment) == Tally(retried=1)
    with database.reading() as session:
        assert one(session, number).next_attempt_at == moment + timedelta(minutes=30)
    assert mailer.asked == []
    assert attempt(database, mailer, moment + timedelta(minutes=30)) == Tally(sent=1)
    assert len(mailer.asked) == 1


def test_an_unreachable_server_is_asked_once_a_pass_and_blames_one_message(database: Database, now: datetime) -> None:
    with database.writing() as session:
        numbers = [put(session, now) for _ in range(3)]

    def refuse(parcel: Parcel) -> Receipt:
        raise Unreachable("Connection refused")

    assert attempt(database, Told(refuse), now) == Tally(retried=1, unreachable="Connection refused")
    with database.reading() as session:
        assert [one(session, number).attempts for number in numbers] == [1, 0, 0]
    assert attempt(database, Told(), now + timedelta(minutes=1)) == Tally(sent=3)


def test_nothing_new_is_begun_after_it_was_asked_to_stop(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
        put(session, now)
    mailer = Told()
    tally = deliver_due(courier(database, mailer, now), stop=lambda: bool(mailer.asked))
    assert (tally, len(mailer.asked), mailer.closed) == (Tally(sent=1), 1, 1)


def test_a_claim_that_was_lost_while_sending_changes_nothing(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)

    def take_over(parcel: Parcel) -> None:
        with database.writing() as session:
            assert leases.claim(session, worker="another", lease=LEASE, now=now + LEASE)

    assert attempt(database, Told(take_over), now) == Tally()
    with database.reading() as session:
        assert (one(session, number).status, one(session, number).leased_by) == (Delivery.WAITING, "another")


def test_the_database_is_free_while_a_message_is_being_sent(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)

    def write_meanwhile(parcel: Parcel) -> None:
        with database.writing() as session:
            put(session, now, MessageKind.ACKNOWLEDGEMENT)

    mailer = Told(lambda parcel: write_meanwhile(parcel) if parcel.kind == "request" else None)  # type: ignore[func-returns-value]
    assert attempt(database, mailer, now) == Tally(sent=2)


def test_a_database_that_fails_after_the_sending_is_asked_again(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is out, so forgetting it would send it twice."""
    with database.writing() as session:
        put(session, now)
    monkeypatch.setattr(deliveries, "SECONDS_BETWEEN_TRIES", 0.0)
    faults = iter([True, True])
    sent = False

    def flaky(session: Session) -> datetime:
        if sent and next(faults, False):
            raise OperationalError("COMMIT", None, sqlite3.OperationalError("database is locked"))
        return now

    def note(parcel: Parcel) -> None:
        nonlocal sent
        sent = True

    mailer = Told(note)
    assert deliver_due(dataclasses.replace(courier(database, mailer, now), clock=flaky)) == Tally(sent=1)
    assert len(mailer.asked) == 1
