"""A real server with the sample knowledge base, a real browser, and a real mail server."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from kb import web as kb_web
from kb.database import Database
from tests.conftest import administer, on_server
from tests.webform.smtp_servers import Sink, serve
from webform import create_app, replay_views, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
TIMEOUT = 30_000
expect.set_options(timeout=TIMEOUT)  # Five seconds are little on a machine that does other things meanwhile.
Open = Callable[..., Page]


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Sink]:
    """A mail server that takes everything."""
    with serve(Sink()) as sink:
        yield sink


@pytest.fixture(scope="package")
def site_url(engine_name: str, template_url: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """The URL of the one database that all journeys share."""
    if engine_name == "sqlite":
        copy = tmp_path_factory.mktemp("site") / "webform.db"
        shutil.copyfile(template_url.removeprefix("sqlite:///"), copy)
        return f"sqlite:///{copy}"
    server = request.getfixturevalue("postgres_url")
    name = f"journeys_{os.getpid()}_{tmp_path_factory.mktemp('site').name}"  # Each process of a divided run has its own.
    administer(server, f"CREATE DATABASE {name} TEMPLATE template_webform")
    return on_server(server, name)


@pytest.fixture(scope="package")
def site(site_url: str, mailbox: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application, listening on a port of this machine; its address is ``BASE_URL``."""
    settings = {
        "INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "DATABASE_URL": site_url,
        "SECRET_KEY": "a key for journeys",
        "HOLDOUT_SHARE": "0",
        "SUGGEST_SECONDS": "5",
        "SUGGESTIONS_PER_MINUTE": "100000",
        "SEARCHES_PER_MINUTE": "100000",
        "REQUESTS_PER_HOUR": "1000",
        "REQUESTS_PER_ADDRESS": "1000",
        "LOG_LEVEL": "warning",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mailbox.port),
    }
    app = create_app(settings, environ={})
    serving.prepare(app, datetime.now(UTC))
    with listening(app), pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay_views, "SECONDS", 30.0)  # A look ends when its time is over; this machine does other things meanwhile.
        yield app
    app.extensions[kb_web.SUGGESTER].close()
    app.extensions[kb_web.DATABASE].close()


def _closing(app: Flask) -> Callable[..., Iterator[bytes]]:
    """Close every answer as soon as it is given: the server forgets to when a browser hangs up, and a file stays open."""

    def serve_whole(environ: dict[str, object], start_response: Callable[..., object]) -> Iterator[bytes]:
        answer = app(environ, start_response)  # type: ignore[arg-type]
        try:
            yield from answer
        finally:
            answer.close()  # type: ignore[attr-defined]

    return serve_whole


@contextmanager
def listening(app: Flask) -> Iterator[None]:
    """Let an application listen on a port of this machine; at the end whoever is being served is served to the end."""
    server = make_server("127.0.0.1", 0, _closing(app), threaded=True)
    server.daemon_threads = False  # type: ignore[attr-defined]  # Only such threads are waited for.
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join(60)
    server.server_close()


@pytest.fixture
def site_database(site: Flask) -> Database:
    return site.extensions[kb_web.DATABASE]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless browser of this machine, or playwright's own."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        found = next(filter(None, map(shutil.which, BROWSERS)), own if Path(own).exists() else None)
        if found is None:
            pytest.fail("The journeys need a browser: 'apt install chromium' (Debian), 'brew install --cask chromium' (macOS).", pytrace=False)
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, site: Flask) -> Iterator[Open]:
    """Open a page of the site as a person with a device of their own.

    At the end every page must have kept to this site, stored no cookie, broken no policy and thrown no error.
    """
    people: list[BrowserContext] = []
    faults: list[str] = []

    def open_(path: str = "/", *, width: int = 1280, height: int = 900, script: bool = True, dark: bool = False, language: str = "en") -> Page:
        person = browser.new_context(
            base_url=site.config["BASE_URL"],
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale=language,
        )
        person.set_default_timeout(TIMEOUT)
        people.append(person)
        person.on("request", lambda request: _note_foreign(request.url, site.config["BASE_URL"], faults))
        person.on("console", lambda message: faults.append(message.text) if _is_fault(message.type, message.text) else None)
        person.on("weberror", lambda error: faults.append(str(error.error)))
        page = person.new_page()
        page.goto(path)
        return page

    yield open_
    cookies = [cookie for person in people for cookie in person.cookies()]
    for person in people:
        person.close()
    assert cookies == []
    assert faults == []


def _note_foreign(url: str, home: str, faults: list[str]) -> None:
    if not url.startswith((home, "data:", "blob:")):
        faults.append(f"a request left for {url}")


def _is_fault(kind: str, text: str) -> bool:
    """Tell faults of the page from what the browser says about an answer that is not 200, which a journey expects."""
    return kind in {"error", "warning"} and "Failed to load resource" not in text
