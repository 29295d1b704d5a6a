"""From typing to the number on the dashboard: every outcome there can be, with and without JavaScript, with answers and with a plain form.

Without a script nobody can tell how long something was read, so that nothing is presumed there, and a plain form that was
not sent is never heard of. A plain form shows nothing, so nothing solves, and nothing is read before sending.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from deflection import ledger
from deflection.events import Event, Kind
from deflection.web import ADMISSION
from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import SIDEWAYS
from tests.journeys.test_form import HUM, describe, wait_for
from tests.webform.conftest import PASSWORD, make_member
from webform.staff import RoleName

pytestmark = pytest.mark.browser
PATIENCE_MS = 60_000


@pytest.fixture
def staff_page(site: Flask, site_database: Database, browser: Browser) -> Iterator[Page]:
    """A lead who has signed in, on a device of her own."""
    make_member(site_database, RoleName.LEAD, datetime.now(UTC))
    person = browser.new_context(base_url=site.config["BASE_URL"], viewport={"width": 1280, "height": 900})
    page = person.new_page()
    page.goto("/staff/sign-in")
    page.locator("#email").fill("lead@example.com")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile("/staff/requests"))
    yield page
    person.close()


def told(page: Page, database: Database) -> Counter[str]:
    """Read what the dashboard tells, with answers and with a plain form."""
    ledger.count(database, datetime.now(UTC))
    page.goto("/staff/deflection/rate?period=7")
    heads = page.locator("thead th").all_inner_texts()
    found: Counter[str] = Counter()
    for row in page.locator("tbody tr").all():
        cells = [row.locator("th").inner_text(), *row.locator("td").all_inner_texts()]
        name = cells[0].split(":")[0]
        found[name] = int(cells[1].replace(",", ""))
        found[f"{name}, plain"] = int(cells[[head.casefold() for head in heads].index("plain form")].replace(",", ""))
    return found


def leave_after_reading(page: Page, database: Database) -> None:
    """Have an answer in view for longer than five seconds, and go."""
    with database.reading() as session:
        before = session.scalar(select(func.count()).where(Event.kind == Kind.READ, Event.seconds >= 5))
    page.locator(".suggestion summary").first.click()
    page.wait_for_timeout(6500)
    page.goto("about:blank")
    for _ in range(PATIENCE_MS // 200):
        with database.reading() as session:
            if session.scalar(select(func.count()).where(Event.kind == Kind.READ, Event.seconds >= 5)) != before:
                return
        page.wait_for_timeout(200)
    pytest.fail("what was read was not told in time")


def send(page: Page, name: str) -> None:
    page.locator("#email").fill(f"{name}@customer.example")
    page.locator("#send").click()


@pytest.fixture
def plain(site: Flask) -> Iterator[None]:
    """Every visit sees a plain form."""
    before, admission = site.config["HOLDOUT_SHARE"], site.extensions[ADMISSION]
    site.config["HOLDOUT_SHARE"], site.extensions[ADMISSION] = 1.0, replace(admission, holdout_share=1.0)
    yield
    site.config["HOLDOUT_SHARE"], site.extensions[ADMISSION] = before, admission


def solved(open_page: Open, site: Flask, database: Database) -> Page:
    """Describe the problem on a new page and say that the first answer solved it."""
    page = open_page()
    describe(page)
    page.locator("summary").first.click()
    page.get_by_role("button", name="This solved my problem").first.click()
    wait_for(Kind.SOLVED, database, site, page)
    return page


def test_every_outcome_arrives_on_the_dashboard(open_page: Open, site: Flask, site_database: Database, staff_page: Page) -> None:
    before = told(staff_page, site_database)
    solved(open_page, site, site_database)
    page = open_page()
    describe(page)
    leave_after_reading(page, site_database)
    page = open_page()
    describe(page)
    page.locator(".suggestion summary").first.click()
    wait_for(Kind.OPENED, site_database, site, page)
    send(page, "read-and-sent")
    page.wait_for_url(re.compile("/requests/T-"))
    page = open_page()
    describe(page)
    send(page, "sent-unread")
    page.wait_for_url(re.compile("/requests/T-"))
    page = open_page()
    describe(page)
    wait_for(Kind.SHOWN, site_database, site, page)
    page.goto("about:blank")
    new = told(staff_page, site_database) - before
    assert new == {"Confirmed": 1, "Presumed": 1, "Sent after reading an answer": 1, "Sent without reading one": 1, "Gave up": 1}


def test_outcomes_without_javascript_arrive_too(open_page: Open, site_database: Database, staff_page: Page) -> None:
    before = told(staff_page, site_database)
    for number, presses in enumerate((["solved"], ["confirmed"], ["solved", "unsolved", "send", "confirmed"], [])):
        page = open_page(script=False)
        page.locator("#message").fill(HUM)
        send(page, f"plain-browser-{number}")
        expect(page.locator("#again")).to_be_visible()
        for press in presses:
            page.locator("#send" if press == "send" else f"button[name={press}]").first.click()
        expect(page.locator("#again")).to_have_count(0 if presses else 1)
    new = told(staff_page, site_database) - before
    assert new == {"Confirmed": 1, "Sent without reading one": 1, "Sent after reading an answer": 1, "Gave up": 1}


def test_a_solution_is_taken_back_by_a_request_of_the_same_browser(open_page: Open, site: Flask, site_database: Database, staff_page: Page) -> None:
    before = told(staff_page, site_database)
    page = solved(open_page, site, site_database)
    assert told(staff_page, site_database) - before == {"Confirmed": 1}
    page.goto("/")
    describe(page)
    send(page, "came-back")
    page.wait_for_url(re.compile("/requests/T-"))
    assert told(staff_page, site_database) - before == {"Sent after reading an answer": 1, "Sent without reading one": 1}
    staff_page.goto("/staff/deflection/rate?period=7&rows=taken_back.treatment")
    expect(staff_page.locator("tbody")).to_contain_text("solved")


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_visits_of_a_plain_form_are_told_beside_them(open_page: Open, site: Flask, site_database: Database, staff_page: Page, script: bool) -> None:
    before = told(staff_page, site_database)
    page = open_page(script=script)
    page.locator("#message").fill(HUM)
    if script:
        wait_for(Kind.WITHHELD, site_database, site, page)
    send(page, f"holdout-{script}")
    page.wait_for_url(re.compile("/requests/T-"))
    expected = {"Sent without reading one, plain": 1}
    if script:
        page = open_page()
        page.locator("#message").press_sequentially(HUM)
        wait_for(Kind.WITHHELD, site_database, site, page)
        page.goto("about:blank")
        expected["Gave up, plain"] = 1
    assert told(staff_page, site_database) - before == expected


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_the_pages_are_accessible_and_fit(staff_page: Page, site_database: Database, width: int, dark: bool) -> None:
    ledger.count(site_database, datetime.now(UTC))
    staff_page.set_viewport_size({"width": width, "height": 900})
    staff_page.emulate_media(color_scheme="dark" if dark else "light")
    for path in ("", "/rate", "/rate?rows=engaged.treatment", "/support"):
        staff_page.goto(f"/staff/deflection{path}")
        staff_page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        staff_page.wait_for_timeout(250)
        found = Axe().run(staff_page).response["violations"]
        assert [(violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in found] == []
        assert not staff_page.evaluate(SIDEWAYS)
