"""The editor as its form is sent, by a browser with or without a script."""

import re
import time
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kb import writing
from kb.articles import Status, Translation, find_article, save_translation
from kb.database import Database
from kb.revisions import revisions_of
from kb.trace import Deed
from tests.kb.hostile_markdown import HOSTILE
from tests.kb.test_markdown import Inventory
from tests.webform.conftest import SignIn
from tests.webform.editing import SCRIPT, fields, send

BODY = "Unplug it.\n\nRinse it.\n"

OWN_ANCHOR = re.compile(r'<span id="([^"<>]*)--title">(?P<words>.*?)</span> <a class="anchor" href="#\1" aria-labelledby="\1--title"></a>', re.DOTALL)
"""What our own link beside a heading looks like; nothing else may."""


@pytest.fixture
def writer(signed_in: SignIn) -> FlaskClient:
    return signed_in("writer")


@pytest.fixture
def place(database: Database, now: datetime) -> str:
    """The editor's address of an article that is published."""
    with database.writing() as session:
        fields = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": BODY, "category": "Pump"}
        return f"/staff/articles/{save_translation(session, **fields, status=Status.PUBLISHED, author='import', now=now).article_id}/en"  # type: ignore[arg-type]


def kept(database: Database, place: str) -> tuple[Translation, writing.Wording]:
    with database.reading() as session:
        _, _, _, number, language = place.split("/")
        found = writing.find(session, int(number), language)
        assert found is not None
        return found, writing.current(session, found)


def test_an_article_is_written_saved_and_published(writer: FlaskClient, database: Database) -> None:
    answer = send(writer, "/staff/articles/new", title="The pump hums", body="Let the air out.", category="Pump", language="en", act="save")
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert kept(database, place)[0].status == "draft"
    assert "Saved. Customers do not see it" in writer.get(place).text
    assert writer.get("/help/en/the-pump-hums").status_code == 404
    assert send(writer, place, act="publish", note="first").status_code == 303
    assert "Let the air out." in writer.get("/help/en/the-pump-hums").text
    with database.reading() as session:
        (revision,) = revisions_of(session, kept(database, place)[0].id)
        assert (revision.author, revision.note) == ("writer@example.com", "first")


def test_what_is_saved_of_a_published_article_is_not_public_before_it_is_published(writer: FlaskClient, place: str) -> None:
    send(writer, place, body="New text.", title="Wash it", act="save")
    assert "Rinse it." in writer.get("/help/en/clean-the-filter").text
    page = writer.get(place).text
    assert "unpublished changes" in page
    assert "New text." in page
    send(writer, place, act="publish")
    assert "New text." in writer.get("/help/en/clean-the-filter").text


def test_a_note_is_kept_whatever_is_pressed_and_whether_the_text_was_changed_or_not(
    writer: FlaskClient, signed_in: SignIn, database: Database, place: str
) -> None:
    def notes() -> list[tuple[str, str]]:
        with database.reading() as session:
            return [(each.note, each.body) for each in revisions_of(session, kept(database, place)[0].id)]

    lead = signed_in("lead")
    assert send(writer, place, act="publish", note="checked by the workshop").status_code == 303
    assert notes() == [("checked by the workshop", BODY)]
    send(writer, place, act="save", note="checked by the workshop")
    send(lead, place, act="publish", note="and by me")
    assert notes() == [("checked by the workshop · and by me", BODY)]
    assert "“checked by the workshop · and by me”" in writer.get(f"{place}/revisions").text
    send(writer, place, body="New text.", act="save", note="a try")
    send(writer, place, act="save", note="a try at last")
    send(writer, place, act="discard", note="it was no better")
    send(writer, place, act="archive", note="nobody asks")
    assert [note for note, _ in notes()] == ["it was no better · nobody asks", "a try at last", "checked by the workshop · and by me"]
    with database.reading() as session:
        told = [(deed.actor, deed.after["note"]) for deed in session.scalars(select(Deed).where(Deed.action == "changed").order_by(Deed.id))]
    assert told[:2] == [("writer@example.com", "checked by the workshop"), ("lead@example.com", "and by me")]


def test_opening_and_saving_unchanged_changes_nothing(writer: FlaskClient, database: Database, place: str) -> None:
    send(writer, place, act="save")
    found, wording = kept(database, place)
    assert (found.version, found.pending, wording.body) == (1, "", BODY)


@pytest.mark.parametrize(("act", "status"), [("review", "review"), ("archive", "archived")])
def test_a_draft_moves_on_and_back(writer: FlaskClient, database: Database, act: str, status: str) -> None:
    place = send(writer, "/staff/articles/new", title="T", body="b", act="save").headers["Location"]
    send(writer, place, body="c", act=act)
    assert (kept(database, place)[0].status, kept(database, place)[1].body) == (status, "c")
    send(writer, place, act="draft")
    assert kept(database, place)[0].status == "draft"


def test_unpublished_changes_are_given_up(writer: FlaskClient, database: Database, place: str) -> None:
    send(writer, place, body="New.", act="save")
    send(writer, place, act="discard")
    assert (kept(database, place)[0].pending, kept(database, place)[1].body) == ("", BODY)


def test_a_refused_form_keeps_everything_that_was_typed(writer: FlaskClient, database: Database, place: str) -> None:
    typed = {"title": " ", "body": "x" * 100_001, "summary": "s" * 2001, "category": "c" * 101, "slug": "!!!", "note": "why"}
    answer = send(writer, place, act="publish", **typed)
    assert answer.status_code == 422
    after = fields(answer)
    assert {name: after[name] for name in typed} == typed | {"title": ""}
    assert answer.text.count('class="wrong"') >= 5
    assert kept(database, place)[1].body == BODY


def test_an_address_that_another_article_has_is_refused_by_its_title(writer: FlaskClient, place: str) -> None:
    answer = send(writer, "/staff/articles/new", title="Other", body="b", slug="Clean the filter", language="en")
    assert answer.status_code == 422
    assert "The article “Clean the filter” has this address already" in answer.text


def test_an_address_moves_and_the_old_one_leads_on(writer: FlaskClient, place: str) -> None:
    send(writer, place, slug="wash", act="publish")
    assert writer.get("/help/en/clean-the-filter").headers["Location"] == "/help/en/wash"


def test_another_language_is_begun_from_the_page_of_the_first(writer: FlaskClient, database: Database, place: str) -> None:
    other = place.replace("/en", "/ru")
    assert "(to be written)" in writer.get(place).text
    send(writer, other, title="Промыть фильтр", body="Текст", act="publish")
    assert kept(database, other)[0].article_id == kept(database, place)[0].article_id


def test_the_preview_is_the_page_of_the_article_to_the_letter(writer: FlaskClient, place: str) -> None:
    body = "# A\n\n> [!NOTE]\n> b\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n[x](article:filter) [y](https://a.example)"
    shown = writer.post("/staff/preview", data=fields(writer.get(place)) | {"title": "T", "body": body, "language": "en"}).text
    send(writer, place, body=body, act="publish")
    page = writer.get("/help/en/clean-the-filter").text
    prose = shown[shown.index('<div class="prose"') : shown.index("</article>")].strip()
    assert prose in page


def test_a_link_that_leads_nowhere_is_named_to_the_writer(writer: FlaskClient, place: str) -> None:
    shown = writer.post("/staff/preview", data=fields(writer.get(place)) | {"body": "[x](article:gone) [y](article:filter)"}).text
    assert "<code>gone</code>" in shown
    assert "<code>filter</code>" not in shown


def test_hostile_markdown_is_inert_in_the_preview(writer: FlaskClient, place: str) -> None:
    token = fields(writer.get(place))["csrf_token"]
    for source in HOSTILE:
        shown = writer.post("/staff/preview", data={"csrf_token": token, "title": source, "summary": source, "body": source}).text
        prose = shown[shown.index('<div class="prose"') : shown.index("</article>")]
        rendered = prose[prose.index(">") + 1 : prose.rindex("</div>")]
        assert Inventory(OWN_ANCHOR.sub(r"\g<words>", rendered)).faults == [], source
        assert "<script" not in shown.lower()
        assert "<svg" not in shown.lower()


def test_the_preview_of_a_long_article_is_quick(writer: FlaskClient, place: str) -> None:
    body = "## Part\n\nWords with **marks** and a [link](article:filter).\n\n- a\n- b\n\n" * 150
    data = fields(writer.get(place)) | {"body": body}
    spent = []
    for number in range(5):
        began = time.process_time()
        assert writer.post("/staff/preview", data=data | {"body": f"{number} {body}"}).status_code == 200
        spent.append(time.process_time() - began)
    assert min(spent) < 0.15


def test_a_script_is_told_what_is_kept(writer: FlaskClient, database: Database, place: str) -> None:
    answer = send(writer, place, script=True, body="New.", slug="", act="save")
    assert answer.json is not None
    assert (answer.json["version"], answer.json["address"], answer.json["merged_with"]) == (2, place, "")
    assert answer.json["wording"] == {"title": "Clean the filter", "body": "New.", "summary": "", "category": "Pump", "slug": "clean-the-filter"}
    assert "unpublished changes" in answer.json["state"]
    assert send(writer, place, script=True, title="", act="save").json == {"errors": {"title": "Give the article a title; it can be changed at any time"}}
    begun = send(writer, "/staff/articles/new", script=True, title="T", act="save").json
    assert begun is not None
    assert kept(database, begun["address"])[1].title == "T"


def test_the_second_writer_is_told_who_writes(writer: FlaskClient, signed_in: SignIn, place: str) -> None:
    assert "is writing here too" not in writer.get(place).text
    stay = {"act": "stay", "csrf_token": fields(writer.get(place))["csrf_token"]}
    assert "is writing here too" not in writer.post(place, data=stay, headers=SCRIPT).text
    assert "writer@example.com is writing here too" in signed_in("lead").get(place).text


def test_no_form_is_taken_for_a_place_that_does_not_exist(writer: FlaskClient) -> None:
    for address in ("/staff/articles/99/en", "/staff/articles/99999999999/en", "/staff/articles/1/nonsense!", "/staff/articles/99/en/merge"):
        assert writer.get(address).status_code == 404


def test_titles_are_found_by_their_words_in_the_wanted_language_first(writer: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for external_id, language, title, status in (
            ("b", "en", "Filter of the pump", Status.DRAFT),
            ("a (b)", "en", "Clean the filter", Status.PUBLISHED),
            ("c", "ru", "Промыть Фильтр filter", Status.PUBLISHED),
        ):
            save_translation(session, external_id=external_id, language=language, title=title, body="", status=status, now=now)
    found = writer.get("/staff/articles/titles?q=FILTER&language=en").json
    assert found is not None
    assert [(each["title"], each["address"], each["note"]) for each in found["titles"]] == [
        ("Clean the filter", "article:a%20%28b%29", "English · published"),
        ("Filter of the pump", "article:b", "English · draft"),
        ("Промыть Фильтр filter", "article:c", "Russian · published"),
    ]
    assert writer.get("/staff/articles/titles?q=").json == {"titles": []}
    assert writer.get("/staff/articles/titles?q=фильтр%25").json == {"titles": []}


def test_a_new_article_is_named_after_its_title(writer: FlaskClient, database: Database) -> None:
    send(writer, "/staff/articles/new", title="水泵响", body="b", language="zh")
    with database.reading() as session:
        assert find_article(session, "水泵响") is not None
