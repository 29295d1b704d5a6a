"""While robots attack: a browser shows by a sum that a person uses it, and without a script a question does."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import delete, select

from kb.database import Database
from tests.journeys.conftest import Open
from webform import robots_web
from webform.robot_questions import RobotQuestion
from webform.tickets import Ticket

LOOSE = "the fence post is loose and somebody should come"


@pytest.fixture(autouse=True)
def attack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots_web, "_under_attack", lambda: True)


@pytest.mark.browser
def test_the_browser_does_the_sum_by_itself_and_nothing_typed_is_lost(open_page: Open) -> None:
    page = open_page("/", width=360)
    page.locator("#message").fill(LOOSE)
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    expect(page.get_by_role("heading", name="Nothing was sent yet: one more step")).to_be_visible()
    expect(page.get_by_text("Your browser has shown that it is used by a person.")).to_be_visible()
    expect(page.locator("#robot-answer")).to_be_hidden()
    expect(page.locator("#message")).to_have_value(LOOSE)
    assert Axe().run(page).response["violations"] == []
    page.locator("#send").click()
    expect(page.locator(".reference")).to_be_visible()


@pytest.mark.browser
def test_without_a_script_a_person_answers_a_question(open_page: Open) -> None:
    page = open_page("/?lang=ru", script=False, width=360)
    page.locator("#message").fill("забор шатается, пусть кто-нибудь приедет")
    page.locator("#email").fill("anna@customer.example")
    page.locator("#send").click()
    asked = page.get_by_label(re.compile("Сколько будет"))
    words = ["один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]
    first, second = re.search(r"Сколько будет (\w+) плюс (\w+)\?", page.locator("label[for=robot-answer]").inner_text()).groups()  # type: ignore[union-attr]
    asked.fill(str(words.index(first) + words.index(second) + 2))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#send").click()
    if page.get_by_role("button", name="Всё равно отправить").count():
        page.get_by_role("button", name="Всё равно отправить").click()
    expect(page.locator(".reference")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("script", "width"), [(False, 320), (True, 1280)])
def test_a_topics_own_question_is_answered_by_keyboard_and_whoever_looks_like_a_robot_is_only_held(
    open_page: Open, site_database: Database, monkeypatch: pytest.MonkeyPatch, script: bool, width: int
) -> None:
    monkeypatch.setattr(robots_web, "_under_attack", lambda: False)
    with site_database.writing() as session:
        session.add(RobotQuestion(topic="billing", language="en", question="What colour is grass?", answers="green", always=True))
    words = f"{LOOSE}, says {'a script' if script else 'nobody'}"
    page = open_page("/?topic=billing&lang=en", script=script, width=width)
    page.locator("#message").fill(words)
    page.locator("#email").fill("anna@customer.example")
    page.locator("[name=fax]").evaluate("trap => { trap.value = '1' }")
    page.locator("#send").press("Enter")
    page.get_by_label("What colour is grass?").fill("Blue")
    page.get_by_label("What colour is grass?").press("Enter")
    expect(page.get_by_text("That was not the answer")).to_be_visible()
    page.get_by_label("What colour is grass?").fill("Green.")
    page.get_by_label("What colour is grass?").press("Enter")
    anyway = page.get_by_role("button", name="Send anyway")
    expect(anyway.or_(page.locator(".reference")).first).to_be_visible()
    if anyway.count():
        anyway.press("Enter")
    expect(page.locator(".reference")).to_be_visible()
    with site_database.writing() as session:
        session.execute(delete(RobotQuestion))
        stored = session.scalars(select(Ticket).where(Ticket.message == words)).one()
        assert (stored.status, "trap" in stored.suspicion) == ("held", True)
