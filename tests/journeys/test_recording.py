"""What a form tells of a visit, in a real browser: that it is open, that somebody types, how long an answer was read."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from deflection import ledger
from deflection.events import Event, Kind
from deflection.figures import Counts, figures_of
from deflection.slices import Slice, last_days
from deflection.visits import Visit, find_visit
from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_form import describe

pytestmark = pytest.mark.browser
PATIENCE_MS = 60_000


def visit_of(page: Page, site: Flask, database: Database) -> Visit | None:
    token = page.locator("#ask input[name=visit]").input_value()
    with site.app_context(), database.reading() as session:
        return find_visit(session, site.extensions["webform.tokens"].read_visit(token, hours=24))


def wait_until(page: Page, is_so: Callable[[], object], what: str) -> None:
    for _ in range(PATIENCE_MS // 250):
        if is_so():
            return
        page.wait_for_timeout(250)
    pytest.fail(f"{what} did not happen in time")


def counted(site: Flask, database: Database, **chosen: str) -> Counts:
    """Count as the worker does, and add up the last two days as the dashboard does."""
    with site.app_context():
        now = ledger_now(database)
        ledger.count(database, now)
        with database.reading() as session:
            span = last_days(2, now)
            return figures_of(session, Slice(span.since, span.until, **chosen)).treatment


def ledger_now(database: Database):  # type: ignore[no-untyped-def]
    with database.reading() as session:
        newest = session.scalars(select(Visit.last_seen_at).order_by(Visit.last_seen_at.desc())).first()
    assert newest is not None
    return newest


def test_an_open_form_is_counted_then_typing_then_the_outcome(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page(width=390, height=800)
    page.mouse.move(50, 60)
    wait_until(page, lambda: visit_of(page, site, site_database), "the opened form")
    before = counted(site, site_database, device="phone")
    opened = visit_of(page, site, site_database)
    assert opened is not None
    assert (opened.begun, opened.device, opened.browser, opened.language) == (False, "phone", None, "en")
    describe(page)
    wait_until(page, lambda: (seen := visit_of(page, site, site_database)) and seen.begun and seen.browser and seen.engaged, "typing")
    page.locator("summary").first.click()
    page.get_by_role("button", name="This solved my problem").first.click()
    wait_until(page, lambda: counted(site, site_database, device="phone").confirmed == before.confirmed + 1, "the outcome")
    after = counted(site, site_database, device="phone")
    assert (after.opened_forms, after.typed, after.engaged) == (before.opened_forms, before.typed + 1, before.engaged + 1)
    page.get_by_role("button", name="It is not solved after all").click()
    page.fill("#email", "cy@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    sent = counted(site, site_database, device="phone")
    assert (sent.confirmed, sent.submitted_after_help, sent.requests) == (before.confirmed, before.submitted_after_help + 1, before.requests + 1)


def test_reading_is_told_when_the_page_is_left_and_what_could_not_be_told_is_told_later(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    describe(page)
    visit = visit_of(page, site, site_database)
    assert visit is not None

    def seconds() -> float:
        with site_database.reading() as session:
            return session.scalar(select(Event.seconds).where(Event.visit_id == visit.id, Event.kind == Kind.READ)) or 0.0

    page.context.set_offline(True)
    page.locator("summary").first.click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    wait_until(page, lambda: seconds() >= 5, "reading")
    with site_database.reading() as session:
        assert session.scalar(select(Event.id).where(Event.visit_id == visit.id, Event.kind == Kind.OPENED))
    told = seconds()
    page.wait_for_timeout(2500)
    page.goto("/help")
    expect(page.locator("h1")).to_be_visible()
    wait_until(page, lambda: seconds() > told, "the rest of the reading")
