"""The history of a text on the desk: read, compared and brought back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from kb import writing
from kb.articles import Status, find_translation, save_translation
from kb.database import Database
from kb.differences import Kind, compare
from kb.history import fold
from kb.revisions import revisions_of
from tests.kb.hostile_markdown import HOSTILE
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.editing import send
from webform.staff import RoleName

NOW = datetime.now(UTC) - timedelta(days=1)


def write(database: Database, body: str, minutes: int, *, publish: bool = True, **texts: str) -> str:
    """Save a text as anna, and give the address of its history."""
    with database.writing() as session:
        moment = NOW + timedelta(minutes=minutes)
        found = find_translation(session, "air", "en")
        if found is None:
            found = save_translation(
                session, external_id="air", language="en", title="Air", body=body, status=Status.PUBLISHED, author="anna@x.example", now=moment
            )
        else:
            base = writing.current(session, found)
            writing.save(session, found, replace(base, body=body, **texts), version=found.version, base=base, author="anna@x.example", note="Why", now=moment)
            if publish:
                writing.publish(session, found, author="anna@x.example", now=moment)
        return f"/staff/articles/{found.article_id}/en/revisions"


def ids(database: Database) -> list[int]:
    with database.reading() as session:
        found = find_translation(session, "air", "en")
        assert found
        return [each.id for each in reversed(revisions_of(session, found.id))]


def restore(client: FlaskClient, path: str, number: int) -> str:
    return client.post(f"{path}/{number}/restore", data={"csrf_token": csrf_token(client.get(path))}, follow_redirects=True).text


def test_the_list_says_who_wrote_when_and_what_customers_read(database: Database, signed_in: SignIn) -> None:
    write(database, "One.", 0)
    path = write(database, "Two.", 20)
    write(database, "Three.", 40, publish=False)
    page = signed_in(RoleName.WRITER).get(f"{path}?lang=en").text
    assert page.count("anna@x.example") == 3
    assert page.count("Customers read it from") == 1
    assert page.count("Customers read it since") == 1
    assert "“Why”" in page


def test_what_a_publication_was_for_stands_in_the_history_and_in_the_trace(database: Database, signed_in: SignIn) -> None:
    path = write(database, "One.", 0)
    editor = path.removesuffix("/revisions")
    write(database, "Two.", 20, publish=False)
    client = signed_in(RoleName.LEAD)
    send(client, editor, act="publish", note="New valve <since May>")
    page = client.get(path).text
    assert page.count("“New valve &lt;since May&gt;”") == 1
    assert "“New valve &lt;since May&gt;”" in client.get(f"{path}/compare?old={ids(database)[0]}&new={ids(database)[-1]}").text
    send(client, editor, act="archive")
    send(client, editor, act="publish", note="Asked for again")
    page = client.get(path).text
    assert page.index("Customers read it from") < page.index("“Asked for again”")  # The same revision a second time: each publication has its own.
    assert page.count("“New valve &lt;since May&gt;”") == 1
    assert "New valve" not in client.get("/help/en/air").text
    told = client.get("/staff/trace?kind=article").text
    assert [told.count("New valve"), told.count("Asked for again")] == [1, 1]


def test_two_revisions_are_compared_whichever_is_asked_for_first(database: Database, signed_in: SignIn) -> None:
    write(database, "Open the valve.", 0)
    path = write(database, "Close the valve.", 20, title="The air")
    first, second = ids(database)
    client = signed_in(RoleName.WRITER)
    for old, new in ((first, second), (second, first)):
        page = client.get(f"{path}/compare?old={old}&new={new}").text
        assert re.search(r"<del>Open</del><ins>Close</ins> the valve\.", page)
        assert "<ins>The air</ins>" in page
    assert "<del>" not in client.get(f"{path}/compare?old={first}&new={first}").text
    assert client.get(f"{path}/compare?old={first}&new=x").status_code == 303
    assert client.get(f"{path}/compare?old={first}&new=999999").status_code == 404


def test_an_old_revision_comes_back_as_the_newest_and_customers_go_on_reading_what_is_public(database: Database, signed_in: SignIn) -> None:
    write(database, "Open the valve.", 0)
    path = write(database, "Close the valve.", 20)
    first, second = ids(database)
    client = signed_in(RoleName.WRITER)
    assert "Customers read it when it is published." in restore(client, path, first)
    with database.reading() as session:
        found = find_translation(session, "air", "en")
        assert found
        assert (found.body, found.pending, writing.current(session, found).body) == ("Close the valve.", "draft", "Open the valve.")
        newest = revisions_of(session, found.id)[0]
        assert (newest.author, newest.note.startswith("Restored from")) == ("writer@example.com", True)
    assert ids(database)[:2] == [first, second]
    assert len(ids(database)) == 3
    assert "says the same" in restore(client, path, first)
    assert len(ids(database)) == 3


def test_a_revision_of_another_text_is_not_found_here(database: Database, signed_in: SignIn) -> None:
    path = write(database, "One.", 0)
    with database.writing() as session:
        save_translation(session, external_id="other", language="en", title="Other", body="Other.", now=NOW)
    client = signed_in(RoleName.WRITER)
    foreign = max(ids(database)) + 1
    assert client.get(f"{path}/{foreign}").status_code == 404
    assert client.post(f"{path}/{foreign}/restore", data={"csrf_token": csrf_token(client.get(path))}).status_code == 404


def test_hostile_text_is_inert_when_it_is_read_and_compared(database: Database, signed_in: SignIn) -> None:
    everything = "\n\n".join(HOSTILE).replace("\0", "")
    write(database, "Harmless.", 0)
    path = write(database, everything, 20, title="<img src=x onerror=alert(1)>")
    first, second = ids(database)
    client = signed_in(RoleName.WRITER)
    pages = [client.get(f"{path}/{second}").text, client.get(f"{path}/compare?old={first}&new={second}").text, client.get(path).text]
    for page in pages:
        tags = Tags(page[page.index("<main") : page.index("</main>")])
        assert {name for name, _ in tags.found} & {"script", "iframe", "object", "embed", "svg", "style", "link", "meta", "base"} == set()
        attributes = [(name, value or "") for _, attributes in tags.found for name, value in attributes]
        assert [name for name, _ in attributes if name.startswith("on") or name in {"style", "srcdoc"}] == []
        addresses = [value for name, value in attributes if name in {"href", "src", "action"}]
        schemes = [re.match(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-\s]*):", value) for value in addresses]  # As browsers look for one.
        assert {scheme[1].lower() for scheme in schemes if scheme} <= {"http", "https", "mailto", "tel"}


class Tags(HTMLParser):
    """Every tag of a page, as a browser would find it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


@pytest.mark.parametrize(("lines", "folded"), [(30, [25]), (7, []), (8, [3])])
def test_what_is_the_same_between_two_changes_is_folded_away_but_for_three_lines(lines: int, folded: list[int]) -> None:
    middle = "".join(f"line {number}\n" for number in range(lines))
    old, new = f"a\n{middle}b\n", f"A\n{middle}B\n"
    stretches = fold(compare(old, new))
    assert [each.lines for each in stretches if each.folded] == folded
    assert "".join(piece.text for each in stretches for piece in each.pieces if piece.kind is not Kind.GONE) == new
