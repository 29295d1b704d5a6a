import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from kb.database import Database
from tests.webform.delivering import LEASE, put
from webform import leases, outbox
from webform.leases import Claim
from webform.outbox import MessageKind, Outcome


def claim(database: Database, now: datetime, worker: str = "a") -> Claim | None:
    with database.writing() as session:
        return leases.claim(session, worker=worker, lease=LEASE, now=now)


def claimed_number(database: Database, now: datetime, worker: str = "a") -> int | None:
    claimed = claim(database, now, worker)
    return claimed and claimed.id


def test_requests_go_before_acknowledgements_and_the_oldest_first(database: Database, now: datetime) -> None:
    with database.writing() as session:
        kinds = [MessageKind.ACKNOWLEDGEMENT, MessageKind.REQUEST, MessageKind.ACKNOWLEDGEMENT, MessageKind.REQUEST]
        numbers = [put(session, now, kind) for kind in kinds]
    assert [claimed_number(database, now) for _ in range(5)] == [numbers[1], numbers[3], numbers[0], numbers[2], None]


def test_a_claim_carries_the_message_and_its_envelope(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now, recipients=("a@example.com", "b@example.com"))
        reference = outbox.waiting(session)[0].ticket.reference
    claimed = claim(database, now)
    assert claimed is not None
    parcel = claimed.parcel
    assert (parcel.reference, parcel.kind, parcel.sender, parcel.recipients) == (reference, "request", "bounce@example.com", ("a@example.com", "b@example.com"))
    with database.reading() as session:
        message = outbox.find(session, number)
        assert message is not None
        assert parcel.mime == message.mime
    assert parcel.mime.isascii()
    assert b"\n" not in parcel.mime.replace(b"\r\n", b"")


def test_a_leased_message_is_nobody_elses_until_the_lease_ends(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    assert claimed_number(database, now, "a") == number
    assert claimed_number(database, now + LEASE - timedelta(seconds=1), "b") is None
    assert claimed_number(database, now + LEASE, "b") == number


def test_an_attempt_that_its_worker_did_not_survive_is_seen(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    claim(database, now)
    again = claim(database, now + LEASE)
    assert again is not None
    assert again.interruptions == 1
    with database.reading() as session:
        assert [attempt.outcome for attempt in outbox.attempts(session, number)] == [Outcome.INTERRUPTED, Outcome.SENDING]


def test_a_claim_whose_lease_ended_cannot_be_released(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
    mine = claim(database, now)
    theirs = claim(database, now + LEASE)
    assert mine is not None
    assert theirs is not None
    with database.writing() as session:
        assert not leases.release(session, mine, status="sent")
        assert leases.release(session, theirs, status="sent")
        assert not leases.release(session, theirs, status="sent")


@pytest.mark.parametrize("skew", [timedelta(seconds=30), timedelta(minutes=30), timedelta(hours=1), timedelta(days=365)])
def test_a_new_message_is_due_whatever_the_clock_of_the_node_that_stored_it(database: Database, now: datetime, skew: timedelta) -> None:
    with database.writing() as session:
        number = put(session, now + skew)
    assert claimed_number(database, now) == number


def test_what_a_wrong_clock_planned_for_next_year_is_due_now(database: Database, now: datetime) -> None:
    leapt = now + timedelta(days=365)
    with database.writing() as session:
        number = put(session, now)
    assert claimed_number(database, leapt, "a") == number
    assert claimed_number(database, now, "b") == number
    with database.writing() as session:
        message = outbox.find(session, number)
        assert message is not None
        message.leased_by, message.leased_until, message.next_attempt_at = "", None, leapt
    assert claimed_number(database, now, "c") == number


def test_many_workers_at_once_never_get_the_same_message(database: Database, now: datetime) -> None:
    with database.writing() as session:
        numbers = [put(session, now) for _ in range(40)]
    start = threading.Barrier(4)

    def work(name: str) -> list[int]:
        start.wait()
        found = []
        while (number := claimed_number(database, now, name)) is not None:
            found.append(number)
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [number for part in pool.map(work, "abcd") for number in part]
    assert sorted(claimed) == numbers


def test_leases_are_kept_by_the_databases_clock_where_machines_share_one(database: Database, engine_name: str) -> None:
    with database.reading() as session:
        told = leases.clock(session)
        if engine_name == "postgresql":
            session.connection().exec_driver_sql("SET TIME ZONE 'Asia/Tokyo'")
        assert abs(leases.clock(session) - told) < timedelta(seconds=5)
    assert told.utcoffset() is not None


def test_looking_for_work_takes_no_lock(database: Database, now: datetime) -> None:
    with database.writing() as writer:
        put(writer, now)
        with database.reading() as session:
            assert not leases.any_due(session, now)
    with database.reading() as session:
        assert leases.any_due(session, now)
