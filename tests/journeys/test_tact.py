"""Texts that must reach a person, and articles that were read, in a real browser with and without a script."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from deflection.events import Kind
from deflection.visits import find_visit
from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import check
from tests.journeys.test_form import HUM, kinds, wait_for
from webform.tickets import Ticket

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru", "zh"])
URGENT = {
    "en": "You charged my card twice for one hose",
    "ru": "С моей карты дважды списали деньги за заказ",
    "zh": "同一个订单扣款两次，请马上退款",
}
CALM = {"en": "This goes straight to a person", "ru": "Это сразу прочитает человек", "zh": "这条消息直接交给工作人员"}


def stored(database: Database, words: str) -> Ticket:
    with database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.message == words)).one()
        session.expunge(ticket)
        return ticket


def main_buttons(page: Page) -> Locator:
    """The buttons that look like the one to press."""
    return page.locator("main .button:not(.button-second, .button-quiet)").filter(visible=True)


@LANGUAGES
def test_an_urgent_text_shows_a_calm_line_is_spoken_and_send_is_the_main_button(open_page: Open, site: Flask, site_database: Database, language: str) -> None:
    words = f"{URGENT[language]} ({language}, 1)"
    page = open_page(f"/?lang={language}", width=320 if language == "ru" else 1280, dark=language == "zh")
    page.locator("#message").fill(words)
    expect(page.locator("#answers h2")).to_have_text(CALM[language])
    expect(page.locator(".suggestion")).to_have_count(0)
    expect(page.locator("[role=status]").filter(has_text=CALM[language])).to_have_count(1)
    expect(page.locator("#message")).to_be_focused()
    expect(main_buttons(page)).to_have_count(1)
    assert main_buttons(page).get_attribute("id") == "send"
    check(page)
    assert kinds(site_database, site, page) == {}
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    assert stored(site_database, words).urgent == "Charged twice"


@LANGUAGES
def test_without_a_script_an_urgent_text_is_sent_at_once(open_page: Open, site_database: Database, language: str) -> None:
    words = f"{URGENT[language]} ({language}, 2)"
    page = open_page(f"/?lang={language}", script=False)
    page.locator("#message").fill(words)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    assert stored(site_database, words).urgent == "Charged twice"


def test_suggestions_make_way_when_the_text_becomes_urgent_and_come_back_when_it_is_not(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    page.locator("#message").fill(HUM)
    expect(page.locator(".suggestion").first).to_be_visible()
    page.locator("#message").fill(HUM + ". And you charged me twice for it")
    expect(page.locator("#answers h2")).to_have_text(CALM["en"])
    with site_database.reading() as session:
        token = site.extensions["webform.tokens"].read_visit(page.locator("#ask input[name=visit]").input_value(), hours=24)
        visit = find_visit(session, token)
        assert visit
        assert visit.straight
    page.locator("#message").fill(HUM)
    expect(page.locator(".suggestion").first).to_be_visible()


def read_first(page: Page, site: Flask, database: Database) -> str:
    """Open the first answer until it counts as read, and close it again."""
    first = page.locator(".suggestion").first
    title = first.locator("h3").inner_text()
    before = kinds(database, site, page).get(Kind.READ, 0)
    first.locator("summary").click()
    for _ in range(75):
        if kinds(database, site, page).get(Kind.READ, 0) > before:
            break
        page.wait_for_timeout(200)
    first.locator("summary").click()
    return title


def test_an_article_that_was_read_is_not_shown_again_and_when_all_were_the_form_says_so(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    page.locator("#message").fill(HUM)
    expect(page.locator(".suggestion").first).to_be_visible()
    titles = []
    while page.locator(".suggestion").count():
        shown = page.locator(".suggestion").count()
        titles.append(read_first(page, site, site_database))
        page.locator("#subject").fill("pump" * len(titles))
        expect(page.locator(".suggestion")).to_have_count(shown - 1)
        assert titles[-1] not in page.locator(".suggestion h3").all_inner_texts()
        assert len(titles) <= 3
    wait_for(Kind.READ, site_database, site, page)
    expect(page.locator("#answers h2")).to_have_text("You have read what we know about this")
    expect(page.locator("[role=status]").filter(has_text="You have read what we know about this")).to_have_count(1)
    assert sorted(title for title in titles) == sorted(text.split("\n")[0] for text in page.locator(".read-before a").all_inner_texts())
    assert main_buttons(page).get_attribute("id") == "send"
    check(page)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_an_article_read_in_the_help_centre_is_not_suggested_by_the_form_it_leads_to(open_page: Open, script: bool) -> None:
    page = open_page("/help/en/pump-runs-but-no-water", script=script)
    if page.locator("h1").inner_text() != "The pump runs but no water comes out":
        page.goto("/help/search?q=pump+runs+but+no+water+comes+out&lang=en")
        page.get_by_role("link", name="The pump runs but no water comes out").first.click()
    page.get_by_role("main").get_by_role("link", name="Write to us").click()
    page.locator("#message").fill(HUM)
    page.locator("#email").fill("anna@customer.example")
    if not script:
        page.locator("#send").click()
    expect(page.locator(".suggestion").first.or_(page.locator("[data-still=read]")).first).to_be_visible()
    assert "The pump runs but no water comes out" not in page.locator(".suggestion h3").all_inner_texts()


def test_without_a_script_the_page_in_between_says_that_all_was_read(open_page: Open) -> None:
    page = open_page(script=False)
    page.locator("#message").fill(HUM)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    numbers = [each.get_attribute("data-article") for each in page.locator(".suggestion").all()]
    page.goto(f"/?read={','.join(filter(None, numbers))}")
    page.locator("#message").fill(HUM)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    expect(page.get_by_role("heading", name="You have read what we know about this")).to_be_visible()
    expect(page.locator(".suggestion")).to_have_count(0)
    expect(main_buttons(page)).to_have_text("Send")
    main_buttons(page).click()
    expect(page).to_have_url(re.compile(r"/requests/T-"))
