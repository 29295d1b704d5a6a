from datetime import datetime, timedelta

from kb.database import Database
from tests.webform.delivering import LEASE, Told, courier, put
from webform import leases, outbox
from webform.deliveries import deliver_due
from webform.mailer import Parcel, Receipt, Refusal
from webform.outbox import Delivery, MessageKind, Outcome, Summary


def refuse(permanent: bool, words: str = "550 5.1.1 User unknown") -> Told:
    return Told(lambda parcel: Receipt.none(parcel, Refusal(permanent, words)))


def test_the_summary_counts_what_needs_a_person_what_waits_and_what_went(database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert outbox.summary(session, now) == Summary(0, 0, None, 0)
    with database.writing() as session:
        put(session, now)
        put(session, now)
    deliver_due(courier(database, Told(), now))
    with database.writing() as session:
        put(session, now)
    deliver_due(courier(database, refuse(permanent=True), now))
    with database.writing() as session:
        put(session, now + timedelta(minutes=1))
        put(session, now + timedelta(minutes=2))
        assert outbox.summary(session, now) == Summary(1, 2, now + timedelta(minutes=1), 2)
        assert outbox.summary(session, now + timedelta(days=1)).sent_last_day == 0


def test_failed_waiting_and_sent_are_listed_with_the_servers_last_words(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = put(session, now)
    deliver_due(courier(database, refuse(permanent=True), now))
    with database.writing() as session:
        second = put(session, now, MessageKind.ACKNOWLEDGEMENT)
    deliver_due(courier(database, refuse(permanent=False, words="450 4.2.0 Greylisted"), now))
    with database.writing() as session:
        third = put(session, now)
    deliver_due(courier(database, Told(), now))
    with database.reading() as session:
        listed = [outbox.failed(session), outbox.waiting(session), outbox.recent(session, 10)]
        assert [[message.id for message in messages] for messages in listed] == [[first], [second], [third]]
        words = outbox.last_words(session, [message for messages in listed for message in messages])
    assert words == {first: "550 5.1.1 User unknown", second: "450 4.2.0 Greylisted", third: "250 taken"}
    assert all(message.ticket.reference.startswith("T-") for messages in listed for message in messages)


def test_retrying_makes_a_failed_message_due_at_once_with_the_whole_schedule_again(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    deliver_due(courier(database, refuse(permanent=True), now))
    with database.writing() as session:
        assert outbox.retry(session, number, now)
    deliver_due(courier(database, refuse(permanent=False, words="451 later"), now))
    with database.reading() as session:
        message = outbox.find(session, number)
        assert message is not None
        assert (message.status, message.attempts, message.next_attempt_at, message.failed_at) == (Delivery.WAITING, 1, now + timedelta(minutes=1), None)
        assert [attempt.outcome for attempt in outbox.attempts(session, number)] == [Outcome.FAILED, Outcome.RETRY]


def test_trying_now_shortens_the_wait(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    deliver_due(courier(database, refuse(permanent=False), now))
    mailer = Told()
    deliver_due(courier(database, mailer, now))
    assert mailer.asked == []
    with database.writing() as session:
        assert outbox.retry(session, number, now)
    deliver_due(courier(database, mailer, now))
    assert len(mailer.asked) == 1


def test_what_was_sent_is_being_sent_or_does_not_exist_is_not_retried(database: Database, now: datetime) -> None:
    with database.writing() as session:
        sent = put(session, now)
    deliver_due(courier(database, Told(), now))
    with database.writing() as session:
        held = put(session, now)
        leases.claim(session, worker="a", lease=LEASE, now=now)
        assert [outbox.retry(session, number, now) for number in (sent, held, 999)] == [False, False, False]


def test_retrying_all_that_failed_leaves_the_rest_alone(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put(session, now)
        put(session, now)
    deliver_due(courier(database, refuse(permanent=True), now))
    with database.writing() as session:
        put(session, now)
        assert outbox.retry_failed(session, now) == 2
        assert outbox.summary(session, now).waiting == 3
        assert outbox.retry_failed(session, now) == 0


def test_a_retry_sends_the_same_bytes(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = put(session, now)
    sent: list[Parcel] = []
    for answer in (Refusal(True, "550"), Refusal(False, "451"), None):
        mailer = Told(lambda parcel, answer=answer: answer and Receipt.none(parcel, answer))  # type: ignore[misc]
        deliver_due(courier(database, mailer, now))
        sent += mailer.asked
        with database.writing() as session:
            outbox.retry(session, number, now)
    assert len({parcel.mime for parcel in sent}) == 1
    assert len(sent) == 3
