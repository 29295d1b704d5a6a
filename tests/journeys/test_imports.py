"""A lead brings in an export in a real browser: sees what would change, confirms it, watches it, and customers read it."""

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from kb import web as kb_web
from kb.database import Database
from kb.import_keeping import attend
from kb.imports import import_articles
from tests.journeys.test_desk import Desk
from tests.journeys.test_desk import desk_site as desk_site
from tests.journeys.test_desk import open_desk as open_desk
from tests.kb.foreign_exports import zendesk
from webform.leases import clock

pytestmark = pytest.mark.browser


def assert_open_to_all(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_lead_brings_in_an_export_customers_read_it_and_it_goes_out_again(desk_site: Flask, open_desk: Desk, tmp_path: Path) -> None:
    database: Database = desk_site.extensions[kb_web.DATABASE]
    zendesk(tmp_path / "export")
    (tmp_path / "export" / "broken.json").write_text("{")
    packed = shutil.make_archive(str(tmp_path / "export"), "zip", tmp_path / "export")
    page = open_desk("/staff/import", width=320)
    page.goto("/staff/import")
    assert_open_to_all(page)
    page.locator("#export").set_input_files(packed)
    page.locator("main form button.button").click()
    page.wait_for_url("**/staff/import/1")
    expect(page.locator("progress")).to_be_visible()
    assert_open_to_all(page)
    with attend(database, clock, "one"):
        bring = page.locator("button[value=import]")
        expect(bring).to_be_visible(timeout=120_000)  # The page comes again by itself when the look is over.
        expect(page.locator(".import-changes tbody tr")).to_have_count(5)
        assert_open_to_all(page)
        bring.click()
        expect(page.get_by_role("heading", name="It was brought in")).to_be_visible(timeout=120_000)
    assert_open_to_all(page)
    page.goto("/help/zh/水泵嗡嗡响")
    expect(page.locator("article img, main img").first).to_be_visible()
    assert page.locator("main img").first.evaluate("image => image.complete && image.naturalWidth") == 60
    page.goto("/staff/articles?q=zendesk-101")
    page.get_by_role("link", name="Export what was found").click()
    assert_open_to_all(page)
    page.get_by_label("As what").select_option("zendesk")
    with page.expect_download(timeout=120_000) as started:
        page.get_by_role("button", name="Download as a zip").click()
    started.value.save_as(tmp_path / "out.zip")
    assert {"articles-1.json", "translations-1.json", "sections.json"} < set(zipfile.ZipFile(tmp_path / "out.zip").namelist())
    again = import_articles(database, tmp_path / "out.zip", now=datetime.now(UTC))
    assert (again.unchanged, again.failures) == (3, [])
