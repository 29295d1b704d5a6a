"""Gaps in a real browser: requests arrive, the worker groups them, a writer begins a draft, puts one away and names an article for one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from kb import web as kb_web
from kb.database import Database
from kb.examples import Example
from tests.journeys.conftest import listening
from tests.webform.conftest import PASSWORD, make_member
from tests.webform.desk_world import write_article
from tests.webform.gap_world import INVOICE, WARRANTY, WINTER, ask, ask_everything, gap_of, group
from webform import answers, gap_keeping, leases, web
from webform.gap_keeping import Keeping
from webform.staff import RoleName

pytestmark = pytest.mark.browser
Desk = Callable[..., Page]


@pytest.fixture
def gap_site(app: Flask, database: Database) -> Iterator[Flask]:
    """An installation of this test's own with requests that met nothing good, and a writer."""
    now = datetime.now(UTC)
    make_member(database, RoleName.WRITER, now)
    ask_everything(app, database, now)
    with listening(app):
        yield app


@pytest.fixture
def open_gaps(gap_site: Flask, browser: Browser) -> Iterator[Desk]:
    people = []

    def open_(*, width: int = 1280, dark: bool = False, language: str = "en") -> Page:
        shape = {"viewport": {"width": width, "height": 900}, "color_scheme": "dark" if dark else "light", "locale": language}
        person = browser.new_context(base_url=gap_site.config["BASE_URL"], **shape)
        people.append(person)
        page = person.new_page()
        page.goto("/staff/gaps")
        page.locator("#email").fill("writer@example.com")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.goto("/staff/gaps")
        return page

    yield open_
    for person in people:
        person.close()


def test_requests_are_grouped_by_the_worker_and_worked_off(gap_site: Flask, open_gaps: Desk) -> None:
    database: Database = gap_site.extensions[kb_web.DATABASE]
    page = open_gaps()
    expect(page.get_by_text("Nothing was grouped yet")).to_be_visible()
    keeping = Keeping(database, gap_site.extensions[kb_web.SUGGESTER], partial(answers.mark, gap_site.extensions[web.TOKENS]), leases.clock, "test")
    with gap_keeping.attend(keeping):
        expect(reloaded(page).get_by_role("link", name="Write this").first).to_be_visible()

    page.goto(f"/staff/gaps/{gap_of(database, WINTER[0])}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("frost")
    page.get_by_role("link", name="Write this").click()
    title = page.locator("input[name=title]").first.get_attribute("value") or ""
    assert "frost" in title.lower()
    page.locator("input[name=request]").last.uncheck()
    ticked = page.locator("input[name=request]:checked").count()
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{ticked} texts are attached")
    expect(page.locator(f"[value='{title}']").first).to_be_attached()
    with database.reading() as session:
        assert len(session.scalars(select(Example.id)).all()) == ticked

    page.goto("/staff/gaps?language=en")
    page.get_by_role("button", name="Not needed").first.click()
    expect(page.get_by_role("status")).to_contain_text("It stays away")
    with database.writing() as session:
        for text in INVOICE:
            ask(gap_site, session, datetime.now(UTC), f"{text}, thank you")
        write_article(session, datetime.now(UTC), external_id="warranty", title="保修", language="zh")
    group(gap_site, database, datetime.now(UTC))
    page.goto("/staff/gaps?language=en")
    expect(page.get_by_role("heading", name="0 gaps")).to_be_visible()

    page.goto(f"/staff/gaps/{gap_of(database, WARRANTY[0])}")
    page.get_by_label("An article answers it already").fill("warranty")
    page.get_by_role("button", name="Answered by this article").click()
    expect(page.get_by_role("heading", name="Is this what answers it?")).to_be_visible()
    page.get_by_role("button", name="Yes, close the gap").click()
    expect(page.get_by_role("status")).to_contain_text("The gap is closed")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_role("status")).to_contain_text("open again")


def reloaded(page: Page) -> Page:
    """Load the page again until the worker has been there."""
    for _ in range(60):
        page.wait_for_timeout(500)
        page.reload()
        if page.get_by_role("link", name="Write this").count():
            break
    return page


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, False, "en"), (320, True, "ru"), (320, False, "zh")])
def test_the_pages_of_gaps_are_accessible_and_fit(width: int, dark: bool, language: str, gap_site: Flask, open_gaps: Desk) -> None:
    database: Database = gap_site.extensions[kb_web.DATABASE]
    group(gap_site, database, datetime.now(UTC))
    with database.writing() as session:
        write_article(session, datetime.now(UTC), external_id="frost", title="Frost")
    page = open_gaps(width=width, dark=dark, language=language)
    number = gap_of(database, WINTER[0])
    places = ("", "?state=dismissed", f"/{number}", f"/{number}/draft", f"/{number}/answer?article=frost")
    for path in [f"/staff/gaps{place}" for place in places]:
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
