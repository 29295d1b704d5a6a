"""A reader searches while typing, copies a link to a passage, says whether the article helped, and goes on to a person; with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import VARIANTS, check

pytestmark = pytest.mark.browser
ARTICLE = "/help/en/controller-lights"
FIRST = {"en": ARTICLE, "ru": "/help/ru/chto-znachat-ogonki", "zh": "/help/zh/zhishideng-hanyi"}


def test_what_is_being_typed_is_found_gone_through_by_keyboard_and_come_back_to(open_page: Open) -> None:
    page = open_page("/help?lang=en")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("red lig")
    first = page.locator(".at-once a").first
    expect(first).to_be_visible()
    expect(page.locator("instant-search [role=status]")).to_contain_text("Press the down arrow")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".at-once")).to_be_hidden()
    page.keyboard.type("ht")
    page.locator(".at-once a").first.click()
    expect(page).to_have_url(re.compile("/help/en/[a-z-]+$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/help/search\?q=red\+light&lang=en$"))
    expect(page.locator(".entries mark").first).to_be_visible()


def test_what_is_found_nowhere_goes_on_to_the_form_with_its_words(open_page: Open) -> None:
    for script in (True, False):
        page = open_page("/help/search?lang=en&q=zzzz+qqqq", script=script)
        page.get_by_role("button", name="Ask a person").click()
        expect(page.get_by_label("What is happening?")).to_have_value("zzzz qqqq")
        assert "zzzz" not in page.url
        expect(page.locator(".message-alert, .wrong").filter(visible=True)).to_have_count(0)


def test_a_link_to_a_passage_is_reached_by_keyboard_and_copied(open_page: Open) -> None:
    page = open_page(ARTICLE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = page.get_by_role("heading", name="Error codes in the app").get_by_role("link", name="Error codes in the app")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#error-codes-in-the-app$"))
    expect(page.locator("#said")).to_have_text("The link to this passage is copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_no_with_its_reason_leads_to_the_form_that_knows_the_article(open_page: Open, script: bool) -> None:
    page = open_page(ARTICLE, script=script)
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_role("button", name="It did not help after all").click()
    page.get_by_role("button", name="Too long").click()
    heading = page.locator("#helpful").get_by_role("heading", name="Thank you. That helps us to write it better.")
    expect(heading).to_be_visible()
    expect(page.locator("#helpful")).to_be_focused() if script else expect(page).to_have_url(re.compile(r"\?said=reason#helpful$"))
    page.locator("#helpful").get_by_role("link", name="Write to us").click()
    expect(page).to_have_url(re.compile(r"/\?lang=en&read=\d+$"))
    expect(page.locator("input[name=read]")).to_have_count(1)


def test_what_is_about_the_same_stands_below_and_not_on_paper(open_page: Open) -> None:
    page = open_page(ARTICLE)
    page.locator(".related-list a").first.click()
    expect(page).not_to_have_url(re.compile(f"{ARTICLE}$"))
    page.emulate_media(media="print")
    for part in (".related, .helpful", ".anchor"):
        expect(page.locator(part).first).to_be_hidden()


@VARIANTS
def test_search_while_typing_votes_and_nothing_found_pass_the_check(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/help?lang={language}", dark=dark, width=320 if dark else 1280)
    page.get_by_role("searchbox").fill({"en": "pump", "ru": "насос", "zh": "水泵"}[language])
    expect(page.locator(".at-once a").first).to_be_visible()
    check(page)
    page.goto(FIRST[language])
    page.locator("#helpful button").nth(1).click()
    expect(page.locator("#helpful .reasons")).to_be_visible()
    check(page)
    page.goto(f"/help/search?lang={language}&q=zzzzqqq")
    check(page)
    page.goto(f"/help/search?lang={language}&q={'pump' if language == 'en' else 'насос' if language == 'ru' else '水泵'}")
    expect(page.locator(".facets")).to_be_visible()
    check(page)
