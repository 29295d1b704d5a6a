"""The tables: made, checked and brought up to date."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from kb import web as kb_web
from kb.database import Database
from kb.schema import Base
from webform import migration
from webform.cli import webform
from webform.factory import create_app


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


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
