"""An automatic accessibility check finds nothing on any public page, in any language, in light and dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.browser
TEXTS = {
    "en": "The pump hums and the light is green but no water comes out of the drippers",
    "ru": "Насос гудит, лампочка зелёная, но вода из капельниц не идёт",
    "zh": "水泵在响，绿灯亮着，但是滴头不出水",
}
BOTH = [(language, dark) for language in TEXTS for dark in (False, True)]
VARIANTS = pytest.mark.parametrize(("language", "dark"), BOTH, ids=[f"{language}-{'dark' if dark else 'light'}" for language, dark in BOTH])
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def check(page: Page) -> None:
    """Open every disclosure and let axe look; no page scrolls sideways."""
    page.evaluate("for (const answer of document.querySelectorAll('details')) { answer.removeAttribute('name'); answer.open = true; }")
    page.wait_for_timeout(250)
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], [node["html"][:200] for node in violation["nodes"]]) for violation in found] == []
    assert not page.evaluate(SIDEWAYS)


@VARIANTS
def test_the_form_with_answers(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/?lang={language}", dark=dark, width=320 if dark else 1280)
    check(page)
    page.locator("#message").press_sequentially(TEXTS[language])
    unfold = page.locator("[data-part=unfold]")  # Where the answers would push away what is on the screen, they wait to be asked for.
    expect(page.locator(".suggestion").first.or_(unfold).filter(visible=True).first).to_be_visible()
    check(page)
    if unfold.is_visible():
        unfold.click()
    expect(page.locator(".suggestion").first).to_be_visible()
    check(page)


@VARIANTS
def test_the_form_that_was_refused(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/?lang={language}", dark=dark, width=320)
    page.fill("#email", "anna@")
    page.locator("#send").click()
    expect(page.locator("#notice")).to_be_focused()
    check(page)


@VARIANTS
def test_before_sending_solved_and_sent(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/?lang={language}", dark=dark)
    page.locator("#message").fill(TEXTS[language])
    page.locator("#email").fill("anna@customer.example")
    page.evaluate("for (const field of document.querySelectorAll('[name=confirmed], [name=scripted]')) field.remove()")
    page.locator("#send").click()
    expect(page.locator("#again")).to_be_visible()
    check(page)
    page.locator("button[name=solved]").first.click()
    expect(page.locator("button[name=unsolved]")).to_be_visible()
    check(page)
    page.go_back()
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(re.compile("/requests/T-"))
    check(page)


@VARIANTS
@pytest.mark.parametrize("path", ["/help", "/help/search?q=pump", f"/help/search?q={'zq' * 90}", "/nothing-here", "/requests/T-AAAAAA?key=no"])
def test_other_public_pages(open_page: Open, language: str, dark: bool, path: str) -> None:
    check(open_page(f"{path}{'&' if '?' in path else '?'}lang={language}", dark=dark, width=320))


@VARIANTS
def test_an_article(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/?lang={language}", dark=dark)
    page.locator("#message").press_sequentially(TEXTS[language])
    page.locator("summary").first.click()
    page.goto(page.locator(".verdict a").first.get_attribute("href") or "")
    check(page)
    page.set_viewport_size({"width": 320, "height": 640})
    check(page)
