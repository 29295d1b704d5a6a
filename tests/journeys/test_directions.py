"""Words that are written from right to left, on a page in either direction, on the narrowest phone."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update

from kb import web as kb_web
from kb.database import Database
from tests.journeys.test_accessibility import check
from tests.journeys.test_desk import desk_site  # noqa: F401 - fixtures
from tests.webform.desk_world import write_article
from tests.webform.form_world import write_articles
from webform import field_sets
from webform.fields import FieldKind, FormField
from webform.topics import Topic

pytestmark = pytest.mark.browser
NAME, HELP = "החזרות (דחוף)", "כתבו את מספר ההזמנה (MG-1234) ומה קרה!"
TITLE, BODY = "المضخة تعمل ولا يخرج ماء", "افتح الصمام الأحمر (7) ببطء، وانتظر حتى يخرج الماء من المضخة."


def style(place: Locator, name: str) -> str:
    return str(place.evaluate(f"place => getComputedStyle(place)['{name}']"))


def turned(page: Page, direction: str) -> None:
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)


@pytest.mark.parametrize(("direction", "start"), [("ltr", "Left"), ("rtl", "Right")])
def test_words_stand_in_their_own_order_and_nothing_scrolls_sideways(direction: str, start: str, desk_site: Flask, browser: Browser) -> None:  # noqa: F811 - fixtures
    database: Database = desk_site.extensions[kb_web.DATABASE]
    now = datetime.now(UTC)
    write_articles(database, now)
    with database.writing() as session:
        write_article(session, now, title=TITLE, body=BODY, language="ar", category="Pump and hoses")
        session.execute(update(Topic).where(Topic.slug == "orders").values(names={"en": NAME}, helps={"en": HELP}))
        field_sets.keep(session, "orders", [FormField("serial", FieldKind.ORDER, {"en": "מספר (סידורי)"})], version=0, author="lead", now=now)
    desk_site.extensions[kb_web.SUGGESTER].ensure_ready()
    person = browser.new_context(base_url=desk_site.config["BASE_URL"], viewport={"width": 320, "height": 640}, locale="en")
    page = person.new_page()
    page.goto("/")
    turned(page, direction)
    page.locator("#message").fill("المضخة تعمل ولا يخرج ماء من الصمام الأحمر")
    assert style(page.locator("#message"), "direction") == "rtl"
    unfold, answer = page.locator("[data-part=unfold]"), page.locator(".suggestion").filter(has_text=TITLE)
    expect(unfold.or_(answer).filter(visible=True).first).to_be_visible()
    if unfold.is_visible():
        unfold.click()
    answer.locator("summary").click()
    for part in ("h3", ".passage-text"):
        assert style(answer.locator(part).first, "direction") == "rtl"
    assert style(answer.locator(".passage-text"), "borderRightWidth") == "4px"
    page.locator("#topic").select_option("orders")
    panel = page.locator(".topic-panel")
    assert style(panel, f"border{start}Width") == "3px"
    assert style(panel.locator(".topic-about p"), "direction") == "rtl"
    assert style(panel.locator("bdi").first, "unicodeBidi") == "isolate"
    for name in ("email", "field-serial"):
        assert style(page.locator(f"#{name}"), "direction") == "ltr"
    check(page)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#field-serial").fill("MG-1234")
    page.locator("#send").click()
    expect(page).to_have_url(re.compile("/requests/T-"))
    turned(page, direction)
    assert style(page.locator(".quoted"), "direction") == "rtl"
    serial = page.locator("dd").filter(has_text="MG-1234")
    assert style(serial, "direction") == "ltr"
    assert style(serial, "textAlign") == start.lower()
    check(page)
    person.close()
