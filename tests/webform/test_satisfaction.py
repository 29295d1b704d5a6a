"""The question how it was: asked once, by mail, of people, about what the team closed; answered with a press of a button."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.database import Database
from tests.webform.conftest import SignIn
from tests.webform.posting import delivered
from tests.webform.sending import accept, body, terms_of
from webform import satisfaction, satisfaction_mail, satisfaction_report, tickets, web
from webform.rounds import Rounds
from webform.satisfaction import Satisfaction, Score
from webform.satisfaction_report import Tally, satisfaction_between
from webform.staff import RoleName
from webform.terms import terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def closed(session: Session, app: Flask, now: datetime, *, by: Party = Party.TEAM, status: TicketStatus = TicketStatus.CLOSED, **texts: str) -> Ticket:
    ticket = accept(session, app, now - 2 * DAY, **texts)
    tickets.set_status(session, ticket, status, now - DAY, by=by)
    return ticket


def asked(session: Session) -> list[str]:
    wanted = select(Ticket.email).join(Satisfaction, Satisfaction.ticket_id == Ticket.id).where(Satisfaction.asked_at.is_not(None))
    return list(session.scalars(wanted.order_by(Ticket.email)))


def test_only_people_whose_request_the_team_closed_are_asked_and_once(app: Flask, database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        first = closed(session, app, now, email="anna@customer.example", message="<script>lure</script>")
        closed(session, app, now, email="ANNA@customer.example", message="Another")
        closed(session, app, now, email="by-herself@customer.example", by=Party.CUSTOMER)
        closed(session, app, now, email="answered@customer.example", status=TicketStatus.ANSWERED)
        closed(session, app, now, email="noreply@customer.example")
        closed(session, app, now, email="team@example.com")
        closed(session, app, now - 8 * DAY, email="long-ago@customer.example")
        quiet = closed(session, app, now, email="quiet@customer.example")
        satisfaction.ask_no_more(session, satisfaction_mail.address_key(quiet, terms_of(app)), now)
        again = closed(session, app, now, email="again@customer.example")
        tickets.set_status(session, again, TicketStatus.NEW, now - HOUR, by=Party.CUSTOMER)
        late = closed(session, app, now + HOUR, email="late@customer.example")
        rounds = Rounds(database, terms(app.config, app.extensions[web.TOKENS]), lambda _session: now)
    assert rounds.run() == ["1 customers are asked how it was"]
    with database.reading() as session:
        assert asked(session) == ["anna@customer.example"]
        assert not satisfaction_mail.any_due(session, terms_of(app), now)
        assert not satisfaction_mail.any_due(session, terms_of(app, satisfaction_hours=0), now + 2 * HOUR)
        assert [each.id for each in satisfaction.due(session, DAY, now + HOUR)] == [late.id]
    (mail,) = [each for each in delivered(database) if "How was it?" in each["Subject"]]
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert mail["In-Reply-To"] == mail["References"] == first.message_id
    assert str(mail["To"]) == "anna@customer.example"
    for text in (body(mail), body(mail, "html")):
        assert "lure" not in text
        assert len(set(re.findall(r"satisfaction\?key=[\w.-]+&(?:amp;)?answer=(good|middling|bad)", text))) == 3
        assert "/quiet?key=" in text


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_a_link_opens_a_page_and_a_press_counts_and_is_changed_once(language: str, app: Flask, client: FlaskClient, database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        ticket = closed(session, app, now, interface_language=language)
        assert satisfaction_mail.ask(session, terms_of(app), now) == 1
    key = terms_of(app).tokens.request_key(ticket.reference)
    path = f"/requests/{ticket.reference}/satisfaction"

    def stands() -> tuple[str, str]:
        with database.reading() as session:
            found = satisfaction.of_ticket(session, ticket.id)
            assert found is not None
            return found.score, found.comment

    page = client.get(f"{path}?key={key}&answer=good")
    assert re.search(r'value="good" required checked', page.text)
    assert "Set-Cookie" not in page.headers
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert stands() == ("", "")
    assert client.post(path, data={"key": "forged", "score": "good"}).status_code == 404
    assert client.post(f"{path}?key={key}", data={"score": "good"}).status_code == 404
    assert client.post(path, data={"key": key, "score": "splendid"}).status_code == 422
    assert client.post(path, data={"key": key, "score": "good", "comment": "x" * 2001}).status_code == 422
    assert stands() == ("", "")
    answers = [client.post(path, data={"key": key, "score": score, "comment": "<b>"}).status_code for score in ("good", "good", "bad", "middling", "bad")]
    assert answers == [200, 200, 200, 409, 200]
    assert stands() == ("bad", "<b>")
    assert f'lang="{language}"' in client.get(f"{path}?key={key}").text
    assert "<form" not in client.get(f"{path}?key={key}").text


def test_an_answer_stands_after_a_week(database: Database, app: Flask, now: datetime) -> None:
    with database.writing() as session:
        closed(session, app, now)
        satisfaction_mail.ask(session, terms_of(app), now)
        question = session.scalars(select(Satisfaction)).one()
        assert satisfaction.answer(session, question, Score.GOOD, "", now)
        assert not satisfaction.answer(session, question, Score.BAD, "", now + 7 * DAY)
        assert question.score == "good"


def test_who_says_so_is_not_asked_again_and_what_was_not_asked_has_no_page(app: Flask, client: FlaskClient, database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        ticket = closed(session, app, now)
    key = terms_of(app).tokens.request_key(ticket.reference)
    assert client.get(f"/requests/{ticket.reference}/satisfaction?key={key}").status_code == 404
    assert client.get(f"/requests/{ticket.reference}/quiet?key={key}").status_code == 200
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(satisfaction.NotAsked)) == 0
    assert client.post(f"/requests/{ticket.reference}/quiet", data={"key": key}).status_code == 200
    with database.writing() as session:
        assert satisfaction_mail.ask(session, terms_of(app), now) == 0
        assert not satisfaction_mail.any_due(session, terms_of(app), now)


def test_leads_read_the_share_with_its_bounds_and_take_the_answers_out(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    scores, references = [Score.GOOD] * 3 + [Score.MIDDLING, Score.BAD], []
    with database.writing() as session:
        for number, score in enumerate([*scores, None]):
            language = "ru" if number == 4 else "en"
            texts = {"message": f"Number {number}", "interface_language": language}
            references.append(closed(session, app, now, email=f"a{number}@customer.example", **texts).reference)
            satisfaction_mail.ask(session, terms_of(app), now)
            question = session.scalars(select(Satisfaction).order_by(Satisfaction.id.desc()).limit(1)).one()
            if score:
                satisfaction.answer(session, question, score, "=1+1" if score == Score.BAD else "", now)
        tally = satisfaction_between(session, now, now + HOUR)
        assert tally == Tally(6, 3, 1, 1)
        assert satisfaction_between(session, now + HOUR, now + DAY) == Tally()
        report = satisfaction_report.report(session, now, now + HOUR)
        assert report.languages == {"en": Tally(5, 3, 1, 0), "ru": Tally(1, 0, 0, 1)}
        assert [day.isoformat() for day in report.weeks] == ["2026-11-16"]
        assert (round(tally.interval.low, 3), round(tally.interval.high, 3)) == (0.231, 0.882)
    client, days = signed_in(RoleName.LEAD), "?from=2026-11-01&to=2026-11-30"
    page = client.get("/staff/satisfaction" + days).text
    for words in ("60%", "between 23% and 88%", "=1+1", "Week that began on"):
        assert words in page
    rows = list(csv.reader(io.StringIO(client.get("/staff/satisfaction.csv" + days).text)))
    assert [row[3] for row in rows[1:]] == ["good", "good", "good", "middling", "bad"]
    assert rows[-1][4] == "'=1+1"
    told = re.search(r"<dt>How it was</dt><dd>(.*?)</dd>", client.get(f"/staff/requests/{rows[-1][0]}").text)
    assert told is not None
    assert told[1] == 'Bad<br><span class="words-plain" dir="auto">=1+1</span>'
    assert "How it was" not in client.get(f"/staff/requests/{references[-1]}").text  # Nobody has answered.
    assert "Nobody has answered yet" in client.get("/staff/satisfaction?from=2020-01-01&to=2020-02-01").text
    assert client.get("/staff/satisfaction?from=0001-01-01&to=nonsense").status_code == 200
