"""What every test may ask for: a fresh migrated database, an application on it, a client."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from kb import web as kb_web
from kb.database import Database, normalise
from kb.suggest import Suggester
from tests.postgres import serve_postgres
from webform import create_app, migration

COUNTER = itertools.count()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="which database every test uses")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what asks for no database: it is the same test as with SQLite."""
    if config.getoption("--database") == "postgresql":
        items[:], same = [item for item in items if _has_database(item)], [item for item in items if not _has_database(item)]
        config.hook.pytest_deselected(items=same)


def _has_database(item: pytest.Item) -> bool:
    return "engine_name" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def own_environment() -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("WEBFORM_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def engine_name(pytestconfig: pytest.Config) -> str:
    return str(pytestconfig.getoption("--database"))


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of our own, as the URL of its administrative database."""
    with serve_postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def template_url(engine_name: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """A migrated, empty database that each test copies."""
    if engine_name == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
    else:
        url = on_server(request.getfixturevalue("postgres_url"), "template_webform")
        administer(request.getfixturevalue("postgres_url"), "CREATE DATABASE template_webform")
    database = Database(url)
    migration.upgrade(database)
    if engine_name == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.close()
    return url


@pytest.fixture
def database_url(template_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database that only this test uses."""
    if template_url.startswith("sqlite"):
        copy = tmp_path / "webform.db"
        shutil.copyfile(template_url.removeprefix("sqlite:///"), copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"test_{os.getpid()}_{next(COUNTER)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE template_webform")
    yield on_server(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path: Path, database_url: str, nothing_left_open: None) -> dict[str, str]:
    """Settings of a test's own installation; a test may add to them before it asks for ``app``, or make others of them.

    Suggesting may take long, for the machine of the tests does other things meanwhile; tests of the time-out set their own.
    """
    return {
        "INSTANCE": str(tmp_path / "instance"),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a key for tests",
        "HOLDOUT_SHARE": "0",
        "SAMPLE_KB": "0",
        "SUGGEST_SECONDS": "10",
    }


@pytest.fixture
def nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close every application's threads and connections at the end of the test that made it."""
    made: list[Suggester | Database] = []
    for kind in (Suggester, Database):
        monkeypatch.setattr(kind, "__init__", _remembering(kind.__init__, made))
    yield
    for each in sorted(made, key=lambda each: isinstance(each, Database)):  # Threads first: they hold connections.
        each.close()


def _remembering(begin: Callable[..., None], made: list[Any]) -> Callable[..., None]:
    def remember(self: object, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        made.append(self)

    return remember


@pytest.fixture
def app(settings: dict[str, str]) -> Flask:
    app = create_app(settings, environ={})
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's database."""
    return app.extensions[kb_web.DATABASE]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def on_server(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    engine = create_engine(normalise(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
