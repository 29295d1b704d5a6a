"""Writers at the editor in a real browser: writing, seeing, publishing, together, with pictures, on a telephone, without a script."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from kb import web as kb_web
from kb import writing
from kb.articles import Status, save_translation
from kb.database import Database
from kb.revisions import revisions_of
from tests.journeys.conftest import listening
from tests.webform.conftest import PASSWORD, make_member
from webform.staff import RoleName

pytestmark = pytest.mark.browser

Sit = Callable[..., Page]
BODY = "Unplug it.\n\nRinse it.\n\nDry it."


@pytest.fixture
def place(app: Flask, database: Database) -> Iterator[str]:
    """The editor's address of a published article, on an installation of this test's own with two members of staff."""
    now = datetime.now(UTC)
    for role in (RoleName.WRITER, RoleName.LEAD):
        make_member(database, role, now)
    with database.writing() as session:
        found = save_translation(
            session,
            external_id="filter",
            language="en",
            title="Clean the filter",
            body=BODY,
            category="Pump",
            status=Status.PUBLISHED,
            author="import",
            now=now,
        )
        number = found.article_id
    with listening(app):
        yield f"/staff/articles/{number}/en"


@pytest.fixture
def sit(app: Flask, place: str, browser: Browser) -> Iterator[Sit]:
    """Sign somebody in on a device of their own; nothing may fail in a page, and nothing be loaded from elsewhere."""
    faults: list[str] = []
    people = []

    def sit_(path: str, *, role: str = "writer", width: int = 1280, dark: bool = False, script: bool = True, lang: str = "en") -> Page:
        base = app.config["BASE_URL"]
        person = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", java_script_enabled=script
        )
        people.append(person)
        person.on("weberror", lambda error: faults.append(str(error.error)))
        person.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        person.on("request", lambda request: faults.append(request.url) if not request.url.startswith((base, "data:")) else None)
        page = person.new_page()
        page.goto(f"/staff/articles?lang={lang}")
        page.locator("#email").fill(f"{role}@example.com")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(lambda url: "/staff/sign-in" not in url)
        page.goto(path)
        return page

    yield sit_
    for person in people:
        person.close()
    assert faults == []


def kept(app: Flask, place: str) -> writing.Wording:
    database: Database = app.extensions[kb_web.DATABASE]
    with database.reading() as session:
        found = writing.find(session, int(place.split("/")[3]), "en")
        assert found is not None
        return writing.current(session, found)


def saved(page: Page) -> None:
    expect(page.locator("[data-saving-note]")).to_have_text("Saved")


def test_an_article_is_written_with_the_tools_seen_saved_by_itself_and_published(sit: Sit, app: Flask) -> None:
    page = sit("/staff/articles/new")
    page.locator("#title").fill("The pump hums")
    text = page.locator("#body")
    text.fill("first\nsecond")
    text.press("Control+a")
    page.get_by_role("button", name="Steps").click()
    expect(text).to_have_value("1. first\n2. second")
    text.press("Control+End")
    text.press_sequentially("\n\nSee ")
    page.keyboard.press("Control+k")
    page.locator("#link-words").fill("clean filter")
    page.get_by_role("button", name="Clean the filter").click()
    expect(text).to_have_value("1. first\n2. second\n\nSee [Clean the filter](article:filter)")
    page.get_by_role("button", name="Callout").click()
    shown = page.locator("#shown")
    expect(shown.locator("h1")).to_have_text("The pump hums")
    expect(shown.locator("ol li")).to_have_count(2)
    expect(shown.get_by_role("link", name="Clean the filter")).to_have_attribute("href", "/help/en/clean-the-filter")
    expect(shown.locator(".callout-note")).to_have_count(1)
    saved(page)
    page.wait_for_url(lambda url: url.endswith("/en"))
    assert page.request.get("/help/en/the-pump-hums").status == 404
    written = text.input_value()
    page.reload()
    expect(text).to_have_value(written)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".message-good")).to_contain_text("Published.")
    public = page.request.get("/help/en/the-pump-hums").text()
    assert '<a href="/help/en/clean-the-filter">Clean the filter</a>' in public
    database: Database = app.extensions[kb_web.DATABASE]
    with database.reading() as session:
        found = writing.find(session, int(page.url.split("/")[-2]), "en")
        assert found is not None
        assert len(revisions_of(session, found.id)) == 1


def test_two_writers_are_told_of_each_other_and_lose_nothing(sit: Sit, app: Flask, place: str) -> None:
    ann = sit(place)
    expect(ann.locator("[data-state]")).to_contain_text("published")
    with ann.expect_response(lambda answer: answer.request.method == "POST"):
        ann.reload()
    ben = sit(place, role="lead")
    expect(ben.locator(".editor-other")).to_contain_text("writer@example.com is writing here too")
    ann.locator("#body").fill(BODY.replace("Unplug it.", "Unplug it first."))
    saved(ann)
    ben.locator("#body").fill(BODY.replace("Dry it.", "Dry it well."))
    expect(ben.locator("[data-saving-note]")).to_have_text("Put together with what writer@example.com has saved.")
    expect(ben.locator("#body")).to_have_value("Unplug it first.\n\nRinse it.\n\nDry it well.")
    expect(ben.locator("#shown")).to_contain_text("Unplug it first.")
    ann.locator("#body").fill(ann.locator("#body").input_value().replace("Rinse it.", "Rinse it twice."))
    expect(ann.locator("[data-saving-note]")).to_contain_text("Put together with")
    ben.locator("#body").fill(ben.locator("#body").input_value().replace("Rinse it.", "Rinse it well."))
    expect(ben.locator("[data-saving-note]")).to_contain_text("writer@example.com has changed the same lines")
    ben.locator("[data-saving-note] a").click()
    expect(ben.get_by_role("heading", name="Put both together")).to_be_visible()
    ben.get_by_label("Keep both, one after the other").check()
    ben.get_by_role("button", name="Save what is chosen").click()
    expect(ben.locator("#body")).to_have_value("Unplug it first.\n\nRinse it twice.\n\nRinse it well.\n\nDry it well.")
    assert kept(app, place).body == ben.locator("#body").input_value()


def test_a_server_that_is_away_loses_nothing(sit: Sit, app: Flask, place: str) -> None:
    page = sit(place)
    page.context.set_offline(True)
    page.locator("#body").fill("Written in a tunnel.")
    expect(page.locator("[data-saving-note]")).to_contain_text("Your text stays here")
    page.context.set_offline(False)
    page.locator("#body").press_sequentially(" And after it.")
    saved(page)
    assert kept(app, place).body == "Written in a tunnel. And after it."


def test_a_picture_is_chosen_pasted_or_dropped_asked_about_and_shown(sit: Sit, place: str, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "valve.png")
    page = sit(place)
    page.locator("#body").press("Control+End")
    page.get_by_role("button", name="Picture").click()
    page.locator("#picture-file").set_input_files(tmp_path / "valve.png")
    page.get_by_role("button", name="Put it into the text").click()
    expect(page.locator("picture-drop [role=alert]")).to_contain_text("Say it in a few words")
    page.locator("#picture-words").fill("The valve, seen from above")
    page.get_by_role("button", name="Put it into the text").click()
    shown = page.locator("#shown").get_by_role("img", name="The valve, seen from above")
    expect(shown).to_have_count(1)
    expect(shown).to_have_js_property("naturalWidth", 40)
    for number, event in enumerate(
        ('new ClipboardEvent("paste", {clipboardData: brought, ...how})', 'new DragEvent("drop", {dataTransfer: brought, ...how})'), 2
    ):
        page.evaluate(
            """bytes => {
                const brought = new DataTransfer(), how = {bubbles: true, cancelable: true};
                brought.items.add(new File([new Uint8Array(bytes)], "x.png", {type: "image/png"}));
                document.querySelector("#body").dispatchEvent(EVENT);
            }""".replace("EVENT", event),
            list((tmp_path / "valve.png").read_bytes()),
        )
        page.locator("#picture-words").fill("The same")
        page.locator("#picture-words").press("Enter")
        expect(page.locator("#shown").get_by_role("img")).to_have_count(number)
    assert page.locator("#body").input_value().startswith(f"{BODY}\n\n![")


def test_without_a_script_the_buttons_do_the_same(sit: Sit, place: str) -> None:
    page = sit(place, script=False)
    expect(page.locator("#shown")).to_contain_text("Rinse it.")
    expect(page.locator("markdown-tools")).to_be_hidden()
    page.locator("#body").fill("New **words**.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#shown strong")).to_have_text("words")
    page.locator("#title").fill("")
    page.get_by_role("button", name="Publish the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the article a title")
    expect(page.locator("#body")).to_have_value("New **words**.")
    page.locator("#title").fill("Wash the filter")
    page.locator("#title").press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("unpublished changes")
    assert "Rinse it." in page.request.get("/help/en/clean-the-filter").text()
    page.get_by_role("button", name="Publish the changes").click()
    assert "New <strong>words</strong>." in page.request.get("/help/en/clean-the-filter").text()


@pytest.mark.parametrize(("width", "dark", "lang"), [(1280, False, "en"), (320, True, "ru"), (320, False, "zh")])
def test_the_editor_and_the_choice_fit_and_can_be_used_by_everybody(sit: Sit, place: str, width: int, dark: bool, lang: str) -> None:
    other = sit(place, role="lead", script=False)
    page = sit(place, width=width, dark=dark, lang=lang, script=False)
    other.locator("#body").fill(BODY.replace("Rinse it.", "Rinse it twice."))
    other.locator("button[value=save]:visible").last.click()
    page.locator("#body").fill(BODY.replace("Rinse it.", "Rinse it well."))
    page.locator("button[value=save]:visible").last.click()
    person = sit(f"{place}/merge", width=width, dark=dark, lang=lang)
    for path in (f"{place}/merge", place, "/staff/articles/new"):
        person.goto(path)
        assert person.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(person).response["violations"] == []
    person.locator("[data-tool=link]").click()
    expect(person.locator("#link-dialog")).to_be_visible()
    assert person.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(person).response["violations"] == []
