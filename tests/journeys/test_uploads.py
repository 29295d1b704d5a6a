"""Files go up while the rest is written: chosen, dragged, pasted, through a connection that is lost and a page that is loaded again."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import check
from tests.webform.sending import PNG
from webform.attachments import Attachment
from webform.tickets import Ticket

BRING = """([kind, name, type, bytes, place]) => {
  const brought = new DataTransfer();
  brought.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const target = document.querySelector(place);
  if (kind === "paste") target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: brought, bubbles: true, cancelable: true }));
  else for (const each of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(each, { dataTransfer: brought, bubbles: true, cancelable: true }));
}"""

LONG = "a-very-long-name-of-a-note-that-somebody-wrote-down-at-night.txt"


def bring(page: Page, kind: str, name: str, content: bytes, media: str = "image/png", place: str = "#message") -> None:
    page.evaluate(BRING, [kind, name, media, list(content), place])


def ready(page: Page) -> list[str]:
    return page.locator("file-uploads li:has(input[name=kept]) bdi").all_inner_texts()


def test_files_that_are_chosen_dragged_and_pasted_arrive_with_one_click(open_page: Open, site_database: Database) -> None:
    page = open_page()
    page.fill("#message", "The valve drips")
    page.fill("#email", "uma@customer.example")
    page.set_input_files("#attachments", {"name": "note.txt", "mimeType": "text/plain", "buffer": b"serial 4711"})
    bring(page, "drop", "valve.png", PNG, place="h1")  # Beside the form: it must not open in its place.
    expect(page.locator("input[name=kept]")).to_have_count(2)
    bring(page, "paste", "screenshot.png", PNG)
    bring(page, "drop", "virus.exe", b"MZ")
    expect(page.get_by_text("instead of “virus.exe”")).to_be_visible()
    expect(page.locator("input[name=kept]")).to_have_count(3)
    page.get_by_role("button", name="Remove virus.exe").click()
    page.get_by_role("button", name="Remove screenshot.png").click()
    expect(page.locator("file-uploads li")).to_have_count(2)
    expect(page.locator("#file-status")).to_contain_text("screenshot.png was removed")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    with site_database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.email == "uma@customer.example")).one()
        names = session.scalars(select(Attachment.filename).where(Attachment.ticket_id == ticket.id).order_by(Attachment.filename)).all()
    assert list(names) == ["note.txt", "valve.png"]


@pytest.mark.parametrize("width", [360])
def test_a_file_survives_a_lost_connection_a_mistake_and_a_page_that_is_loaded_again(open_page: Open, site: Flask, width: int) -> None:
    page = open_page(width=width)
    page.context.set_offline(True)
    page.set_input_files("#attachments", {"name": LONG, "mimeType": "text/plain", "buffer": b"4711"})
    expect(page.get_by_text("waits for the connection")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.set_offline(False)
    expect(page.locator("input[name=kept]")).to_have_count(1)
    page.reload()
    expect(page.locator("input[name=kept]")).to_have_count(1)
    page.fill("#message", "The valve drips")
    page.fill("#email", "uma@")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing was sent yet")).to_be_visible()
    assert ready(page) == [LONG]
    page.wait_for_load_state("load")  # Scripts that were still on their way would never come.
    page.context.set_offline(True)
    page.set_input_files("#attachments", {"name": "late.txt", "mimeType": "text/plain", "buffer": b"4712"})
    expect(page.get_by_text("waits for the connection")).to_be_visible()
    page.route("**/uploads*", lambda route: route.abort())  # It never goes up by itself, and goes with Send.
    page.context.set_offline(False)
    page.fill("#email", "uma-2@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    expect(page.get_by_text("late.txt")).to_be_visible()
    expect(page.get_by_text("a-very-long-name")).to_be_visible()


def test_on_the_page_of_a_request_files_and_words_survive_the_same(open_page: Open, site_database: Database) -> None:
    page = open_page(width=360)
    page.fill("#message", "The zebra drips")
    page.fill("#email", "uma-3@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    page.wait_for_load_state("load")
    page.context.set_offline(True)
    page.set_input_files("#attachments", {"name": LONG, "mimeType": "text/plain", "buffer": b"4711"})
    expect(page.get_by_text("waits for the connection")).to_be_visible()
    page.fill("#message", "It still drips")
    check(page)
    page.context.set_offline(False)
    expect(page.locator("input[name=kept]")).to_have_count(1)
    page.reload()
    expect(page.locator("#message")).to_have_value("It still drips")
    assert ready(page) == [LONG]
    page.fill("#message", "x" * 10_001)
    page.get_by_role("button", name="Add it to my request").press("Enter")
    expect(page.get_by_role("heading", name="Nothing was added yet")).to_be_visible()
    page.wait_for_load_state("load")
    bring(page, "drop", "valve.png", PNG)
    expect(page.locator("input[name=kept]")).to_have_count(2)
    page.get_by_role("button", name=f"Remove {LONG}").press("Enter")
    expect(page.get_by_role("button", name="Remove valve.png")).to_be_focused()
    page.fill("#message", "It still drips a little")
    page.get_by_role("button", name="Add it to my request").press("Enter")
    expect(page.locator("#added + ol")).to_contain_text("It still drips a little")
    expect(page.get_by_role("link", name="valve.png")).to_be_visible()
    page.reload()
    expect(page.locator("#message")).to_have_value("")
    assert ready(page) == []
    with site_database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.email == "uma-3@customer.example")).one()
        assert session.scalars(select(Attachment.filename).where(Attachment.ticket_id == ticket.id)).all() == ["valve.png"]


def test_without_a_script_a_file_comes_along_and_waits_after_a_mistake(open_page: Open) -> None:
    page = open_page("/?topic=billing", script=False, width=320, dark=True)
    page.locator("#message").fill("The zebra drips on the invoice")
    page.locator("#attachments").set_input_files({"name": LONG, "mimeType": "text/plain", "buffer": b"4711"})
    page.locator("#email").fill("uma@")
    page.locator("#email").press("Enter")
    expect(page.get_by_role("heading", name="Nothing was sent yet")).to_be_visible()
    expect(page.get_by_label("Leave out")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.locator("#email").fill("uma-4@customer.example")
    page.locator("#email").press("Enter")
    if page.get_by_role("button", name="Send anyway").count():
        page.get_by_role("button", name="Send anyway").press("Enter")
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
