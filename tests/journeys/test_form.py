"""What a customer does with the form, in a real browser."""

import re
from email import message_from_bytes, policy

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from deflection.events import Event, Kind
from deflection.visits import find_visit
from kb.database import Database
from tests.journeys.conftest import Open
from tests.webform.smtp_servers import Sink
from webform.cli import webform
from webform.tickets import Ticket

pytestmark = pytest.mark.browser
HUM = "The pump hums and the light is green but no water comes out of the drippers"
PATIENCE_MS = 15_000


def kinds(database: Database, app: Flask, page: Page) -> dict[str, int]:
    """Count the events of the page's visit by kind."""
    token = page.locator("#ask input[name=visit]").input_value()
    with app.app_context(), database.reading() as session:
        visit = find_visit(session, app.extensions["webform.tokens"].read_visit(token, hours=24))
        found = session.scalars(select(Event.kind).where(Event.visit_id == visit.id)).all() if visit else []
    return {kind: list(found).count(kind) for kind in found}


def wait_for(kind: Kind, database: Database, app: Flask, page: Page, *, gone: bool = False) -> None:
    """Wait until an event of the page's visit has been stored, or taken back."""
    for _ in range(PATIENCE_MS // 200):
        if (kind in kinds(database, app, page)) is not gone:
            return
        page.wait_for_timeout(200)
    pytest.fail(f"{kind} did not happen in time")


def describe(page: Page, text: str = HUM) -> None:
    page.locator("#message").press_sequentially(text, delay=5)
    expect(page.locator(".suggestion").first).to_be_visible()


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def test_an_answer_solves_the_problem_in_place(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    before = top(page, "#send")
    describe(page)
    assert top(page, "#send") == before
    expect(page.locator("#message")).to_be_focused()
    first = page.locator(".suggestion").first
    first.locator("summary").click()
    expect(first.locator(".passage")).to_contain_text("water")
    expect(first.locator(".passage mark").first).to_be_visible()
    wait_for(Kind.READ, site_database, site, page)
    first.get_by_role("button", name="This solved my problem").click()
    expect(page.get_by_role("heading", name="Glad that it helped")).to_be_focused()
    expect(page.locator("#ask")).to_be_hidden()
    wait_for(Kind.SOLVED, site_database, site, page)
    counted = kinds(site_database, site, page)
    assert counted.pop(Kind.SHOWN) >= 1
    assert counted == {Kind.OPENED: 1, Kind.READ: 1, Kind.SOLVED: 1}


def test_a_solution_can_be_taken_back_with_nothing_lost(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    describe(page)
    page.locator("summary").first.click()
    page.get_by_role("button", name="This solved my problem").first.click()
    wait_for(Kind.SOLVED, site_database, site, page)
    page.get_by_role("button", name="It is not solved after all").click()
    expect(page.locator("#message")).to_be_focused()
    expect(page.locator("#message")).to_have_value(HUM)
    wait_for(Kind.SOLVED, site_database, site, page, gone=True)


def test_an_answer_that_does_not_help_is_put_away_for_the_visit(open_page: Open, site: Flask, site_database: Database) -> None:
    page = open_page()
    describe(page)
    title = page.locator(".suggestion h3").first.inner_text()
    page.locator("summary").first.click()
    page.get_by_role("button", name="Not what I need").first.click()
    expect(page.get_by_text("Why did it not help?")).to_be_visible()
    page.get_by_label("Out of date").check()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    page.locator("#message").press_sequentially(", not a drop")
    page.wait_for_timeout(1200)
    assert title not in page.locator(".suggestion h3").all_inner_texts()
    assert kinds(site_database, site, page)[Kind.DECLINED] == 1


def test_what_is_sent_arrives_with_one_click(open_page: Open, site: Flask, mailbox: Sink) -> None:
    page = open_page()
    page.fill("#subject", "Dry balcony")
    describe(page)
    page.select_option("#topic", "pump")
    page.set_input_files("#attachments", {"name": "note.txt", "mimeType": "text/plain", "buffer": b"serial 4711"})
    page.fill("#email", "anna@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    reference = page.locator(".reference").inner_text()
    expect(page.get_by_text("note.txt")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    delivered = site.test_cli_runner().invoke(webform, args=["outbox", "deliver"])
    assert delivered.exit_code == 0, delivered.output
    mails = [message_from_bytes(mail.content, policy=policy.default) for mail in mailbox.received]
    request = next(mail for mail in mails if f"[{reference}]" in mail["Subject"])
    assert "Dry balcony" in request["Subject"]
    assert HUM in request.get_body(("plain",)).get_content().replace("\n", " ")
    assert "note.txt" in [part.get_filename() for part in request.iter_attachments()]
    assert "anna@customer.example" in {address for mail in mailbox.received for address in mail.recipients}


def test_without_a_script_the_answers_come_before_sending(open_page: Open, site_database: Database) -> None:
    page = open_page(script=False)
    page.fill("#message", HUM)
    page.fill("#email", "bo@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Before we send this")).to_be_visible()
    assert page.locator(".suggestion").count() >= 1
    expect(page.get_by_text("Not what I need").first).to_be_hidden()
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#message")).to_have_value(HUM)
    page.fill("#message", HUM + "\nStill dry")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    with site_database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.email == "bo@customer.example")).one()
        visit = find_visit(session, ticket.visit_token)
        assert visit is not None
        assert not visit.scripted
        assert visit.engaged
        assert Kind.SHOWN in session.scalars(select(Event.kind).where(Event.visit_id == visit.id)).all()
    assert ticket.message == HUM + "\nStill dry"


def test_without_a_script_an_answer_ends_the_visit_and_can_be_taken_back(open_page: Open) -> None:
    page = open_page(script=False)
    page.fill("#message", HUM)
    page.fill("#email", "bo@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="This solved my problem").first.click()
    expect(page.get_by_role("heading", name="Glad that it helped")).to_be_visible()
    page.get_by_role("button", name="It is not solved after all").click()
    expect(page.locator("#message")).to_have_value(HUM)
    assert HUM.split()[1] not in page.url


def test_the_keyboard_alone_reaches_everything(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the form")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#subject")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(HUM)
    expect(page.locator(".suggestion").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go on to your details")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".suggestion").first.locator(".passage")).to_be_visible()
    expect(page.locator("summary").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#topic")).to_be_focused()
    page.locator("#email").focus()
    page.keyboard.type("kim@customer.example")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/requests/T-"))


@pytest.mark.parametrize("width", [320, 640, 768], ids=["phone", "twice-as-large-letters", "tablet"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_narrow_page_never_scrolls_sideways(open_page: Open, width: int, direction: str) -> None:
    page = open_page(width=width, height=560)
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    describe(page)
    page.locator("summary").first.click()
    expect(page.get_by_role("button", name="This solved my problem").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_files_that_are_too_large_are_told_before_sending(open_page: Open) -> None:
    page = open_page()
    page.set_input_files("#attachments", {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x" * 11_000_000})
    expect(page.get_by_text("over 10 MB, too large")).to_be_visible()


def test_going_back_from_a_page_that_was_posted_loses_nothing(open_page: Open) -> None:
    page = open_page(script=False)
    page.fill("#message", HUM)
    page.fill("#email", "bo@customer.example")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    page.go_back()
    expect(page.get_by_role("heading", name="Before we send this")).to_be_visible()
    expect(page.get_by_text(HUM)).to_be_visible()


def test_on_a_phone_nothing_in_view_moves_when_answers_come(open_page: Open) -> None:
    page = open_page(width=400, height=1400)
    before = top(page, "#details")
    page.locator("#message").press_sequentially(HUM, delay=5)
    show = page.get_by_role("button", name="Show them here")
    expect(show).to_be_visible()
    assert top(page, "#details") == pytest.approx(before, abs=8)
    show.click()
    expect(page.locator("summary").first).to_be_focused()


def test_a_russian_text_on_an_english_page_gets_russian_articles(open_page: Open) -> None:
    page = open_page("/?lang=en")
    describe(page, "Насос гудит, лампочка зелёная, но вода из капельниц не идёт")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".suggestion h3").first.get_attribute("lang") == "ru"
    expect(page.locator(".suggestion h3").first).to_contain_text(re.compile("[а-я]"))


def test_a_reload_keeps_what_was_typed_and_the_visit(open_page: Open) -> None:
    page = open_page()
    describe(page)
    page.fill("#email", "anna@customer.example")
    visit = page.locator("#ask input[name=visit]").input_value()
    page.reload()
    expect(page.locator("#message")).to_have_value(HUM)
    expect(page.locator("#email")).to_have_value("anna@customer.example")
    expect(page.locator(".suggestion").first).to_be_visible()
    assert page.locator("#ask input[name=visit]").input_value() == visit


def test_what_is_wrong_is_said_on_top_and_beside_the_field(open_page: Open) -> None:
    page = open_page()
    page.fill("#message", "It drips")
    page.fill("#email", "anna@")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#notice")).to_be_focused()
    page.get_by_role("link", name="Add the part after the @").click()
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#email")).to_have_accessible_description("Add the part after the @ to your e-mail address")
    expect(page.locator("#message")).to_have_value("It drips")


def test_the_answers_are_announced_once_it_is_quiet(open_page: Open) -> None:
    page = open_page()
    describe(page)
    status = page.locator("[role=status]")
    assert "".join(status.all_inner_texts()) == ""
    expect(status.filter(has_text="after the message field")).to_have_count(1)


def test_offline_the_form_stays_a_form(open_page: Open) -> None:
    page = open_page()
    page.context.set_offline(True)
    page.locator("#message").press_sequentially(HUM)
    expect(page.get_by_role("heading", name="You seem to be offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".suggestion").first).to_be_visible()


def test_the_same_text_is_asked_once(open_page: Open) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if request.url.endswith("/suggestions") else None)
    describe(page)
    page.wait_for_timeout(800)
    count = len(asked)
    page.locator("#message").press_sequentially("x")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(900)
    assert len(asked) == count


def test_the_count_of_characters_appears_near_the_end(open_page: Open) -> None:
    page = open_page()
    count = page.locator("character-count[for=subject]")
    page.fill("#subject", "a" * 150)
    expect(count).not_to_have_class(re.compile("near"))
    page.fill("#subject", "a" * 190)
    expect(count).to_have_text("Characters left: 10")
    page.fill("#subject", "a" * 203)
    expect(count).to_have_text("Characters too many: 3")


def test_what_is_sent_without_a_connection_stays_on_the_page_and_goes_when_it_is_back(open_page: Open) -> None:
    """The browser's own page would take the form's place: whoever is at the same address cannot even go back to it."""
    page = open_page("/?lang=en", width=360)
    for form, field, words, button in (("#ask", "#message", "Xylophone quokka", "Send"), ("#add", "#message", "Wombat", "Add it to my request")):
        page.locator(f"{form} {field}").fill(words)
        if form == "#ask":
            page.locator("#email").fill("anna@customer.example")
        page.context.set_offline(True)
        page.locator(form).get_by_role("button", name=button, exact=True).click()
        note = page.locator(f"{form} unsent-note")
        expect(note).to_contain_text("Nothing was sent: there is no connection.")
        assert note.get_attribute("role") == "alert"
        expect(page.locator(f"{form} {field}")).to_have_value(words)
        page.context.set_offline(False)
        expect(note).to_have_text("The connection is back: now it can be sent.")
        page.locator(form).get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(re.compile(r"/requests/T-"))
        expect(page.get_by_text(words, exact=True)).to_be_visible()


def test_a_word_without_end_fits_a_phone_before_and_after_it_is_sent(open_page: Open) -> None:
    page = open_page(width=320, script=False)
    page.locator("#message").fill(f"{HUM} https://photos.example/{'w' * 900}")
    page.locator("#name").fill("n" * 100)
    page.locator("#email").fill(f"{'a' * 60}@{'b' * 60}.example")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Before we send this")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Send anyway").click()
    page.wait_for_url(re.compile(r"/requests/T-"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
