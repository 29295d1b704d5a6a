"""The staff's pages in a real browser: signing in, reading a request, marking it, and a mail in its frame."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kb import rules, tending
from kb import web as kb_web
from kb.database import Database
from kb.examples import add_example
from kb.rules import Draft, RuleKind
from kb.voices import Speaker, keep_voice
from kb.word_lists import save_lists
from tests.journeys.conftest import listening
from tests.kb.pump_articles import publish_all
from tests.webform.conftest import PASSWORD, make_member
from tests.webform.desk_world import furnish, send, write_article
from tests.webform.form_world import write_articles
from tests.webform.scripts_in_texts import EVASIONS, SCRIPTS, TEXTS
from webform import desk, outbox, topics
from webform.staff import RoleName

pytestmark = pytest.mark.browser

Desk = Callable[..., Page]
RISKY = [SCRIPTS[number] for number in (0, 4, 9, 14, 18, 19, 26, 35, 36, 40)]


@pytest.fixture
def desk_site(app: Flask, database: Database) -> Iterator[Flask]:
    """An installation of this test's own, on a port of this machine, with a lead."""
    make_member(database, RoleName.LEAD, datetime.now(UTC))
    with database.writing() as session:
        topics.load_defaults(session)
        rules.load_defaults(session, language="en", now=datetime.now(UTC))
    with listening(app):
        yield app


@pytest.fixture
def open_desk(desk_site: Flask, browser: Browser) -> Iterator[Desk]:
    """Sign a lead in on a device of its own; at the end no dialog may have opened and no policy been broken."""
    faults: list[str] = []
    people = []

    def open_(path: str = "/staff/requests", *, width: int = 1280, dark: bool = False) -> Page:
        person = browser.new_context(base_url=desk_site.config["BASE_URL"], viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
        people.append(person)
        person.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        person.on("console", lambda message: faults.append(message.text) if message.type in {"error", "warning"} else None)
        person.on("weberror", lambda error: faults.append(str(error.error)))
        person.on("request", lambda request: faults.append(request.url) if not request.url.startswith(desk_site.config["BASE_URL"]) else None)
        page = person.new_page()
        page.goto(path)
        page.locator("#email").fill("lead@example.com")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(lambda url: "/staff/sign-in" not in url)  # And for the page to be there: a click waits for less.
        return page

    yield open_
    for person in people:
        person.close()
    assert faults == []


def furnished(site: Flask) -> tuple[str, int]:
    database: Database = site.extensions[kb_web.DATABASE]
    with database.writing() as session:
        ticket = furnish(site, session, datetime.now(UTC))
        return ticket.reference, outbox.of_ticket(session, ticket.id)[0].id


def test_a_lead_signs_in_finds_a_request_marks_it_and_signs_out(desk_site: Flask, open_desk: Desk) -> None:
    reference, _ = furnished(desk_site)
    page = open_desk()
    page.get_by_label("Reference, name, address or words").fill("anna hums")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Pump hums but no water comes out").click()
    expect(page.locator(".ref").first).to_have_text(reference)
    page.get_by_role("button", name="answered elsewhere").click()
    expect(page.get_by_role("status")).to_contain_text("is now marked: answered elsewhere")
    page.get_by_role("button", name="Sign out on all devices").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    page.go_back()
    expect(page).not_to_have_title("Requests")
    assert page.goto("/staff/requests").url.partition("?")[0].endswith("/staff/sign-in")  # type: ignore[union-attr]


def test_everything_on_the_desk_can_be_done_with_the_keyboard(desk_site: Flask, open_desk: Desk) -> None:
    reference, _ = furnished(desk_site)
    page = open_desk(f"/staff/requests/{reference}")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.value") == "closed":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is now marked: closed")


def test_a_lead_moves_the_gate_with_the_keyboard_and_puts_it_back(desk_site: Flask, open_desk: Desk) -> None:
    write_articles(desk_site.extensions[kb_web.DATABASE], datetime.now(UTC))
    furnished(desk_site)
    desk_site.extensions[kb_web.SUGGESTER].ensure_ready(lesson=True)
    page = open_desk("/staff/gate")
    page.locator("[name=gate]:checked").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    picked = page.locator("[name=gate]:checked").get_attribute("value")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"gate={picked}"))
    expect(page.locator("svg.curve")).to_be_visible()
    page.locator("#reason").fill("Too much silence")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The gate is now")
    expect(page.locator(".queue").last).to_contain_text("Too much silence")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Back to the calibrated one").click()
    expect(page.get_by_role("status")).to_contain_text("The calibrated gate holds again")


def furnish_examples(site: Flask) -> None:
    """Put examples of each standing on the desk, and changes of each kind."""
    database: Database = site.extensions[kb_web.DATABASE]
    now = datetime.now(UTC)
    with database.writing() as session:
        article = write_article(session, now, external_id="an-article-with-a-long-id-that-must-break-on-a-telephone").id
        kept = [add_example(session, f"the pump hums {number}", "en", article, "staff", now).id for number in range(4)]
        keep_voice(session, "насос гудит", "ru", article, Speaker("visit", "network"), fits=False, now=now)
        tending.move(session, kept[:1], None, "anna@example.com", now)
        tending.delete(session, kept[1:2], "anna@example.com", now)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False)])
def test_the_staffs_pages_are_accessible_and_fit(width: int, dark: bool, desk_site: Flask, open_desk: Desk) -> None:
    reference, number = furnished(desk_site)
    write_articles(desk_site.extensions[kb_web.DATABASE], datetime.now(UTC))
    desk_site.extensions[kb_web.SUGGESTER].ensure_ready()  # So that the gate has a curve.
    furnish_examples(desk_site)
    page = open_desk(width=width, dark=dark)
    paths = [
        "/staff/requests",
        "/staff/requests?q=nothing",
        f"/staff/requests/{reference}",
        "/staff/articles",
        "/staff/try",
        "/staff/deflection",
        "/staff/outbox",
        "/staff/gate",
        "/staff/gate?gate=0&last=50&more=1",
    ]
    paths += ["/staff/words", "/staff/words?language=ru"]
    paths += ["/staff/rules", "/staff/rules/1", "/staff/rules/new/person", "/staff/rules/new/pin", "/staff/requests?urgent=1"]
    paths += ["/staff/examples", "/staff/examples/changes", "/staff/articles/1/en/revisions"]
    paths += [f"/staff/outbox/{number}?as={view}" for view in ("html", "text", "json", "source")]
    for path in paths:
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_a_text_is_tried_without_a_script_of_its_own_and_its_account_is_accessible(width: int, dark: bool, desk_site: Flask, open_desk: Desk) -> None:
    database: Database = desk_site.extensions[kb_web.DATABASE]
    now = datetime.now(UTC)
    with database.writing() as session:
        publish_all(session, now)
        save_lists(session, "en", synonyms="gizmo = pump", stop_words="kindly", version=0, author="", now=now)
        long = f"{'|'.join(f'xylophone{number}' for number in range(14))}|xylophone"
        rules.add(session, Draft(RuleKind.PIN, "A rule with long alternatives", {"en": long}), author="", now=now)
    suggester = desk_site.extensions[kb_web.SUGGESTER]
    suggester.ensure_ready()
    page = open_desk("/staff/try", width=width, dark=dark)
    for gate, heading in ((0.05, "The gate is open"), (0.9999, "Silent: nothing is shown")):
        suggester.gate = gate
        page.get_by_label("What a customer might write").fill("kindly, my gizmo hums, the xylophone is green and no water comes out")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(page.get_by_text("A rule with long alternatives")).to_be_visible()
        expect(page.get_by_label("What a customer might write")).to_have_value(re.compile("xylophone"))
        assert page.url.endswith("/staff/try")
        page.evaluate("for (const each of document.querySelectorAll('details')) { each.removeAttribute('name'); each.open = true; }")
        violations = Axe().run(page).response["violations"]
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (320, False)])
def test_words_are_tried_and_saved_on_a_page_that_is_accessible_and_fits(width: int, dark: bool, open_desk: Desk) -> None:
    page = open_desk("/staff/words", width=width, dark=dark)
    page.get_by_label("Synonyms").fill("refund = money back")
    page.get_by_label("Words that say nothing").fill("dear team")
    page.get_by_label("A text as a customer would write it").fill("Dear team, I want a refund")
    page.get_by_role("button", name="Try these words").click()
    expect(page.get_by_role("status")).to_contain_text("refund money back")
    violations = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_label("Synonyms")).to_have_value("refund = money back")


def test_no_hostile_text_runs_in_a_list_in_a_request_or_in_its_mail(desk_site: Flask, open_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 1000)
    database: Database = desk_site.extensions[kb_web.DATABASE]
    now = datetime.now(UTC)
    with database.writing() as session:
        articles = [write_article(session, now, title=text, category=text[:100]) for text in TEXTS]
        ticket = send(desk_site, session, now, tried=articles[:3], message="\n\n".join(TEXTS))
        reference, number = ticket.reference, outbox.of_ticket(session, ticket.id)[0].id
    page = open_desk()
    for path in ("/staff/articles", "/staff/deflection", f"/staff/requests/{reference}"):
        page.goto(path)
        shown = page.locator("main").inner_text()
        assert "deflection" in path or EVASIONS[-1] in shown, path
    page.goto(f"/staff/outbox/{number}")
    expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text(EVASIONS[-1])


def test_what_strangers_typed_runs_nowhere_on_the_desk(desk_site: Flask, open_desk: Desk) -> None:
    database: Database = desk_site.extensions[kb_web.DATABASE]
    sent = []
    with database.writing() as session:
        for text in RISKY:
            now = datetime.now(UTC)
            article = write_article(session, now, title=text, category=text)
            ticket = send(desk_site, session, now, tried=[article], name=text, subject=text, message=text, predicted_topic=text)
            sent.append((ticket.reference, outbox.of_ticket(session, ticket.id)[0].id))
    page = open_desk()
    for path in ("/staff/articles", "/staff/deflection", "/staff/outbox", *(f"/staff/requests/{reference}" for reference, _ in sent)):
        page.goto(path)
    for _, number in sent:
        page.goto(f"/staff/outbox/{number}")
        expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text("Contact")
