"""What leads arrange about the form: every page of it in a browser, a walk by keyboard alone, and the customer who meets what was arranged."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kb import web as kb_web
from kb.database import Database
from tests.journeys.test_accessibility import check
from tests.journeys.test_desk import Desk, desk_site, open_desk  # noqa: F401 - fixtures
from tests.webform.desk_world import furnish
from tests.webform.form_world import write_articles
from tests.webform.test_fields import COLOUR, PRODUCT, SERIAL
from webform import api_keys, field_sets, letter_templates, robot_questions, routing_rules, skips, staff, web
from webform.api_keys import Scope
from webform.robot_questions import RobotQuestion
from webform.routing import Actions, Conditions, RoutingRule
from webform.staff import RoleName

pytestmark = pytest.mark.browser
PAGES = (
    "topics", "topics/new", "topics/orders", "topics/orders/fields", "topics/orders/fields/new", "topics/orders/fields/serial", "routing", "routing/new",
    "routing/2", "skips", "letters", "letters/en/own.outage", "embed", "robots", "keys", "webhooks", "hours", "channels", "satisfaction", "trace",
)  # fmt: skip


def furnished(site: Flask) -> None:
    """One of each thing that leads arrange, with a name that must break on a telephone and one that is written from right to left."""
    database: Database = site.extensions[kb_web.DATABASE]
    now, by = datetime.now(UTC), {"author": "lead@example.com", "now": datetime.now(UTC)}
    with database.writing() as session:
        furnish(site, session, now)
        field_sets.keep(session, "orders", [PRODUCT, SERIAL, COLOUR], version=0, **by)
        letter_templates.add(session, "Outage", **by)
        deeds = Actions(addresses=("a-mailbox-with-a-long-name-of-its-own@department.example.org",), template="own.outage", tags=("returns",), stop=True)
        rule = RoutingRule(0, "החזרות (דחוף)", Conditions(topics=("orders",), field_key="product", field_values=("pump",), weekdays=(5, 6)), deeds)
        routing_rules.add(session, rule, active=True, **by)
        skips.add(session, name="Partners", domain="", urgent=True, **by)
        session.add(RobotQuestion(topic="orders", language="en", question="What do we sell?", answers="pumps", always=True))
        robot_questions.keep_known_bad(session, "casino")
        api_keys.add(session, site.extensions[web.TOKENS], name="Shop", scopes=[Scope.SEND], last_day=None, **by)
        lead = staff.find(session, "lead@example.com")
        assert lead is not None
        staff.set_role(session, lead, RoleName.ADMIN)


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, True, "en"), (320, False, "ru")])
def test_the_pages_on_which_the_form_is_arranged_are_accessible_and_fit(width: int, dark: bool, language: str, desk_site: Flask, open_desk: Desk) -> None:  # noqa: F811 - fixtures
    furnished(desk_site)
    page = open_desk(width=width, dark=dark)
    for path in PAGES:
        answer = page.goto(f"/staff/{path}?lang={language}")
        assert answer is not None
        assert answer.status == 200, path
        check(page)


def typed(page: Page, **fields: str) -> None:
    """Fill fields with the keyboard."""
    for name, text in fields.items():
        page.locator(f"#{name.replace('_', '-')}").focus()
        page.keyboard.type(text)


def test_a_lead_arranges_by_keyboard_and_a_customer_on_a_phone_meets_it(desk_site: Flask, open_desk: Desk, browser: Browser) -> None:  # noqa: F811 - fixtures
    database: Database = desk_site.extensions[kb_web.DATABASE]
    write_articles(database, datetime.now(UTC))
    desk_site.extensions[kb_web.SUGGESTER].ensure_ready()
    with database.writing() as session:
        furnish(desk_site, session, datetime.now(UTC))
    page = open_desk("/staff/topics/new")
    typed(page, name_en="Leaks", help_en="Close the tap first.", hours="2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Leaks")
    page.goto("/staff/topics/leaks/fields/new")
    typed(page, label_en="Serial", pattern="MG-#{4}")
    page.locator("#kind").focus()
    page.keyboard.type("an order")
    page.locator("#pattern").press("Enter")
    expect(page.locator(".topic-preview")).to_contain_text("Serial")
    page.goto("/staff/routing/new")
    typed(page, name="Wet floors", tags="leak")
    page.locator("[name=topics][value=leaks]").press("Space")
    page.locator("button[name=try]").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Nothing was done")
    page.locator("#tags").press("Enter")
    expect(page.locator(".queue")).to_contain_text("Wet floors")
    page.goto("/staff/skips")
    typed(page, name="Partners")
    page.locator("[name=by][value=domain]").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#name").press("Enter")
    link = page.locator(".skip-key").inner_text()
    customer = browser.new_context(base_url=desk_site.config["BASE_URL"], viewport={"width": 360, "height": 740}, has_touch=True)
    form = customer.new_page()
    form.goto(f"{link}&topic=leaks&field-serial=MG-1234&lang=en")
    expect(form.get_by_label("Serial")).to_have_value("MG-1234")
    expect(form.locator("#promise")).to_contain_text("within 2 hours")
    with form.expect_response("**/suggestions"):
        form.locator("#message").fill("The pump hums but no water comes out")
    expect(form.locator(".suggestion")).to_have_count(0)
    check(form)
    form.locator("#email").fill("anna@customer.example")
    form.locator("#email").press("Enter")
    expect(form).to_have_url(re.compile("/requests/T-"))
    reference = form.locator(".reference").inner_text()
    assert customer.cookies() == []
    customer.close()
    page.goto(f"/staff/requests/{reference}")
    for words in ("MG-1234", "tagged leak", "Partners may skip the answers"):
        expect(page.locator("main")).to_contain_text(words)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/staff/embed?mode=form")
    page.get_by_role("button", name="Copy").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#snippet").input_value().strip()
