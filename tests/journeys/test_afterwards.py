"""What comes after typing: ways to a person, the page of a request, and the question how it was, in a real browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import check
from tests.journeys.test_desk import Desk, desk_site, open_desk  # noqa: F401 - fixtures
from tests.webform.desk_world import send
from webform import additions, arrangements, office_hours, satisfaction_mail, submissions, tickets, web
from webform.hand_over import CHANNELS, Channels
from webform.office_hours import HOURS, OfficeHours
from webform.tickets import Ticket, TicketStatus

pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["en", "ru", "zh"])
OPEN = OfficeHours("Europe/Berlin", ("0-24",) * 7)
WAYS = Channels("+49 30 1234567", (), "", call_back=True, topics=("billing",))


@pytest.fixture
def ways(site_database: Database) -> None:
    """Hours and ways to a person; the site is shared, so that they may be there already."""
    now = datetime.now(UTC)
    with site_database.writing() as session:
        if arrangements.find(session, HOURS) is None:
            office_hours.keep(session, OPEN, version=0, author="lead", now=now)
            arrangements.keep(session, CHANNELS, WAYS.facts(), version=0, author="lead", now=now)


def written(database: Database, words: str) -> Ticket:
    with database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.message == words)).one()
        session.expunge(ticket)
        return ticket


def place_of_send(page: Page) -> float:
    box = page.locator("#send").bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.usefixtures("ways")
@LANGUAGES
def test_somebody_whom_no_article_helps_is_called_back_and_send_stays_where_it_was(open_page: Open, site_database: Database, language: str) -> None:
    page = open_page(f"/?lang={language}", width=1280 if language == "en" else 360, dark=language == "zh")
    expect(page.locator("hand-over")).to_be_hidden()
    words = f"Zebras xylophone quokka wombat {language}"
    page.locator("#message").fill(words)
    page.locator("#email").fill("anna@customer.example")
    before = place_of_send(page)
    expect(page.locator("hand-over")).to_be_visible()
    if language == "en":  # Below the message other words may stand instead of answers; beside it nothing moves.
        assert place_of_send(page) == before
    assert page.locator("#send").evaluate("send => Boolean(send.compareDocumentPosition(document.querySelector('hand-over')) & 4)")
    check(page)
    page.locator("hand-over button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/call-back\?lang="))
    expect(page.locator("#message")).to_have_value(words)
    expect(page.locator("#email")).to_have_value("anna@customer.example")
    page.locator("#phone").fill("call me")
    page.locator("#call button").click()
    expect(page.locator("#phone")).to_have_attribute("aria-invalid", "true")
    check(page)
    page.locator("#phone").fill("030 / 123 45 67")
    page.locator("#when").select_option(index=2)
    page.locator("#call button").click()
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    check(page)
    ticket = written(site_database, words)
    assert (ticket.kind, ticket.phone) == ("call-back", "0301234567")
    assert ticket.call_from is not None


@pytest.mark.usefixtures("ways")
def test_a_topic_that_asks_for_it_shows_the_ways_at_once(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("hand-over")).to_be_hidden()
    page.locator("#topic").select_option("billing")
    expect(page.locator("hand-over")).to_be_visible()
    expect(page.locator("hand-over")).to_contain_text("open day and night")


@pytest.mark.usefixtures("ways")
def test_without_a_script_a_call_is_asked_for_by_keyboard(open_page: Open, site_database: Database) -> None:
    page = open_page("/?topic=billing&lang=en", script=False, width=320, dark=True)
    page.locator("#message").fill("The invoice counts twelve pumps")
    page.locator("hand-over button").press("Enter")
    expect(page.locator("#message")).to_have_value("The invoice counts twelve pumps")
    page.locator("#email").fill("bill@customer.example")
    page.locator("#phone").focus()
    page.keyboard.type("030")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="some digits are missing").press("Enter")
    page.locator("#phone").fill("030 1234567")
    page.locator("#phone").press("Enter")
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert written(site_database, "The invoice counts twelve pumps").kind == "call-back"


def test_on_a_phone_without_a_script_somebody_adds_to_a_request_closes_it_and_opens_it_again(open_page: Open, site_database: Database) -> None:
    page = open_page("/?lang=ru", width=360, script=False)
    words = "Зебры ксилофон квокка вомбат"
    page.locator("#message").fill(words)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    if page.locator("button[name=confirmed]").count():
        page.locator("button[name=confirmed]").click()
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    page.locator("#more button").click()
    expect(page.locator("#message")).to_have_attribute("aria-invalid", "true")
    page.locator("#message").fill("Снова гудит после дождя")
    page.locator("#attachments").set_input_files({"name": "valve.txt", "mimeType": "text/plain", "buffer": b"Valve 7"})
    page.locator("#more button").click()
    expect(page.locator("#added")).to_be_visible()
    expect(page.locator(".quoted").last).to_have_text("Снова гудит после дождя")
    with page.expect_download() as download:
        page.get_by_role("link", name="valve.txt").click()
    assert download.value.suggested_filename == "valve.txt"
    page.locator("button[name=closed]").click()
    expect(page.locator("h1")).to_have_text("Обращение закрыто")
    page.locator("button[name=closed]").click()
    expect(page.locator("h1")).to_have_text("Мы получили ваше сообщение")
    ticket = written(site_database, words)
    assert ticket.status == "new"
    with site_database.reading() as session:
        assert [each.message for each in additions.of_ticket(session, ticket.id)] == ["Снова гудит после дождя"]


@LANGUAGES
def test_how_it_was_is_answered_from_the_mails_link(open_page: Open, site: Flask, site_database: Database, language: str) -> None:
    now = datetime.now(UTC)
    terms = submissions.terms(site.config, site.extensions[web.TOKENS])
    with site_database.writing() as session:
        texts = {"email": f"{language}-asked@customer.example", "message": f"Asked in {language}", "interface_language": language}
        ticket = send(site, session, now - timedelta(days=3), **texts)
        tickets.set_status(session, ticket, TicketStatus.CLOSED, now - timedelta(days=2))
        satisfaction_mail.ask(session, terms, now)
        link = terms.links.satisfaction(ticket.reference, terms.tokens.request_key(ticket.reference), "bad")
    page = open_page(link.removeprefix(site.config["BASE_URL"]), width=1280 if language == "en" else 360, dark=language == "ru")
    expect(page.locator("input[value=bad]")).to_be_checked()
    check(page)
    page.locator("input[value=bad]").focus()
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    expect(page.locator("input[value=good]")).to_be_checked()
    page.locator("#comment").fill("<b>Thanks</b>")
    page.locator("main form button").press("Enter")
    expect(page.locator("main form")).to_be_hidden()
    check(page)
    page.locator("a[href*='/quiet']").click()
    check(page)
    page.locator("main form button").click()
    expect(page.locator("main form")).to_have_count(0)


@LANGUAGES
def test_the_leads_pages_are_accessible_and_their_previews_break_no_policy(open_desk: Desk, desk_site: Flask, language: str) -> None:  # noqa: F811 - fixtures
    page = open_desk(f"/staff/hours?lang={language}", width=360 if language == "ru" else 1280, dark=language == "zh")
    page.locator("#zone").fill("Asia/Shanghai")
    page.locator("button[name=try]").click()
    expect(page.locator("#promised")).to_be_visible()
    check(page)
    page.locator("form.answering button:not([name])").click()
    expect(page.locator(".message-good")).to_be_visible()
    for path in ("channels", "letters", "satisfaction"):
        page.goto(f"/staff/{path}?lang={language}")
        check(page)
    page.goto(f"/staff/letters/{language}/every?lang={language}")
    page.locator("#body").fill("{{ greeting }}\n\n{{ reference }} {{ status_link }}\n\n{{ article }}\n\n<b>{{ company }}</b>")
    page.locator("button[name=try]").click()
    expect(page.locator(".letter-pair")).to_contain_text("<b>Mossgarth</b>")
    check(page)
