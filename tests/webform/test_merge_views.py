"""Two writers on one article: what fits is put together, what collides is chosen, and nobody's text is lost."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from kb import writing
from kb.articles import Status, save_translation
from kb.database import Database
from kb.revisions import revisions_of
from tests.webform.conftest import SignIn
from tests.webform.editing import fields, send

BODY = "Unplug it.\n\nRinse it.\n\nDry it."


@pytest.fixture
def place(database: Database, now: datetime) -> str:
    with database.writing() as session:
        fields = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": BODY}
        return f"/staff/articles/{save_translation(session, **fields, status=Status.PUBLISHED, author='import', now=now).article_id}/en"  # type: ignore[arg-type]


def body(database: Database, place: str) -> str:
    with database.reading() as session:
        found = writing.find(session, int(place.split("/")[3]), "en")
        assert found is not None
        return writing.current(session, found).body


def collide(ann: FlaskClient, ben: FlaskClient, place: str, *, script: bool = False) -> None:
    """Let both open the article, and both change the second paragraph; Ann is faster."""
    opened = fields(ben.get(place))
    send(ann, place, body=BODY.replace("Rinse it.", "Rinse it twice."), act="save")
    answer = send(ben, place, opened=opened, script=script, body=BODY.replace("Rinse it.", "Rinse it well."), act="publish")
    assert answer.status_code == (409 if script else 303)
    assert (answer.json["address"] if script and answer.json else answer.headers["Location"]) == f"{place}/merge"


def test_changes_to_different_paragraphs_are_put_together(signed_in: SignIn, database: Database, place: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    opened = fields(ben.get(place))
    send(ann, place, body=BODY.replace("Unplug it.", "Unplug it first."), act="save")
    answer = send(ben, place, opened=opened, body=BODY.replace("Dry it.", "Dry it well."), act="publish")
    assert body(database, place) == "Unplug it first.\n\nRinse it.\n\nDry it well."
    page = ben.get(answer.headers["Location"]).text
    assert "writer@example.com had saved meanwhile; both texts are put together" in page
    assert "Unplug it first." not in ben.get("/help/en/clean-the-filter").text


@pytest.mark.parametrize(("choice", "paragraph"), [("theirs", "Rinse it twice."), ("mine", "Rinse it well."), ("both", "Rinse it twice.\n\nRinse it well.")])
def test_whoever_was_slower_chooses_between_both_texts(signed_in: SignIn, database: Database, place: str, choice: str, paragraph: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    collide(ann, ben, place)
    assert body(database, place) == BODY.replace("Rinse it.", "Rinse it twice.")
    page = ben.get(f"{place}/merge")
    for words in ("Rinse it twice.", "Rinse it well.", "As writer@example.com has it"):
        assert words in page.text
    assert send(ben, f"{place}/merge", **{"block-1": choice}).headers["Location"] == place
    assert body(database, place) == f"Unplug it.\n\n{paragraph}\n\nDry it."
    assert "not put together yet" not in ben.get(place).text
    with database.reading() as session:
        found = writing.find(session, int(place.split("/")[3]), "en")
        assert found is not None
        assert "Rinse it twice." in revisions_of(session, found.id)[0 if choice == "theirs" else 1].body


def test_what_collided_outlives_the_page_until_it_is_dealt_with(signed_in: SignIn, database: Database, place: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    collide(ann, ben, place, script=True)
    assert "not put together yet" in ben.get(place).text
    assert "not put together yet" not in ann.get(place).text
    assert "Rinse it well." in ben.get(f"{place}/merge").text
    send(ben, f"{place}/merge", discard="1")
    assert "not put together yet" not in ben.get(place).text
    assert "Rinse it twice." in body(database, place)
    assert ben.get(f"{place}/merge").headers["Location"] == place


def test_who_saves_once_more_meanwhile_is_not_written_over(signed_in: SignIn, database: Database, place: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    collide(ann, ben, place)
    opened = fields(ben.get(f"{place}/merge"))
    send(ann, place, body=BODY.replace("Rinse it.", "Rinse it thrice."), act="save")
    assert send(ben, f"{place}/merge", opened=opened, **{"block-1": "mine"}).headers["Location"] == f"{place}/merge"
    assert "Rinse it thrice." in body(database, place)
    assert "Rinse it thrice." in ben.get(f"{place}/merge").text


def test_two_titles_collide_too(signed_in: SignIn, database: Database, place: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    opened = fields(ben.get(place))
    send(ann, place, title="Wash the filter", act="save")
    send(ben, place, opened=opened, title="Rinse the filter", body=BODY + "\n\nDone.", act="save")
    send(ben, f"{place}/merge", title="theirs")
    page = fields(ben.get(place))
    assert (page["title"], page["body"]) == ("Wash the filter", BODY + "\n\nDone.")


def test_hostile_words_stay_words_in_the_choice(signed_in: SignIn, place: str) -> None:
    ann, ben = signed_in("writer"), signed_in("lead")
    opened = fields(ben.get(place))
    send(ann, place, title="<script>alert(1)</script>", act="save")
    send(ben, place, opened=opened, title="<img src=x onerror=alert(1)>", act="save")
    page = ben.get(f"{place}/merge").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
