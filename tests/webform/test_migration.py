from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from kb.database import Database
from kb.schema import Base
from webform import migration


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migration.upgrade(database)
    assert migration.is_current(database)
