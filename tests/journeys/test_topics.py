"""Topics that ask, and the topic that is proposed, in a real browser: with a script and without, by keyboard, on a phone, in the dark."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update

from kb.database import Database
from tests.journeys.conftest import Open
from tests.journeys.test_accessibility import check
from tests.webform.test_fields import COLOUR, PRODUCT, SERIAL, WHY
from webform import field_sets
from webform.field_sets import FieldSet
from webform.fields import FieldKind, FormField
from webform.tickets import Ticket
from webform.topics import Topic

PHOTOS = FormField("photos", FieldKind.CONSENT, {"en": "You may show my photos"}, required=True)
MESSAGE = "Something about the thing that arrived yesterday"


@pytest.fixture(autouse=True)
def questions(site_database: Database) -> Iterator[None]:
    now = datetime.now(UTC)
    with site_database.writing() as session:
        for topic, asked in (("orders", [PRODUCT, SERIAL, COLOUR, WHY, PHOTOS]), ("billing", [COLOUR])):
            field_sets.keep(session, topic, asked, version=0, author="lead@example.com", now=now)
        session.execute(update(Topic).where(Topic.slug == "orders").values(answer_hours=3))
    yield
    with site_database.writing() as session:
        session.execute(delete(FieldSet))
        session.execute(update(Topic).values(answer_hours=None))


def ticket(database: Database, page: Page) -> Ticket:
    expect(page).to_have_url(re.compile(r"/requests/T-"))
    reference = page.url.split("/requests/")[1].partition("?")[0]
    with database.reading() as session:
        return session.scalars(select(Ticket).where(Ticket.reference == reference)).one()


def test_questions_come_with_their_topic_narrow_with_the_answers_and_keep_what_was_typed(open_page: Open, site_database: Database) -> None:
    page = open_page("/", width=360, height=740)
    page.locator("#message").fill(MESSAGE)
    page.locator("#email").fill("anna@customer.example")
    usually = page.locator("#promise").inner_text()
    page.locator("#topic").select_option("orders")
    expect(page.locator("#promise")).to_contain_text("within 3")
    told = "Questions about this topic were added below it: 3. A person answers by e-mail, as a rule within 3"
    expect(page.get_by_role("status").filter(has_text=told)).to_have_count(1)
    expect(page.get_by_label("Serial")).to_be_hidden()
    page.get_by_label("Product").select_option("pump")
    expect(page.get_by_label("Serial")).to_be_visible()
    page.get_by_label("Serial").fill("MG-12")
    page.get_by_label("Red", exact=True).check()
    expect(page.get_by_label("Why red?")).to_be_visible()
    page.get_by_label("Why red?").fill("It glows")
    page.locator("#topic").select_option("billing")
    expect(page.locator("#promise")).to_have_text(usually)
    expect(page.get_by_label("Red", exact=True)).to_be_checked()
    page.locator("#topic").select_option("orders")
    expect(page.get_by_label("Serial")).to_have_value("MG-12")
    page.reload()
    expect(page.get_by_label("Serial")).to_have_value("MG-12")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#send").click()
    expect(page.get_by_role("heading", name="Nothing was sent yet: 2 things to put right")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Check this for a typing error").press("Enter")
    expect(page.get_by_label("Serial")).to_be_focused()
    expect(page.get_by_label("Why red?")).to_have_value("It glows")
    page.get_by_label("Serial").fill("MG-1234")
    page.get_by_label("You may show my photos").check()
    page.locator("#send").click()
    expect(page.get_by_text("MG-1234")).to_be_visible()
    assert ticket(site_database, page).answers == {"product": "pump", "serial": "MG-1234", "colour": ["red"], "why": "It glows", "photos": "1"}


def test_without_a_script_the_questions_are_one_step_by_keyboard(open_page: Open, site_database: Database) -> None:
    page = open_page("/", script=False, width=320, height=640, dark=True)
    page.locator("#message").fill(MESSAGE)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#topic").select_option("orders")
    page.locator("#send").press("Enter")
    expect(page.get_by_role("heading", name="Nothing was sent yet: a few questions about “Orders and delivery”")).to_be_visible()
    expect(page.locator("#message")).to_have_value(MESSAGE)
    expect(page.get_by_text("Only if “Product” is: Pump")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Product").select_option("hose")
    page.get_by_label("You may show my photos").check()
    page.locator("#send").press("Enter")
    if page.get_by_role("heading", name="Before we send this").count():
        page.get_by_role("button", name=re.compile("Send")).first.click()
    assert ticket(site_database, page).answers == {"product": "hose", "photos": "1"}


def test_the_topic_is_proposed_quietly_can_be_refused_and_never_changes_a_choice(open_page: Open, site_database: Database) -> None:
    page = open_page("/")
    hums = "The pump hums but no water comes out of the hose"
    page.locator("#message").fill(hums)
    proposal = page.locator("topic-proposal")
    expect(proposal).to_contain_text("Pump and hoses?")
    expect(page.locator("#topic")).to_have_value("")
    expect(page.get_by_role("status").filter(has_text="Topic proposed: Pump and hoses")).to_have_count(1)
    check(page)
    proposal.get_by_role("button", name="No").press("Enter")
    expect(proposal.locator("div")).to_be_hidden()
    expect(page.locator("#topic")).to_be_focused()
    with page.expect_response("**/suggestions"):
        page.locator("#message").fill(f"{hums} any more")
    expect(proposal.locator("div")).to_be_hidden()
    other = open_page("/")
    other.locator("#topic").select_option("other")
    with other.expect_response("**/suggestions"):
        other.locator("#message").fill(hums)
    expect(other.locator("topic-proposal div")).to_be_hidden()
    expect(other.locator("#topic")).to_have_value("other")
    third = open_page("/")
    third.locator("#message").fill(hums)
    third.get_by_role("button", name="Use this topic").press("Enter")
    expect(third.locator("#topic")).to_have_value("pump")
    third.locator("#email").fill("anna@customer.example")
    third.locator("#send").click()
    stored = ticket(site_database, third)
    assert (stored.topic, stored.predicted_topic) == ("pump", "Pump and hoses")
