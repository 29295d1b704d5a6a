"""A translation goes out of date and is repaired, in a real browser; the pages of translations are accessible and fit."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from kb import web as kb_web
from kb.articles import Status, find_translation, save_translation
from kb.database import Database
from tests.journeys.test_desk import Desk, desk_site, open_desk

__all__ = ["desk_site", "open_desk"]
pytestmark = pytest.mark.browser

BODIES = {
    "en": "Intro.\n\n## Reset\n\nHold the key for 3 seconds.\n\n## Clean\n\nRinse the filter.\n",
    "ru": "Начало.\n\n## Сброс\n\nДержите кнопку 3 секунды.\n\n## Чистка\n\nПромойте фильтр.\n",
    "zh": "介绍。\n\n## 复位\n\n按住按钮3秒。\n\n## 清洗\n\n冲洗滤网。\n",
    "ar": "مقدمة.\n\n## إعادة الضبط\n\nاضغط لمدة 3 ثوان.\n\n## التنظيف\n\nاشطف الفلتر.\n",
}


def furnish(site: Flask) -> int:
    """Publish an article in four languages."""
    database: Database = site.extensions[kb_web.DATABASE]
    with database.writing() as session:
        for language, body in BODIES.items():
            named = {"external_id": "reset", "language": language, "title": f"Reset ({language})"}
            made = save_translation(
                session, **named, body=body, status=Status.PUBLISHED, author="anna", now=datetime.now(UTC) - timedelta(days=2)  # type: ignore[arg-type]
            )  # fmt: skip
        return made.article_id


def check(page: Page, width: int) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def read(site: Flask, language: str) -> str:
    with site.extensions[kb_web.DATABASE].reading() as session:
        found = find_translation(session, "reset", language)
        assert found is not None
        return f"/help/{language}/{found.slug}"


def test_a_translation_goes_out_of_date_and_is_repaired(desk_site: Flask, open_desk: Desk) -> None:
    article = furnish(desk_site)
    page = open_desk("/staff/translations")
    expect(page.get_by_role("link", name="Russian, up to date: 1", exact=True)).to_be_visible()
    with desk_site.extensions[kb_web.DATABASE].writing() as session:  # As a publication, an import or a schedule does.
        body = BODIES["en"].replace("3 seconds", "10 seconds")
        save_translation(
            session, external_id="reset", language="en", title="Reset (en)", body=body, status=Status.PUBLISHED, author="anna", now=datetime.now(UTC)
        )
    page.goto(read(desk_site, "ru"))
    expect(page.locator(".reading-facts").get_by_role("link", name="English")).to_have_count(2)
    page.goto("/staff/translations")
    page.get_by_role("link", name="Russian, out of date: 1", exact=True).click()
    page.get_by_role("link", name="Reset (en)").click()
    expect(page.get_by_role("heading", name="The source was changed in substance")).to_be_visible()
    expect(page.locator(".side-work ins")).to_have_text("10")
    check(page, 1280)
    passage = page.get_by_label("Сброс")
    passage.fill(passage.input_value().replace("3 секунды", "10 секунд"))
    page.get_by_role("button", name="Save as up to date").click()
    expect(page.get_by_text("Saved. Customers read it once it is published.")).to_be_visible()
    page.get_by_role("button", name="Publish what is saved").click()
    expect(page.get_by_text("Published. Customers read it from now on.")).to_be_visible()
    expect(page.locator(".tag").filter(has_text="up to date")).to_be_visible()
    page.goto(read(desk_site, "ru"))
    expect(page.get_by_text("Держите кнопку 10 секунд.")).to_be_visible()
    expect(page.locator(".reading-facts").get_by_role("link", name="English")).to_have_count(1)
    page.goto(f"/staff/articles/{article}/translations?from=en&to=zh")
    page.get_by_role("button", name="The change is minor, for every language").click()
    expect(page.get_by_text("The change counts as minor")).to_be_visible()
    page.goto("/staff/translations")
    expect(page.get_by_role("link", name="Arabic, up to date: 1", exact=True)).to_be_visible()


@pytest.mark.parametrize(("width", "dark", "speaks"), [(1280, True, "zh"), (320, False, "ru")])
def test_the_pages_of_translations_are_accessible_and_fit(width: int, dark: bool, speaks: str, desk_site: Flask, open_desk: Desk) -> None:
    article = furnish(desk_site)
    with desk_site.extensions[kb_web.DATABASE].writing() as session:
        body = BODIES["en"].replace("3 seconds", "10 seconds").replace("## Clean\n\nRinse the filter.\n", "## Store\n\nKeep it dry, far from frost and sun.\n")
        save_translation(
            session, external_id="reset", language="en", title="Reset (en)", body=body, status=Status.PUBLISHED, author="anna", now=datetime.now(UTC)
        )
    page = open_desk("/staff/translations", width=width, dark=dark)
    sides = f"/staff/articles/{article}/translations?from=en&lang={speaks}"
    for path in ("/staff/translations?language=ru&state=late", f"{sides}&to=ar", f"{sides}&to=zh&whole=1", f"{sides}&to=he"):
        page.goto(path)
        check(page, width)
