"""A reader finds an answer in the help centre without the form, by keyboard, on paper, and in another language."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import VARIANTS, check

pytestmark = pytest.mark.browser


def test_from_the_home_over_a_shelf_to_a_section_of_an_article(open_page: Open) -> None:
    page = open_page("/help?lang=en", script=False)
    page.get_by_role("link", name=re.compile(r"^All 12 articles ?: Controller and app")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Controller and app")
    page.get_by_role("link", name="What do the lights on the controller mean?").click()
    contents = page.get_by_role("navigation", name="On this page")
    contents.get_by_role("link", name="Error codes in the app").click()
    expect(page).to_have_url(re.compile("/help/en/controller-lights#error-codes-in-the-app$"))
    expect(page.get_by_role("heading", name="Error codes in the app")).to_be_in_viewport()
    page.get_by_role("link", name="Русский").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Что означают огоньки на контроллере")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_link_in_an_article_leads_to_the_other_article(open_page: Open) -> None:
    page = open_page("/help/en/controller-lights")
    page.get_by_role("link", name="Refill the tank").click()
    expect(page).to_have_url(re.compile("/help/en/dry-run-protection$"))


def test_the_search_is_reached_and_used_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/help?lang=en")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("winter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("winter")
    expect(page.locator(".entries mark").first).to_be_visible()
    page.locator(".entries a").first.press("Enter")
    expect(page).to_have_url(re.compile("/help/en/"))


def test_a_misspelt_word_is_put_right(open_page: Open) -> None:
    page = open_page("/help/search?lang=en&q=contoller")
    page.locator(".did-you-mean a").click()
    expect(page.get_by_role("searchbox")).to_have_value("controller")
    expect(page.locator(".entries li").first).to_be_visible()


def test_words_that_no_article_has_lead_to_the_form(open_page: Open) -> None:
    page = open_page("/help/search?lang=en&q=zzzzqqq")
    page.get_by_role("main").get_by_role("link", name="Write to us").click()
    expect(page).to_have_url(re.compile(r"/\?lang=en$"))


def test_words_in_another_language_are_found_there(open_page: Open) -> None:
    page = open_page("/help/search?lang=en&q=насос")
    page.get_by_role("link", name=re.compile("^Русский")).last.click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator(".entries li[lang=ru]").first).to_be_visible()


def test_a_printed_article_is_the_article_alone(open_page: Open) -> None:
    page = open_page("/help/en/controller-lights")
    page.emulate_media(media="print")
    for part in (".masthead", ".contents", ".trail", ".reading-foot", ".foot"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".prose table")).to_be_visible()


@VARIANTS
@pytest.mark.parametrize("width", [320, 1280])
def test_shelves_tables_and_lost_readers_pass_the_check(open_page: Open, language: str, dark: bool, width: int) -> None:
    page = open_page(f"/help?lang={language}", dark=dark, width=width)
    check(page)
    page.locator(".shelf-all a").first.click()
    check(page)
    address = page.request.get(f"/help/{language}/nothing-here")
    assert address.status == 404
    page.goto({"en": "/help/en/controller-lights", "ru": "/help/ru/chto-znachat-ogonki", "zh": "/help/zh/zhishideng-hanyi"}[language])
    check(page)
    page.goto(f"/help/{language}/nothing-here")
    check(page)
