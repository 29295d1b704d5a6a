"""Replay before publish in a real browser: a writer sees whom a draft would have helped, publishes it, and it helps."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kb import web as kb_web
from kb.database import Database
from tests.journeys.conftest import listening
from tests.webform.conftest import PASSWORD, make_member
from tests.webform.desk_world import send
from tests.webform.form_world import write_articles
from webform.staff import RoleName

pytestmark = pytest.mark.browser

WHISTLE = "The pump whistles the whole night and nobody can sleep"
TITLE, BODY = (
    "The pump whistles at night",
    "Fill the tank to the line.\n\n## Low water\n\nA pump that whistles sucks air: the whistle stops when the water is high.",
)


@pytest.fixture
def desk_site(app: Flask, database: Database) -> Iterator[Flask]:
    """A small knowledge base, two requests that nothing answers, and a writer."""
    now = datetime.now(UTC)
    write_articles(database, now)
    make_member(database, RoleName.WRITER, now)
    with database.writing() as session:
        for days, text in enumerate((WHISTLE, "My pump whistles at night. Anna Sample, 0170 1234567")):
            send(app, session, now - timedelta(days=days), subject="", message=text, topic="")
    app.extensions[kb_web.SUGGESTER].gate = 0.3
    app.extensions[kb_web.SUGGESTER].ensure_ready()
    with listening(app):
        yield app


def signed_in(browser: Browser, site: Flask, path: str, *, width: int = 1280, scripts: bool = True) -> Page:
    page = browser.new_context(base_url=site.config["BASE_URL"], viewport={"width": width, "height": 900}, java_script_enabled=scripts).new_page()
    page.goto(path)
    page.locator("#email").fill("writer@example.com")
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    return page


def test_a_draft_gains_requests_is_published_and_then_answers_the_same_text(desk_site: Flask, browser: Browser) -> None:
    page = signed_in(browser, desk_site, "/staff/articles/new")
    page.locator("#title").fill(TITLE)
    page.locator("#body").fill(BODY)
    expect(page.locator("#replay-title")).to_have_text("This draft would be shown for 2 of the last 2 requests")
    expect(page.locator(".replay-figures dd").first).to_have_text("+2")
    expect(page.locator("replay-panel")).not_to_contain_text("Anna")
    expect(page.locator("replay-panel [role=status]")).to_contain_text("2 of the last 2 requests")
    assert page.locator("#body").evaluate("field => field === document.activeElement")
    assert Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"] == []
    page.locator("#title").fill("Winter")
    page.locator("#body").fill("Empty the hoses before frost.")
    expect(page.locator(".replay-since")).to_contain_text("0 gained, 2 lost")
    page.locator("#title").fill(TITLE)
    page.locator("#body").fill(BODY)
    expect(page.locator(".replay-since")).to_contain_text("2 gained, 0 lost")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("published").first).to_be_visible()
    answer, until = page.locator("details.suggestion h3", has_text=TITLE), time.monotonic() + 120
    while not answer.count() and time.monotonic() < until:  # Whoever asks before the publication has come is told that there is no answer.
        page.goto("/")
        page.locator("#message").fill("")
        with page.expect_response("**/suggestions"):
            page.locator("#message").press_sequentially(WHISTLE)
        page.wait_for_timeout(500)
    expect(answer).to_be_visible()


def test_without_scripts_a_button_shows_the_same_on_a_page_of_its_own(desk_site: Flask, browser: Browser) -> None:
    page = signed_in(browser, desk_site, "/staff/articles/new", width=320, scripts=False)
    page.locator("#title").fill(TITLE)
    page.locator("#body").fill(BODY)
    page.get_by_role("button", name="Replay the last requests").click()
    expect(page.locator("#replay-title")).to_have_text("This draft would be shown for 2 of the last 2 requests")
    expect(page.locator("#body")).to_have_value(BODY)
    page.locator("#title").fill("Winter")
    page.locator("#body").fill("Empty the hoses before frost.")
    page.get_by_role("button", name="Replay the last requests").click()
    expect(page.locator(".replay-since")).to_contain_text("0 gained, 2 lost")
