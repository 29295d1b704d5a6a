"""The tables: made, checked and brought up to date."""

from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from kb import web as kb_web
from kb.database import Database
from kb.publications import publications_of
from kb.schema import Base
from tests.webform.desk_world import fail, send
from webform import migration, outbox
from webform.cli import webform
from webform.factory import create_app

MOMENT = "2026-01-02 03:04:05"


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_what_is_public_already_gets_a_publication(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(migration.config(connection), "0008")
        for number, status in enumerate(("published", "draft"), 1):
            connection.execute(text(f"INSERT INTO article (id, external_id, created_at) VALUES ({number}, 'a{number}', '{MOMENT}')"))
            connection.execute(
                text(
                    "INSERT INTO translation "
                    "(id, article_id, language, slug, title, summary, body, category, status, extra, created_at, updated_at, published_at) "
                    f"VALUES ({number}, {number}, 'en', 'a{number}', 'T', '', 'b', '', '{status}', '', '{MOMENT}', '{MOMENT}', '{MOMENT}')"
                )
            )
            for revision in (2 * number - 1, 2 * number):
                connection.execute(
                    text(
                        "INSERT INTO revision (id, translation_id, author, note, title, summary, body, created_at) "
                        f"VALUES ({revision}, {number}, '', '', 'T', '', 'b', '{MOMENT}')"
                    )
                )
    migration.upgrade(database)
    with database.reading() as session:
        (found,) = publications_of(session, [1, 2])
        assert (found.translation_id, found.revision_id, found.public_from.isoformat()[:10], found.public_until) == (1, 2, "2026-01-02", None)


def test_letting_mails_be_about_no_ticket_loses_no_mail_and_no_attempt(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        ticket = send(app, session, now)
        fail(session, outbox.of_ticket(session, ticket.id)[0], now)
    before = _mails(database)
    assert len(before[0]) == 2
    assert len(before[1]) == 1
    with database.engine.begin() as connection:
        command.downgrade(migration.config(connection), "0016")
    assert _mails(database) == before
    migration.upgrade(database)
    assert _mails(database) == before


def _mails(database: Database) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with database.engine.connect() as connection:
        messages = connection.execute(text("SELECT id, ticket_id, message_id, status, attempts FROM outbox_message ORDER BY id"))
        attempts = connection.execute(text("SELECT id, message_id, attempted_at, outcome, reply FROM outbox_attempt ORDER BY id"))
        return [tuple(row) for row in messages], [tuple(row) for row in attempts]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migration.upgrade(database)
    assert migration.is_current(database)


@pytest.mark.usefixtures("nothing_left_open")
def test_the_first_command_of_all_makes_the_tables(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": str(tmp_path), "SECRET_KEY": "a key for tests"}, environ={})
    result = app.test_cli_runner().invoke(webform, ["kb", "reindex"])
    assert result.exit_code == 0, result.output
    assert migration.is_current(app.extensions[kb_web.DATABASE])


def test_tables_of_another_version_are_named_with_the_remedy(app: Flask, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    result = app.test_cli_runner().invoke(webform, ["kb", "reindex"])
    assert result.exit_code == 1
    assert "webform db upgrade" in result.output
    assert "Traceback" not in result.output
