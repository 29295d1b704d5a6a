"""A writer finds what deserves an hour, reads why, looks at the article's health, and puts the task aside, in a real browser."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import expect

from kb import web as kb_web
from tests.journeys.test_desk import Desk, desk_site, open_desk  # noqa: F401 - fixtures
from tests.webform.test_work_list import furnish

pytestmark = pytest.mark.browser


def test_a_writer_takes_the_task_that_helps_most_and_puts_it_aside(desk_site: Flask, open_desk: Desk) -> None:  # noqa: F811 - fixtures
    failing = furnish(desk_site.extensions[kb_web.DATABASE], datetime.now(UTC))
    page = open_desk("/staff/work", width=320)
    first = page.locator(".work > li").first
    expect(first).to_contain_text("Check what has changed")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    first.get_by_role("link", name="Health").click()
    expect(page.get_by_role("note")).to_contain_text("It solves less than it did, in English.")
    page.get_by_text("The chart as a table").click()
    expect(page.locator("#weeks-table table")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/staff/work")
    page.locator(".work > li").first.get_by_role("button", name="Done").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It stays away until")
    expect(page.locator(".work > li")).to_have_count(2)  # What else the text calls for, and its translation.
    expect(page.locator(f'[value="decayed:{failing}:en"]')).to_have_count(1)  # Among what is put aside.
