"""When the form asks for answers, and which of them count: input methods, slow servers, answers that come too late."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route, expect

from kb import web as kb_web
from tests.journeys.conftest import Open

pytestmark = pytest.mark.browser
HUM = "The pump hums and the light is green but no water comes out of the drippers"
INVOICE = "I need an invoice with our VAT number for the company"
ASKED_AGAIN_MS = 1000
QUIET_MS = 1000
"""Longer than the pause after which the page asks."""


def is_question(request: Request) -> bool:
    return request.url.endswith("/suggestions")


def messages(page: Page) -> list[str]:
    """Collect the messages that the page asks about from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(parse_qs(request.post_data or "").get("message", [""])[0]) if is_question(request) else None)
    return asked


def titles(page: Page) -> str:
    return " ".join(page.locator(".suggestion h3").all_inner_texts())


def test_nothing_is_asked_while_an_input_method_composes(open_page: Open) -> None:
    page = open_page("/?lang=zh", language="zh-CN")
    asked = messages(page)
    page.evaluate("composed = 0; document.addEventListener('input', (event) => { composed += event.isComposing; })")
    keyboard = page.context.new_cdp_session(page)
    page.locator("#message").focus()
    for candidate in ("shui", "shuibeng", "水泵 zaixiang", "水泵在响，但是不出水"):
        keyboard.send("Input.imeSetComposition", {"text": candidate, "selectionStart": len(candidate), "selectionEnd": len(candidate)})
        page.wait_for_timeout(QUIET_MS)
    assert page.evaluate("composed") >= 4
    assert page.locator("#message").input_value() == "水泵在响，但是不出水"
    assert asked == []
    keyboard.send("Input.insertText", {"text": "水泵在响，但是不出水"})
    expect(page.locator(".suggestion").first).to_be_visible()
    assert asked == ["水泵在响，但是不出水"]
    assert page.locator(".suggestion h3").first.get_attribute("lang") == "zh"


class Held:
    """Keeps back the first question until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.first: Route | None = None
        page.route("**/suggestions", self._hold)

    def _hold(self, route: Route) -> None:
        if self.first is None:
            self.first = route
        else:
            route.continue_()

    def let_go(self) -> None:
        """Let the first question through, and wait until its answer has come."""
        assert self.first
        with self.page.expect_event("requestfinished", lambda request: request == self.first.request):
            self.first.continue_()
        self.page.wait_for_timeout(200)


def ask_for_an_invoice(page: Page) -> Held:
    """Ask a first question whose answer does not come, in a browser that cannot call it back."""
    page.add_init_script("AbortController.prototype.abort = () => {};")
    page.reload()
    held = Held(page)
    with page.expect_request(is_question):
        page.fill("#message", INVOICE)
    return held


def test_an_answer_that_comes_after_a_newer_one_is_dropped(open_page: Open) -> None:
    page = open_page()
    held = ask_for_an_invoice(page)
    page.fill("#message", HUM)
    expect(page.locator(".suggestion").first).to_be_visible()
    newer = titles(page)
    assert "water" in newer
    held.let_go()
    assert titles(page) == newer


def test_an_answer_to_a_text_that_is_gone_is_dropped(open_page: Open) -> None:
    page = open_page()
    held = ask_for_an_invoice(page)
    page.fill("#message", "")
    page.wait_for_timeout(QUIET_MS)
    held.let_go()
    expect(page.get_by_role("heading", name="Answers come here")).to_be_visible()
    assert page.locator(".suggestion").count() == 0


def test_a_question_is_called_back_when_the_text_changes(open_page: Open) -> None:
    page = open_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.post_data or "") if is_question(request) else None)
    Held(page)
    with page.expect_request(is_question):
        page.fill("#message", INVOICE)
    page.fill("#message", HUM)
    expect(page.locator(".suggestion").first).to_be_visible()
    assert ["invoice" in body for body in failed] == [True]
    assert "water" in titles(page)


@pytest.fixture
def slow(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that finds an answer, but only after the time for it."""
    suggester = site.extensions[kb_web.SUGGESTER]
    suggest = suggester.suggest
    monkeypatch.setattr(suggester, "suggest", lambda *texts, **options: time.sleep(0.5) or suggest(*texts, **options))
    monkeypatch.setitem(site.config, "SUGGEST_SECONDS", 0.1)
    return


@pytest.mark.usefixtures("slow")
def test_an_answer_that_was_cut_short_is_asked_for_once_more(open_page: Open, site: Flask) -> None:
    page = open_page()
    asked = messages(page)
    with page.expect_response("**/suggestions") as first:
        page.fill("#message", HUM)
    assert first.value.headers["x-cut-short"] == "1"
    expect(page.get_by_role("heading", name="Looking for answers…")).to_be_visible()
    site.config["SUGGEST_SECONDS"] = 5
    expect(page.locator(".suggestion").first).to_be_visible()
    expect(page.locator("#answers")).not_to_have_class("answers-thinking")
    assert asked == [HUM, HUM]


@pytest.mark.usefixtures("slow")
def test_it_is_asked_once_more_only_until_the_text_changes(open_page: Open, site: Flask) -> None:
    page = open_page()
    asked = messages(page)
    page.fill("#message", HUM)
    expect(page.get_by_role("heading", name="Answers are taking a break")).to_be_visible()
    page.wait_for_timeout(2 * ASKED_AGAIN_MS)
    assert asked == [HUM, HUM]
    with page.expect_response("**/suggestions"):
        page.fill("#message", INVOICE)
    site.config["SUGGEST_SECONDS"] = 5
    page.fill("#message", f"{HUM} at all")
    expect(page.locator(".suggestion").first).to_be_visible()
    page.wait_for_timeout(2 * ASKED_AGAIN_MS)
    assert asked == [HUM, HUM, INVOICE, f"{HUM} at all"]
