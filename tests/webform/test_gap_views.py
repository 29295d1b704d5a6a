"""The staff's pages of gaps: found, read without anybody's name, decided on, and written about."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from deflection.events import Kind
from kb import trace
from kb.articles import Article, Status, Translation
from kb.database import Database
from kb.examples import Example
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import write_article
from tests.webform.gap_world import INVOICE, RETURNS, WARRANTY, WINTER, ask, ask_everything, gap_of, group
from webform import errands, gap_keeping, gaps
from webform.gaps import Gap, GapRequest, GapState
from webform.staff import RoleName
from webform.tickets import Ticket

PAGE = "/staff/gaps"


@pytest.fixture
def number(app: Flask, database: Database) -> int:
    """The gap about winter, among others, as of now: pages know no other time."""
    now = datetime.now(UTC)
    ask_everything(app, database, now)
    group(app, database, now)
    found = gap_of(database, WINTER[0])
    assert found
    return found


def post(client: FlaskClient, path: str, **fields: object) -> str:
    response = client.post(path, data={"csrf_token": csrf_token(client.get(PAGE + "/1")), **fields}, follow_redirects=True)
    return response.text


def state(database: Database, number: int) -> Gap:
    with database.reading() as session:
        return session.get_one(Gap, number)


def test_gaps_are_listed_by_language_state_and_order(signed_in: SignIn, database: Database, number: int) -> None:
    client = signed_in(RoleName.WRITER)
    page = client.get(PAGE).text
    assert WINTER[0] in page or "frost" in page
    for query, there, missing in (("language=ru", gap_of(database, RETURNS[0]), number), ("language=zh", gap_of(database, WARRANTY[0]), number)):
        page = client.get(f"{PAGE}?{query}").text
        assert f'/staff/gaps/{there}"' in page
        assert f'/staff/gaps/{missing}"' not in page
    for order in ("growth", "waiting", "new", "count", "nonsense"):
        assert f'/staff/gaps/{number}"' in client.get(f"{PAGE}?sort={order}&days=30").text
    assert "No gap fits" in client.get(f"{PAGE}?state=dismissed").text


def test_the_page_of_a_gap_shows_no_name_to_anybody_and_the_request_to_leads_only(signed_in: SignIn, app: Flask, database: Database, number: int) -> None:
    with database.writing() as session:
        article = write_article(session, datetime.now(UTC), title="Let the air out")
        ask(app, session, datetime.now(UTC), f"{WINTER[0]} Anna, call 030 1234567", {Kind.SHOWN: [article.id], Kind.DECLINED: [article.id]})
    group(app, database, datetime.now(UTC))
    page = signed_in(RoleName.WRITER).get(f"{PAGE}/{number}").text
    assert "[…], call […]" in page
    assert "Anna" not in page
    assert "1234567" not in page
    assert "Let the air out" in page
    assert "/staff/requests/T-" not in page
    assert "/staff/requests/T-" in signed_in(RoleName.LEAD).get(f"{PAGE}/{number}").text


def test_not_needed_stays_away_however_it_grows_and_can_be_taken_back(signed_in: SignIn, app: Flask, database: Database, number: int) -> None:
    client = signed_in(RoleName.WRITER)
    assert "no article is needed" in post(client, f"{PAGE}/{number}/state", state="dismissed")
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, datetime.now(UTC), f"{text} Thank you")
    group(app, database, datetime.now(UTC))
    assert f'/staff/gaps/{number}"' not in client.get(PAGE).text
    page = client.get(f"{PAGE}/{number}").text
    assert "more requests have come since" in page
    assert "writer@example.com said on" in page
    assert "open again" in post(client, f"{PAGE}/{number}/state", state="open")
    assert f'/staff/gaps/{number}"' in client.get(PAGE).text
    with database.reading() as session:
        deeds = trace.page(session, trace.Asked(subject=f"gap:{number}")).deeds
        assert [(deed.actor, deed.after["status"]) for deed in deeds] == [("writer@example.com", "open"), ("writer@example.com", "dismissed")]


def test_an_article_that_answers_gets_the_texts_that_were_left_ticked(signed_in: SignIn, database: Database, number: int, now: datetime) -> None:
    with database.writing() as session:
        article = write_article(session, now, external_id="frost", title="Frost and winter").id
        chosen = list(session.scalars(select(GapRequest.ticket_id).where(GapRequest.gap_id == number)))[:2]
        stranger = session.scalars(select(GapRequest.ticket_id).where(GapRequest.gap_id != number)).first()
    client = signed_in(RoleName.WRITER)
    assert "there is no article with the id “nonsense”" in client.get(f"{PAGE}/{number}/answer?article=nonsense", follow_redirects=True).text
    page = client.get(f"{PAGE}/{number}/answer?article=frost").text
    assert "Frost and winter" in page
    assert page.count('name="request"') >= 4
    assert "2 texts are now examples" in post(client, f"{PAGE}/{number}/answer", article="frost", request=[*chosen, stranger, "x"])
    assert (state(database, number).state, state(database, number).article_id) == (GapState.ANSWERED, article)
    with database.reading() as session:
        rows = session.execute(select(Example.article_id, Example.source, Example.standing, Example.tended_by)).all()
    assert [tuple(row) for row in rows] == [(article, "staff", "trusted", "writer@example.com")] * 2


def test_a_draft_begins_in_the_customers_words_with_examples(signed_in: SignIn, database: Database, number: int) -> None:
    client = signed_in(RoleName.WRITER)
    page = client.get(f"{PAGE}/{number}/draft").text
    assert page.count('name="title"') >= 3
    assert "Choose a title" in post(client, f"{PAGE}/{number}/draft", own="x" * 400)
    assert state(database, number).state == GapState.OPEN
    with database.reading() as session:
        chosen = list(session.scalars(select(GapRequest.ticket_id).where(GapRequest.gap_id == number)))[:3]
    page = post(client, f"{PAGE}/{number}/draft", title=WINTER[0], category="Care", request=chosen)
    assert "3 texts are attached" in page
    assert "writer@example.com began an article" in client.get(f"{PAGE}/{number}").text
    gap = state(database, number)
    with database.reading() as session:
        draft = session.scalars(select(Translation).where(Translation.article_id == gap.article_id)).one()
        assert (gap.state, draft.title, draft.status, draft.language, draft.category) == (GapState.WRITING, WINTER[0], Status.DRAFT, "en", "Care")
        assert session.scalar(select(func.count()).where(Example.article_id == draft.article_id)) == 3
    post(client, f"{PAGE}/{number}/state", state="open")
    post(client, f"{PAGE}/{number}/draft", own=WINTER[0])
    with database.reading() as session:
        assert len(set(session.scalars(select(Article.external_id)))) == 2


def test_where_no_text_makes_a_title_the_writer_is_asked_for_one(signed_in: SignIn, database: Database, number: int) -> None:
    with database.writing() as session:
        session.execute(update(Ticket).values(subject="", message="Order MG-1234567 is late"))
    client = signed_in(RoleName.WRITER)
    page = client.get(f"{PAGE}/{number}/draft").text
    assert "own words" not in page
    assert '<label for="own">Title</label>' in page
    refused = post(client, f"{PAGE}/{number}/draft")
    assert refused.index('<label for="own">') < refused.index("Choose a title, or write one") < refused.index('aria-invalid="true"')


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_a_draft_can_begin_in_every_language(signed_in: SignIn, database: Database, number: int, language: str) -> None:
    text = {"ru": RETURNS[0], "zh": WARRANTY[0]}[language]
    there = gap_of(database, text)
    post(signed_in(RoleName.WRITER), f"{PAGE}/{there}/draft", title=text)
    with database.reading() as session:
        draft = session.scalars(select(Translation)).one()
        assert (draft.language, draft.title) == (language, text)
        assert draft.slug


def test_an_empty_page_says_what_is_missing(signed_in: SignIn, app: Flask, database: Database, now: datetime) -> None:
    client = signed_in(RoleName.WRITER)

    def told(words: str) -> None:
        assert words in client.get(PAGE).text

    told("Nothing was grouped yet")
    with database.writing() as session:
        errands.take(session, gap_keeping.ERRAND, "one", every=timedelta(minutes=1), lease=timedelta(minutes=1), now=now)
        errands.finish(session, gap_keeping.ERRAND, "one", now)
    told("Nobody has sent a request yet")
    with database.writing() as session:
        ask(app, session, now, INVOICE[0], {Kind.SHOWN: [1], Kind.READ: [1]})
    group(app, database, now)
    told("it met an article that was opened")
    with database.writing() as session:
        ask(app, session, now, WINTER[0])
    group(app, database, now)
    told("No two requests without an answer are about the same thing yet")
    with database.writing() as session:
        for text in WINTER:
            ask(app, session, now, text)
    group(app, database, now)
    with database.writing() as session:
        for gap in session.scalars(select(Gap)):
            gaps.dismiss(session, gap, "anna@example.com", now)
    told("No gap waits")


def test_a_gap_that_is_no_more_is_not_found_and_strange_addresses_are_no_fault(signed_in: SignIn, number: int) -> None:
    client = signed_in(RoleName.WRITER)
    for path in (f"{PAGE}/999999", f"{PAGE}/99999999999999999999", f"{PAGE}/999999/draft", f"{PAGE}/999999/answer?article=x"):
        assert client.get(path).status_code == 404, path
    for name in ("state", "language", "sort", "days", "page"):
        for value in ("\0", "%", "'", "9" * 400, "<script>", "²", "-1"):
            assert client.get(PAGE, query_string={name: value}).status_code == 200
    assert client.get(f"{PAGE}/{number}?page=99999").status_code == 200
    assert client.post(f"{PAGE}/{number}/state", data={"csrf_token": csrf_token(client.get(f"{PAGE}/{number}")), "state": "merged"}).status_code == 422


def test_ten_thousand_requests_in_a_thousand_gaps_open_at_once(signed_in: SignIn, database: Database, now: datetime) -> None:
    fixed = {
        "name": "",
        "email": "a@b.example",
        "subject": "",
        "topic": "",
        "search_text": "",
        "predicted_topic": "",
        "status": "new",
        "urgent": "",
        "urgent_slug": "",
    }
    rows = [
        {**fixed, "id": each, "reference": f"T-{each}", "submission_key": str(each), "visit_token": str(each), "message_id": str(each), "language": "en",
         "message": f"the pump {each} hums loudly", "interface_language": "en", "created_at": now, "updated_at": now}
        for each in range(1, 10_001)
    ]  # fmt: skip
    with database.writing() as session:
        session.execute(insert(Ticket), rows)
        session.execute(
            insert(Gap), [{"id": each, "language": "en", "state": "open", "begun_at": now, "centre": b"", "counted": 10} for each in range(1, 1001)]
        )
        session.execute(
            insert(GapRequest),
            [
                {"ticket_id": each, "gap_id": 1 + each % 1000, "language": "en", "reason": "nothing", "nearness": 0.5, "sent_at": now}
                for each in range(1, 10_001)
            ],
        )
    client = signed_in(RoleName.WRITER)
    client.get(PAGE)
    for path in (PAGE, f"{PAGE}?sort=growth&page=9", f"{PAGE}/7"):
        taken = []
        for _ in range(5):
            begun = time.process_time()  # Of this process alone: what else the machine is at says nothing about the page.
            assert client.get(path).status_code == 200
            taken.append(time.process_time() - begun)
        assert min(taken) < 0.3, path
