import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deflection.events import Event, Kind
from deflection.visits import Visit, find_visit
from kb.database import Database
from tests.webform.sending import PNG, accept, anna, body, mail, outbox_rows, publish, terms_of, visit
from webform import attachments, outbox, submissions, tickets, topics
from webform.outbox import MessageKind, OutboxMessage
from webform.tickets import Ticket


def count(session: Session, model: type[Ticket] | type[Event] | type[OutboxMessage]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_transaction_makes_ticket_event_and_both_mails(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now)
    with database.reading() as session:
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        assert (stored.name, stored.email, stored.status, stored.created_at) == ("Anna Sample", "anna@customer.example", "new", now)
        assert session.scalars(select(Event.kind)).all() == [Kind.SUBMITTED]
        rows = outbox_rows(session, ticket)
        assert [(row.kind, row.sender, row.recipients) for row in rows] == [
            ("request", "help@example.com", "team@example.com"),
            ("acknowledgement", "", "anna@customer.example"),
        ]
        assert rows[0].message_id == ticket.message_id


def test_nothing_is_left_when_the_outbox_cannot_be_written(app: Flask, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(outbox, "enqueue", fail)
    with pytest.raises(OSError, match="disk full"), database.writing() as session:
        accept(session, app, now)
    with database.reading() as session:
        assert (count(session, Ticket), count(session, Event)) == (0, 0)


def test_the_same_post_again_is_the_same_ticket(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        first = accept(session, app, now, message="a\r\nb")
    with database.writing() as session:
        assert accept(session, app, now, message="a\nb").id == first.id
        assert (count(session, Ticket), count(session, OutboxMessage), count(session, Event)) == (1, 2, 1)


@pytest.mark.parametrize(
    "changes",
    [{"visit": "another"}, {"message": "Other words"}, {"subject": "Other"}, {"email": "b@customer.example"}, {"name": "Bob"}, {"topic": "pump"}],
)
def test_other_words_are_another_ticket(changes: dict[str, str], app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert accept(session, app, now).id != accept(session, app, now, **changes).id


def test_two_posts_at_once_are_one_ticket(app: Flask, database: Database, now: datetime) -> None:
    together, references = threading.Barrier(8), []

    def post() -> None:
        together.wait()
        with database.writing() as session:
            references.append(accept(session, app, now).reference)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 8
    assert len(set(references)) == 1
    with database.reading() as session:
        assert (count(session, Ticket), count(session, OutboxMessage), count(session, Event)) == (1, 2, 1)


def test_files_go_with_the_request_and_again_with_the_next_one_of_the_visit(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        file = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now)
        first = accept(session, app, now, uploads=(file.token,))
        again = accept(session, app, now, uploads=(file.token,))
        corrected = accept(session, app, now, uploads=(file.token,), message="The pump hums loudly.")
        assert again.id == first.id != corrected.id
        for ticket in (first, corrected):
            assert [sent.filename for sent in attachments.of_ticket(session, ticket.id)] == ["photo.png"]
            assert [part.get_filename() for part in mail(session, ticket, MessageKind.REQUEST).iter_attachments()] == ["request.json", "photo.png"]


def test_the_same_file_under_a_new_token_is_the_same_post(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        file = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now)
        first = accept(session, app, now, uploads=(file.token,))
        token = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now).token
        assert token != file.token
        assert accept(session, app, now, uploads=(token,)).id == first.id
        other = attachments.keep(session, visit="a-visit", filename="other.png", content=PNG + b"\0", now=now)
        assert accept(session, app, now, uploads=(other.token,)).id != first.id


def test_the_same_words_without_the_files_that_went_with_them_are_no_second_request(app: Flask, database: Database, now: datetime) -> None:
    """Whoever goes back to the form finds the words there, but no files, and may press Send once more."""
    with database.writing() as session:
        file = attachments.keep(session, visit="a-visit", filename="photo.png", content=PNG, now=now)
        first = accept(session, app, now, uploads=(file.token,), answers={"order": "MG-1234"})
        assert accept(session, app, now, answers={"order": "MG-1234"}).id == first.id
        assert accept(session, app, now, answers={"order": "MG-4321"}).id != first.id
        assert accept(session, app, now, answers={"order": "MG-1234"}, visit="another-visit").id != first.id


def test_the_language_is_that_of_the_text(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, subject="Насос гудит", message="Вода не идёт, хотя лампочка горит")
        assert (ticket.language, ticket.interface_language) == ("ru", "en")


def test_a_request_goes_to_the_address_of_its_topic(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        session.flush()
        topic = topics.find(session, "orders")
        assert topic is not None
        topic.address = "orders@example.com"
        assert outbox_rows(session, accept(session, app, now, topic="orders"))[0].recipients == "orders@example.com"
        assert outbox_rows(session, accept(session, app, now, topic="app"))[0].recipients == "team@example.com"


def test_a_visit_that_only_sent_is_measured_too(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert find_visit(session, "a-visit") is None
        accept(session, app, now)
        row = find_visit(session, "a-visit")
        assert row is not None
        assert row.person is not None
        assert len(row.person) == 64
        accept(session, app, now, visit="later", email="ANNA@customer.example")
        assert set(session.scalars(select(Visit.person))) == {row.person}


def test_texts_that_no_database_takes_are_stored_readably(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = accept(session, app, now, name="A\0n\ud800na", subject="x\0y\r\nz", message="a\0b\ud83dc", predicted_topic="p\0")
    with database.reading() as session:
        stored = tickets.find(session, ticket.reference)
        assert stored is not None
        assert (stored.name, stored.subject, stored.message) == ("An\ufffdna", "xy z", "ab\ufffdc")


def test_an_article_that_was_offered_and_not_read_is_offered_once_more(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        shown, suggested = publish(session, "Shown article", now), publish(session, "Suggested article", now)
        visit(session, now, [shown])
        ticket = accept(session, app, now, suggested=(suggested,))
        assert ticket.offered_article_id == suggested
        assert "Suggested article" in body(mail(session, ticket, MessageKind.ACKNOWLEDGEMENT))
        assert accept(session, app, now, message="Other", suggested=(shown,)).offered_article_id == shown
        assert accept(session, app, now, message="Third").offered_article_id is None


def test_terms_take_what_follows_from_other_settings(app: Flask) -> None:
    made = terms_of(app)
    assert (made.mail_domain, made.bounce, made.signature) == ("example.com", "help@example.com", "Mossgarth")
    assert submissions.Terms is type(made)
    assert anna().uploads == ()
