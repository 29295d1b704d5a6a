"""Looking after articles in a real browser: many changed at once, one brought back, one that appears by itself; pages without fault."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kb import upkeep, writing
from kb import web as kb_web
from kb.articles import Status, Translation, save_translation
from kb.database import Database
from tests.journeys.conftest import TIMEOUT, listening
from tests.journeys.test_accessibility import check
from tests.webform.conftest import PASSWORD, make_member
from webform import leases, web
from webform.rounds import Rounds
from webform.staff import RoleName
from webform.terms import terms

pytestmark = pytest.mark.browser
NOW = datetime.now(UTC)


@pytest.fixture
def article(app: Flask, database: Database) -> int:
    """An article in two languages with a history, and a draft of another one."""
    make_member(database, RoleName.LEAD, NOW)
    with database.writing() as session:
        moment = NOW - timedelta(days=2)
        texts = {"title": "Let the air out", "body": "Open the valve.", "author": "anna@x.example"}
        air = save_translation(session, external_id="air", language="en", status=Status.PUBLISHED, now=moment, **texts)
        base = writing.current(session, air)
        writing.save(
            session, air, replace(base, body="Close the valve."), version=air.version, base=base, author="boris@x.example", now=NOW - timedelta(days=1)
        )
        writing.publish(session, air, author="boris@x.example", now=NOW - timedelta(days=1))
        save_translation(session, external_id="air", language="zh", title="放气", body="打开阀门。", status=Status.DRAFT, now=moment)
        save_translation(session, external_id="winter", language="ru", title="Зима", body="Слейте воду.", status=Status.DRAFT, now=moment)
        upkeep.keep(session, air.article, owner="lead@example.com", review_at=moment, actor="", now=moment)
        return air.article_id


@pytest.fixture
def page(app: Flask, article: int, browser: Browser) -> Iterator[Page]:
    """The list of articles, as a lead sees it who has signed in."""
    with listening(app):
        person = browser.new_context(base_url=app.config["BASE_URL"], viewport={"width": 1280, "height": 900}, locale="en")
        person.set_default_timeout(TIMEOUT)
        faults: list[str] = []
        person.on("weberror", lambda error: faults.append(str(error.error)))
        page = person.new_page()
        page.goto("/staff/articles")
        page.locator("#email").fill("lead@example.com")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        expect(page.locator("h1")).to_have_text("Articles")
        yield page
        person.close()
        assert faults == []


def state(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {each.title: each.status for each in session.query(Translation)}


def test_many_are_published_after_a_look_at_what_would_change(page: Page, database: Database) -> None:
    page.goto("/staff/articles?status=draft")
    for box in page.locator("input[name=number]").all():
        box.check()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_have_text("Publish 2 translations?")
    assert state(database)["Зима"] == "draft"
    check(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("2 translations were changed.")).to_be_visible()
    assert set(state(database).values()) == {"published"}


def test_an_old_revision_is_found_compared_and_restored_and_customers_see_it_when_it_is_published(page: Page, article: int, database: Database) -> None:
    page.goto(f"/staff/articles/{article}/en/revisions")
    page.get_by_role("button", name="Compare the two that are marked").click()
    expect(page.locator("del")).to_have_text("Open")
    expect(page.locator("ins")).to_have_text("Close")
    check(page)
    page.get_by_role("button", name="Restore this revision").click()
    expect(page.get_by_text("Customers read it when it is published.")).to_be_visible()
    expect(page.locator(".revisions > li")).to_have_count(3)
    page.goto("/help/en/let-the-air-out")
    expect(page.get_by_text("Close the valve.")).to_be_visible()
    page.goto("/staff/articles?q=air&language=en")
    page.locator("input[name=number]").check()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish").click()
    page.goto("/help/en/let-the-air-out")
    expect(page.get_by_text("Open the valve.")).to_be_visible()


def test_a_text_that_is_given_a_time_appears_at_it(page: Page, app: Flask, article: int, database: Database) -> None:
    page.goto(f"/staff/articles/{article}/zh/properties?lang=en")
    soon = datetime.now(UTC) + timedelta(minutes=2)
    page.locator("#publish").fill(f"{soon:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    settings = terms(app.config, app.extensions[web.TOKENS])
    Rounds(app.extensions[kb_web.DATABASE], settings, leases.clock).run()
    assert state(database)["放气"] == "draft"
    Rounds(app.extensions[kb_web.DATABASE], settings, lambda _session: soon + timedelta(minutes=1)).run()
    page.goto("/help/zh/放气")
    expect(page.get_by_text("打开阀门。")).to_be_visible()


@pytest.mark.parametrize(("language", "dark"), [("en", False), ("ru", True), ("zh", False)])
def test_no_page_has_a_fault_wide_or_narrow_light_or_dark(page: Page, article: int, language: str, dark: bool) -> None:
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size({"width": 320 if dark else 1280, "height": 900})
    own = [f"/staff/articles/{article}/{name}" for name in ("en/properties", "en/revisions", "visibility", "health")]
    for path in ("/staff/articles", *own, "/staff/trace", "/staff/export", "/staff/replay"):
        page.goto(f"{path}?lang={language}")
        check(page)
    page.goto(f"/staff/articles/{article}/en/revisions")
    page.locator(".revisions h2 a").last.click()
    page.wait_for_url(re.compile(r"/revisions/\d+"))
    check(page)
