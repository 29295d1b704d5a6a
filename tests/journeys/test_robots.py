"""While robots attack: a browser shows by a sum that a person uses it, and without a script a question does."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import Open
from webform import robots_web

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
