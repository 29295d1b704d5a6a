"""The form on a page of another site, under the strictest content policy, in a browser that blocks storage of third parties."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from webform.embedding import parse_sites

HUM = "the pump hums but no water comes out"


class Shop(BaseHTTPRequestHandler):
    """Another site: ``/inline``, ``/button`` and ``/link`` show the form in one way each, ``/hostile`` listens and shouts."""

    home = ""

    def do_GET(self) -> None:
        element = {
            "/inline": f'<contact-form language="ru" message="{HUM}" mode="answers"><a href="{self.home}/">Contact us</a></contact-form>',
            "/button": '<contact-form display="button" topic="pump"></contact-form>',
            **{f"/{mode}": f'<contact-form mode="{mode}" message="{HUM}"></contact-form>' for mode in ("answers", "equal", "form")},
            "/link": f'<contact-form display="link" topic="pump"><a href="{self.home}/">Write to us</a></contact-form>',
        }[self.path]
        direction = "rtl" if self.path in {"/form", "/button"} else "ltr"
        script = f'<script src="{self.home}/embed.js" async></script>'
        page = f'<!doctype html><html lang="en" dir="{direction}"><title>Shop</title><main><h1>Shop</h1>{element}</main>{script}</html>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src {self.home}/embed.js; frame-src {self.home}")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of another site, which is allowed to show the form."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Shop,), {"home": site.config["BASE_URL"]}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://localhost:{server.server_port}"  # Another name than the form's: another site to the browser.
    monkeypatch.setitem(site.config, "EMBED_SITES", parse_sites(address))
    yield address
    server.shutdown()
    thread.join(60)
    server.server_close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(30_000)
        # What a browser that blocks the storage of third parties does in their frames.
        context.add_init_script(
            "if (self !== top) for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) "
            "Object.defineProperty(self, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });"
        )
        yield context
        assert context.cookies() == []


def faults(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_in_the_page_it_grows_with_its_answers_and_a_request_is_sent(shop: str, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    wrong = faults(page)
    page.goto(f"{shop}/inline")
    frame = page.frame_locator("contact-form iframe")
    expect(frame.locator("#message")).to_have_value(HUM)
    expect(frame.locator("html")).to_have_attribute("lang", "ru")
    expect(frame.locator("#answers details").first).to_be_visible()
    assert "hums" not in " ".join(each.url for each in page.frames)
    page.wait_for_function("(() => { const f = document.querySelector('contact-form').shadowRoot.querySelector('iframe'); return f.clientHeight > 700 })()")
    inner = page.frames[1]
    assert inner.evaluate("document.documentElement.scrollHeight <= innerHeight + 1"), "the frame scrolls inside itself"
    assert inner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe = Axe()
    assert axe.run(page).response["violations"] == []
    page.evaluate("document.addEventListener('contact-form-sent', () => document.body.dataset.sent = 'yes')")
    frame.locator("#email").fill("anna@customer.example")
    frame.locator("#send").click()
    expect(frame.locator(".reference")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-sent", "yes")
    assert wrong == []


def test_the_button_opens_a_dialog_that_keyboards_can_leave(shop: str, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    wrong = faults(page)
    page.goto(f"{shop}/button")
    page.get_by_role("button", name="Contact us").press("Enter")
    frame = page.frame_locator("contact-form iframe")
    expect(frame.locator("#topic")).to_have_value("pump")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    frame.locator("#message").fill("the fence is loose")
    frame.locator("#message").press("Escape")
    expect(page.locator("contact-form iframe")).to_be_hidden()
    expect(page.get_by_role("button", name="Contact us")).to_be_focused()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Contact us").press("Enter")
    expect(frame.locator("#message")).to_have_value("the fence is loose")
    places = [page.get_by_role(role, name="Contact us").bounding_box() for role in ("button", "dialog")]
    assert all(place and place["x"] < 640 for place in places), "both stand where the lines of the page end"
    page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("button", name="Contact us")).to_be_focused()
    page.goto(f"{shop}/link")
    expect(page.get_by_role("link", name="Write to us")).to_have_attribute("href", lambda_url := page.get_by_role("link").get_attribute("href") or "")
    assert "topic=pump" in lambda_url
    assert "embed=" not in lambda_url
    assert wrong == []


def test_a_site_that_is_not_allowed_shows_nothing(site: Flask, shop: str, visitor: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(site.config, "EMBED_SITES", ())
    page = visitor.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{shop}/inline")
    page.wait_for_timeout(1500)
    assert any("frame-ancestors" in text for text in refused)
    assert not page.frames[1].query_selector("#message")


@pytest.mark.parametrize(
    ("mode", "size", "folded"),
    [("answers", (390, 844), False), ("form", (1280, 800), True), ("equal", (1280, 800), False), ("equal", (390, 500), False), ("equal", (390, 1700), True)],
)
def test_each_mode_shows_first_what_it_is_called(shop: str, visitor: BrowserContext, mode: str, size: tuple[int, int], folded: bool) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{shop}/{mode}")
    frame = page.frame_locator("contact-form iframe")
    expect(frame.locator("answer-list h2")).to_contain_text("may help")
    expect(frame.locator("[data-part=unfold]")).to_be_visible(visible=folded)
    expect(frame.locator("summary").first).to_be_visible(visible=not folded)
    page.keyboard.press("Tab")
    expect(frame.locator("#subject")).to_be_focused()  # By keyboard alone the frame is no trap and no hurdle.
    if folded:
        frame.locator("[data-part=unfold]").press("Enter")
        expect(frame.locator("summary").first).to_be_focused()
    frame.locator("#email").focus()
    page.keyboard.type("anna@customer.example")
    page.keyboard.press("Enter")
    expect(frame.locator(".reference")).to_be_visible()


def test_without_a_script_the_link_inside_leads_to_the_form(shop: str, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{shop}/inline")
        page.get_by_role("link", name="Contact us").press("Enter")
        expect(page.locator("#message")).to_be_visible()
