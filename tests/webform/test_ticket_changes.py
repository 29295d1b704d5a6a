"""When a request came to its state and who brought it there."""

from datetime import datetime, timedelta

from alembic import command
from flask import Flask

from kb.database import Database
from tests.webform.sending import accept
from webform import migration, ticket_changes, tickets
from webform.ticket_changes import Party
from webform.tickets import TicketStatus

HOUR = timedelta(hours=1)


def test_each_change_is_kept_with_its_time_and_the_first_of_a_state_is_found(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        first, other = accept(session, app, now), accept(session, app, now, message="Another")
        tickets.set_status(session, first, TicketStatus.ANSWERED, now + HOUR)
        tickets.set_status(session, first, TicketStatus.ANSWERED, now + 2 * HOUR)
        tickets.set_status(session, first, TicketStatus.NEW, now + 3 * HOUR, by=Party.CUSTOMER)
        tickets.set_status(session, first, TicketStatus.ANSWERED, now + 4 * HOUR)
        changes = ticket_changes.of_ticket(session, first.id)
        assert [(change.before, change.status, change.party) for change in changes] == [
            ("new", "answered", "team"),
            ("answered", "new", "customer"),
            ("new", "answered", "team"),
        ]
        assert ticket_changes.first_times(session, [first.id, other.id], [TicketStatus.ANSWERED, TicketStatus.CLOSED]) == {first.id: now + HOUR}
        assert ticket_changes.first_times(session, [], [TicketStatus.ANSWERED]) == {}


def test_of_what_was_changed_before_an_upgrade_the_last_change_is_known(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        closed, _new = accept(session, app, now), accept(session, app, now, message="Another")
        tickets.set_status(session, closed, TicketStatus.CLOSED, now + HOUR)
        number = closed.id
    with database.engine.begin() as connection:
        command.downgrade(migration.config(connection), "0020")
    migration.upgrade(database)
    with database.reading() as session:
        (change,) = ticket_changes.of_ticket(session, number)
        assert (change.status, change.party, change.changed_at) == ("closed", "", now + HOUR)
