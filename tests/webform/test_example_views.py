"""The staff's page of examples: found, corrected, confirmed, deleted and taken out; and which article answers a request."""

import json
import time
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from kb import casebook, tending
from kb.database import Database
from kb.example_files import load_examples
from kb.examples import Example, add_example
from kb.masking import GAP
from kb.voices import Speaker, keep_voice
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import send, write_article
from webform import tickets
from webform.staff import RoleName

PAGE = "/staff/examples"


@pytest.fixture
def numbers(database: Database, now: datetime) -> dict[str, int]:
    """An example of staff, one without an answer, and two of customers; with two articles."""
    with database.writing() as session:
        air = write_article(session, now, external_id="air", title="Let the air out").id
        write_article(session, now, external_id="seal", title="Change the seal")
        found = {
            "staff": add_example(session, "The pump hums loudly", "en", air, "staff", now),
            "none": add_example(session, "Насос пахнет рыбой", "ru", None, "import", now),
            "solved": keep_voice(session, "humming without water", "en", air, Speaker("v", "n"), now=now),
            "declined": keep_voice(session, "water under the PUMP", "en", air, Speaker("w", "n"), fits=False, now=now),
        }
        return {name: example.id for name, example in found.items() if example}


def act(client: FlaskClient, what: str, *numbers: int, **fields: str) -> str:
    token = csrf_token(client.get(PAGE))
    response = client.post(PAGE, data={"csrf_token": token, "act": what, "number": list(map(str, numbers)), **fields}, follow_redirects=True)
    assert response.status_code == 200
    return response.text


def facts(database: Database, number: int) -> tuple[object, ...] | None:
    with database.reading() as session:
        row = session.execute(select(Example.article_id, Example.fits, Example.standing, Example.tended_by).where(Example.id == number)).first()
        return tuple(row) if row else None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"staff", "none", "solved", "declined"}),
        ("q=pump", {"staff", "declined"}),
        ("q=НАСОС", {"none"}),
        ("article=air", {"staff", "solved", "declined"}),
        ("article=-", {"none"}),
        ("article=unknown", set()),
        ("language=ru", {"none"}),
        ("source=solved", {"solved"}),
        ("standing=waiting", {"solved", "declined"}),
        ("q=pump&standing=trusted&language=en&article=air&source=staff", {"staff"}),
    ],
)
def test_examples_are_found_by_words_article_language_source_and_standing(signed_in: SignIn, numbers: dict[str, int], asked: str, found: set[str]) -> None:
    page = signed_in(RoleName.WRITER).get(f"{PAGE}?{asked}").text
    assert {name for name, number in numbers.items() if f'id="text-{number}"' in page} == found


def test_the_article_of_several_is_corrected_at_once_and_they_are_trusted_then(signed_in: SignIn, database: Database, numbers: dict[str, int]) -> None:
    client = signed_in(RoleName.WRITER)
    assert "2 examples now lead to seal" in act(client, "move", numbers["solved"], numbers["declined"], to="seal")
    assert facts(database, numbers["solved"]) == facts(database, numbers["declined"]) == (2, True, "trusted", "writer@example.com")
    assert "now says that no article answers" in act(client, "none", numbers["staff"])
    assert facts(database, numbers["staff"]) == (None, True, "trusted", "writer@example.com")
    page = client.get(f"{PAGE}/changes").text
    assert page.count("corrected") == 3
    assert "writer@example.com" in page
    assert "Change the seal" in page


def test_an_article_that_does_not_exist_changes_nothing(signed_in: SignIn, database: Database, numbers: dict[str, int]) -> None:
    before = facts(database, numbers["staff"])
    assert "there is no article with the id “nonsense”" in act(signed_in(RoleName.WRITER), "move", numbers["staff"], to="nonsense")
    assert "no example was chosen" in act(signed_in(RoleName.WRITER), "delete")
    assert facts(database, numbers["staff"]) == before


def test_a_confirmed_example_counts_without_anybody_else(signed_in: SignIn, database: Database, numbers: dict[str, int]) -> None:
    assert "1 example was confirmed" in act(signed_in(RoleName.WRITER), "confirm", numbers["declined"])
    assert facts(database, numbers["declined"]) == (1, False, "trusted", "writer@example.com")


def test_a_deleted_example_is_gone_with_its_text_and_who_did_it_is_known(signed_in: SignIn, database: Database, numbers: dict[str, int]) -> None:
    assert "2 examples were deleted" in act(signed_in(RoleName.WRITER), "delete", numbers["solved"], numbers["none"], 999999)
    assert facts(database, numbers["solved"]) is None
    with database.reading() as session:
        assert [(change.act, change.who) for change in tending.changes(session)] == [("deleted", "writer@example.com")] * 2


def test_what_was_taken_out_can_be_brought_in_again(signed_in: SignIn, database: Database, numbers: dict[str, int], tmp_path, now: datetime) -> None:  # type: ignore[no-untyped-def]
    response = signed_in(RoleName.WRITER).get(f"{PAGE}.jsonl")
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert [(row["text"], row["article_id"], row.get("fits", True)) for row in rows] == [
        ("The pump hums loudly", "air", True),
        ("Насос пахнет рыбой", None, True),
        ("humming without water", "air", True),
        ("water under the PUMP", "air", False),
    ]
    assert len(signed_in(RoleName.WRITER).get(f"{PAGE}.jsonl?language=ru").text.splitlines()) == 1
    (tmp_path / "requests.jsonl").write_text(response.text, "utf-8")
    with database.writing() as session:
        assert load_examples(session, tmp_path / "requests.jsonl", source="import", now=now) == (0, [])
        tending.delete(session, list(numbers.values()), "x", now)
        assert load_examples(session, tmp_path / "requests.jsonl", source="import", now=now) == (4, [])


def test_ten_thousand_examples_open_at_once(signed_in: SignIn, database: Database, numbers: dict[str, int], now: datetime) -> None:
    rows = [
        {
            "text": f"text {number} about a pump",
            "language": "en",
            "article_id": 1 + number % 2,
            "source": "import",
            "created_at": now,
        }
        for number in range(10_000)
    ]
    with database.writing() as session:
        session.execute(insert(Example), rows)
    client = signed_in(RoleName.WRITER)
    client.get(PAGE)
    for path in (PAGE, f"{PAGE}?page=150", f"{PAGE}?q=pump&article=air"):
        taken = []
        for _ in range(5):
            begun = time.process_time()  # Of this process alone: what else the machine is at says nothing about the page.
            assert client.get(path).status_code == 200
            taken.append(time.process_time() - begun)
        assert min(taken) < 0.3, path
    with database.reading() as session:
        assert casebook.page(session, casebook.Wanted(), number=10_000).number == 201


def test_strange_filters_and_numbers_are_no_fault(signed_in: SignIn, numbers: dict[str, int]) -> None:
    client = signed_in(RoleName.WRITER)
    for name in ("q", "article", "language", "source", "standing", "page"):
        for value in ("\0", "%", "'", "9" * 400, "<script>", "²"):
            assert client.get(PAGE, query_string={name: value}).status_code == 200
    token = csrf_token(client.get(PAGE))
    assert client.post(PAGE, data={"csrf_token": token, "act": "burn", "number": "1"}).status_code == 400
    for number in ("x", "²", "-1", "9" * 40):
        assert client.post(PAGE, data={"csrf_token": token, "act": "delete", "number": number}).status_code == 303


def test_the_article_that_answers_a_request_is_an_example_and_the_last_word_counts(signed_in: SignIn, app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        articles = [write_article(session, now, external_id=name).id for name in ("air", "seal")]
        path = f"/staff/requests/{send(app, session, now, message='Anna here. The pump hums, call 030 1234567.').reference}"
    client = signed_in(RoleName.LEAD)

    def say(**fields: str) -> str:
        return client.post(f"{path}/answer", data={"csrf_token": csrf_token(client.get(path)), **fields}, follow_redirects=True).text

    assert "there is no article with the id" in say(article="unknown")
    for said, article in (({"article": "air"}, articles[0]), ({"article": "seal"}, articles[1]), ({"none": "1"}, None)):
        assert "Noted." in say(**said)
        with database.reading() as session:
            rows = session.execute(select(Example.article_id, Example.source, Example.standing, Example.tended_by, Example.text)).all()
            subject = tickets.page(session).tickets[0].subject
        assert rows == [(article, "staff", "trusted", "lead@example.com", f"{subject}\n{GAP} here. The pump hums, call {GAP}.")]
    assert "lead@example.com" in client.get(path).text
