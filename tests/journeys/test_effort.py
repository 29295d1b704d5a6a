"""What it costs to send: clicks, keys and fields from the empty form to the page that says it was sent, held against a plain form's."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Open
from tests.journeys.test_form import HUM

pytestmark = pytest.mark.browser
PLAIN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Contact</title><meta name="viewport" content="width=device-width"></head><body>
<h1>Contact</h1><form action="/plain" method="post" enctype="multipart/form-data">
<p><label>Subject <input name="subject"></label></p><p><label>Message <textarea name="message" required></textarea></label></p>
<p><label>Topic <select name="topic"><option>Choose</option><option>Pump</option></select></label></p><p><label>Files <input type="file" multiple></label></p>
<p><label>Name <input name="name"></label></p><p><label>E-mail <input name="email" type="email" required></label></p>
<p><button>Send</button></p></form></body></html>"""
TEXTS = {"message": HUM, "email": "anna@customer.example"}
NOTHING = "Zebra quilts"
PATIENCE_MS = 120_000
FOCUSED = "document.activeElement.name || document.activeElement.innerText || ''"
MOST_STOPS = 60


@dataclass
class Effort:
    """What a person did: ``fields`` filled in, ``clicks`` of a pointer or ``keys`` that move or send, and ``pages`` seen after the first one."""

    fields: int = 0
    clicks: int = 0
    keys: int = 0
    pages: int = 0


@dataclass
class Person:
    """Somebody who fills in only what a form demands."""

    page: Page
    text: str = HUM

    def point(self) -> Effort:
        """Send with a pointer."""
        effort = Effort()
        for name in self._demanded():
            self.page.locator(f"[name={name}]").click()
            effort.clicks += 1
            self._type(name, effort)
        self._press("Send")
        effort.clicks, effort.pages = effort.clicks + 1, 1
        while not self._is_sent():
            self._press("Send anyway")
            effort.clicks, effort.pages = effort.clicks + 1, effort.pages + 1
        return effort

    def keys(self) -> Effort:
        """Send with the keyboard, from the first field that is demanded on; a link that leads past the answers is taken."""
        effort, demanded = Effort(), self._demanded()
        self.page.locator(f"[name={demanded[0]}]").focus()
        self._type(demanded[0], effort)
        for name in demanded[1:]:
            while (at := self.page.evaluate(FOCUSED)) != name:
                assert effort.keys < MOST_STOPS, at
                self.page.keyboard.press("Enter" if at.startswith("Go on to your details") else "Tab")
                effort.keys += 1
            self._type(name, effort)
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            self.page.keyboard.press("Enter")
        effort.keys, effort.pages = effort.keys + 1, 1
        assert self._is_sent()
        return effort

    def _demanded(self) -> list[str]:
        return [str(name) for name in self.page.locator("form:has(textarea) [required]:visible").evaluate_all("all => all.map(each => each.name)")]

    def _type(self, name: str, effort: Effort) -> None:
        self.page.keyboard.type({**TEXTS, "message": self.text}[name])
        effort.fields += 1
        if name == "message" and self.page.locator("answer-list").count():
            self._wait_for_answers()

    def _wait_for_answers(self) -> None:
        """Wait until the page has said what it has to say, so that it stands in the way as much as it can."""
        if self.page.evaluate("'customElements' in window && !!customElements.get('answer-list')"):
            there = self.page.locator(".suggestion").first if self.text == HUM else self.page.get_by_role("heading", name="No answer for this yet")
            expect(there).to_be_visible()

    def _press(self, name: str) -> None:
        with self.page.expect_navigation(timeout=PATIENCE_MS):
            self.page.get_by_role("button", name=name, exact=True).last.click()

    def _is_sent(self) -> bool:
        return re.search(r"/requests/T-|/plain$", self.page.url) is not None and self.page.locator("form textarea[required]").count() == 0


def plain(open_page: Open, **device: object) -> Page:
    """Open a form as anybody would write one, with the same fields."""

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=PLAIN if route.request.method == "GET" else "<h1>Thank you</h1>")

    page = open_page("/", **device)
    page.route("**/plain", answer)
    page.goto("/plain")
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_sending_costs_no_click_no_field_and_no_page_more_than_a_plain_form(width: int, open_page: Open) -> None:
    bare = Person(plain(open_page, width=width)).point()
    assert bare == Effort(fields=2, clicks=3, pages=1)
    for text in (HUM, NOTHING):
        assert Person(open_page(width=width), text).point() == bare
    assert Person(open_page(width=width, script=False), NOTHING).point() == bare
    # Without a script the answers can only come between: that is the one press more, and only where there are any.
    assert Person(open_page(width=width, script=False), HUM).point() == Effort(fields=2, clicks=4, pages=2)


def test_sending_by_keyboard_costs_no_key_more_and_past_answers_only_what_they_offer(open_page: Open) -> None:
    bare = Person(plain(open_page)).keys()
    assert Person(open_page(), NOTHING).keys() == bare
    shown = Person(open_page(), HUM).keys()
    assert (shown.fields, shown.pages) == (bare.fields, bare.pages)
    assert shown.keys <= bare.keys + 4  # The link past the answers, which is taken, and the two buttons of the topic that is proposed.
