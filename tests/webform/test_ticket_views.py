import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import PICTURE, furnish, send, write_article
from webform import desk, outbox, tickets, topics
from webform.staff import RoleName
from webform.tickets import TicketStatus


def references(page: str) -> list[str]:
    return re.findall(r'class="ref">(T-\w{6})<', page)


def test_requests_are_listed_newest_first_with_the_number_of_each_status(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        first, second = (send(app, session, now + timedelta(hours=number), subject=f"Request {number}") for number in range(2))
        tickets.set_status(session, first, TicketStatus.SPAM, now)
        expected = [second.reference, first.reference]
    page = signed_in(RoleName.LEAD).get("/staff/requests").text
    assert references(page) == expected
    assert "1 request is new." in page
    assert re.findall(r'class="figure">(\d+)<', page) == ["1", "0", "0", "1", "0"]
    assert "2 requests" in page


def test_requests_are_found_by_words_status_and_topic(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        first = furnish(app, session, now)
        tickets.set_status(session, first, TicketStatus.CLOSED, now)
        reference = first.reference
    client = signed_in(RoleName.LEAD)
    assert references(client.get("/staff/requests?q=НАСОС").text) != []
    for query in ({"q": "anna hums"}, {"status": "closed"}, {"topic": "pump"}, {"q": reference.lower(), "status": "closed", "topic": "pump"}):
        assert references(client.get("/staff/requests", query_string=query).text) == [reference], query
    assert references(client.get("/staff/requests?q=anna&status=new").text) == []
    assert "No request fits." in client.get("/staff/requests?q=anna&status=new").text


def test_a_filter_that_does_not_exist_asks_for_everything(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        furnish(app, session, now)
    client = signed_in(RoleName.LEAD)
    for query in ("status=nothing", "topic=nothing", "page=0", "page=-1", "page=x", "page=99999999999999999999", "page=²", "status="):
        assert len(references(client.get(f"/staff/requests?{query}").text)) == 3, query


def test_a_search_for_what_no_text_holds_finds_nothing(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        furnish(app, session, now)
    client = signed_in(RoleName.LEAD)
    for words in ("%ff", "%25", "_", "%5C", "%22", "%27--", "a" * 5000):
        assert references(client.get(f"/staff/requests?q={words}").text) == [], words


def test_many_requests_come_in_pages_that_keep_the_search(
    app: Flask, database: Database, now: datetime, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    with database.writing() as session:
        for number in range(5):
            send(app, session, now + timedelta(minutes=number), subject=f"Pump {number}")
    client = signed_in(RoleName.LEAD)
    seen: list[str] = []
    address: str | None = "/staff/requests?q=pump"
    while address:
        page = client.get(address).text
        seen += re.findall(r"<bdi lang=\"en\">Pump (\d)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else None
        assert address is None or "q=pump" in address
    assert seen == ["4", "3", "2", "1", "0"]


def test_urgent_requests_are_marked_named_and_found(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        urgent = send(app, session, now, urgent="Charged twice", urgent_slug="charged-twice").reference
        other = send(app, session, now, urgent="Outage", urgent_slug="outage").reference
        plain = send(app, session, now).reference
        answered = tickets.find(session, other)
        assert answered
        tickets.set_status(session, answered, TicketStatus.ANSWERED, now)
    client = signed_in(RoleName.LEAD)
    page = client.get("/staff/requests").text
    assert "1 of them is urgent." in page
    assert "rule: Charged twice" in page
    assert len(re.findall(r'tag-alert">urgent<', page)) == 2
    assert references(client.get("/staff/requests?urgent=1").text) == [other, urgent]
    assert references(client.get("/staff/requests?urgent=1&status=new").text) == [urgent]
    assert len(references(client.get("/staff/requests?urgent=anything").text)) == 3
    assert "by the rule “Charged twice”; nothing was suggested" in client.get(f"/staff/requests/{urgent}").text
    assert "urgent" not in client.get(f"/staff/requests/{plain}").text


def test_nobody_has_written_yet(signed_in: SignIn) -> None:
    page = signed_in(RoleName.LEAD).get("/staff/requests").text
    assert "No request is new." in page
    assert "Nobody has sent a request yet." in page


def test_a_request_is_shown_with_all_that_is_needed_to_answer_it(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        reference = furnish(app, session, now).reference
    page = signed_in(RoleName.LEAD).get(f"/staff/requests/{reference}").text
    for words in (
        "Pump hums but no water comes out",
        "I cleaned the filter already.",
        "Anna Sample",
        "anna@customer.example",
        f"mailto:anna@customer.example?subject=Re%3A%20%5B{reference}%5D",
        "inlet.png",
        "Pump and hoses, 91%",
        "read for 1 min 20 s",
        "the steps failed",
        "shown, not opened",
        "Drippers stay dry",
        "The request, to the team",
        "The acknowledgement, to the customer",
        '<time datetime="2026-11-22T09:30:00Z">',
    ):
        assert words in page, words
    assert re.findall(r'tag-alert">(\w+)<', page) == ["failed"]


def test_an_article_that_was_tried_and_is_public_no_more_is_named_without_a_link(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        article = write_article(session, now, title="Withdrawn advice")
        reference = send(app, session, now, tried=[article]).reference
        article.translations[0].status = "archived"
    page = signed_in(RoleName.LEAD).get(f"/staff/requests/{reference}").text
    assert '<th scope="row">Withdrawn advice</th>' in page


def test_a_request_is_marked_and_the_page_says_so(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        reference = send(app, session, now).reference
    client = signed_in(RoleName.LEAD)
    token = csrf_token(client.get(f"/staff/requests/{reference}"))
    for status, words in (("answered", "answered elsewhere"), ("spam", "spam"), ("closed", "closed"), ("new", "new")):
        answer = client.post(f"/staff/requests/{reference}/status", data={"csrf_token": token, "status": status})
        assert (answer.status_code, answer.location) == (303, f"/staff/requests/{reference}")
        page = client.get(answer.location).text
        assert f"{reference} is now marked: {words}." in page
        assert re.search(rf'value="{status}" aria-pressed="true"', page)
        assert page.count('aria-pressed="true"') == 1
        assert f"{reference} is now marked" not in client.get(answer.location).text


@pytest.mark.parametrize("status", ["", "open", "NEW", "new; drop"])
def test_a_status_that_does_not_exist_changes_nothing(status: str, app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        reference = send(app, session, now).reference
    client = signed_in(RoleName.LEAD)
    token = csrf_token(client.get(f"/staff/requests/{reference}"))
    assert client.post(f"/staff/requests/{reference}/status", data={"csrf_token": token, "status": status}).status_code == 400
    with database.reading() as session:
        ticket = tickets.find(session, reference)
        assert ticket
        assert (ticket.status, ticket.updated_at) == ("new", now)


@pytest.mark.parametrize("path", ["T-222222", "x", "T-222222/files/1", "%00", "%ff", "T-2222222222222222222222222222222222222222222222222222"])
def test_a_request_that_does_not_exist_is_not_found(path: str, signed_in: SignIn) -> None:
    assert signed_in(RoleName.LEAD).get(f"/staff/requests/{path}").status_code == 404


def test_a_file_comes_as_it_was_sent(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        reference = send(app, session, now, filename="Насос 泵.png").reference
    client = signed_in(RoleName.LEAD)
    found = re.search(r'href="(/staff/requests/[^"]+/files/\d+)"', client.get(f"/staff/requests/{reference}").text)
    assert found
    with client.get(found[1]) as answer:
        assert (answer.data, answer.mimetype) == (PICTURE, "image/png")
        assert "filename*=UTF-8''%D0%9D%D0%B0%D1%81%D0%BE%D1%81%20%E6%B3%B5.png" in answer.headers["Content-Disposition"]
    assert client.get(f"/staff/requests/{reference}/files/99999999999999999999").status_code == 404


def test_a_request_without_anything_beside_it_says_so(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    with database.writing() as session:
        ticket = send(app, session, now, name="", subject="", topic="", predicted_topic="")
        for message in outbox.of_ticket(session, ticket.id):
            session.delete(message)
        reference = ticket.reference
    page = signed_in(RoleName.LEAD).get(f"/staff/requests/{reference}").text
    for words in ("Without a subject", "not given", "none chosen", "No article was shown before", "No mail was made"):
        assert words in page
