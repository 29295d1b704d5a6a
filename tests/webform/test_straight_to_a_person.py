"""Texts that must reach a person, and answers that were read: what the form shows, stores, counts and sends."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deflection.events import Kind, record
from deflection.reports import report
from deflection.visits import Arm, Visit, find_visit
from kb import rules
from kb.articles import find_article
from kb.database import Database
from tests.webform.form_world import HUM, events, heading, open_form, send, tickets, write_articles
from tests.webform.sending import mail
from webform import web
from webform.outbox import MessageKind
from webform.topics import find

JSON = {"Accept": "application/json"}
URGENT = {"en": "You charged my card twice for one pump", "ru": "С карты дважды списали деньги за насос", "zh": "水泵订单重复扣款，请退款"}


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"GATE": "0.01", "SUGGESTIONS_PER_MINUTE": "1000"}


@pytest.fixture(autouse=True)
def knowledge(database: Database, now: datetime) -> None:
    write_articles(database, now)
    with database.writing() as session:
        rules.load_defaults(session, language="en", now=now)


def number(database: Database, name: str) -> int:
    with database.reading() as session:
        found = find_article(session, name)
        assert found
        return found.id


def visit_of(app: Flask, database: Database, token: str) -> Visit:
    with database.reading() as session:
        found = find_visit(session, app.extensions[web.TOKENS].read_visit(token, hours=1000))
        assert found
        return found


def note(app: Flask, database: Database, token: str, kind: Kind, article: int) -> None:
    with database.writing() as session:
        found = find_visit(session, app.extensions[web.TOKENS].read_visit(token, hours=1000))
        assert found
        record(session, found, kind, articles=[article], seconds=9 if kind is Kind.READ else None, now=datetime.now(UTC))


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_an_urgent_text_gets_a_calm_line_and_no_article(client: FlaskClient, language: str) -> None:
    answer = client.post("/suggestions", data={"visit": open_form(client), "message": URGENT[language], "language": language})
    assert 'data-still="straight"' in answer.text
    assert "data-article" not in answer.text
    assert answer.headers["X-Engaged"] == "1"


def test_a_program_is_told_that_a_text_goes_straight_to_a_person_but_not_by_which_rule(client: FlaskClient) -> None:
    answer = client.post("/suggestions", json={"visit": open_form(client), "message": URGENT["en"]}, headers=JSON)
    assert answer.json is not None
    assert (answer.json["suggestions"], answer.json["straight"]) == ([], True)
    assert "harged" not in answer.text
    plain = client.post("/suggestions", json={"visit": open_form(client), "message": HUM}, headers=JSON).json
    assert plain is not None
    assert set(plain) == {"suggestions", "gate"}


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_without_a_script_an_urgent_text_is_sent_without_a_page_in_between(client: FlaskClient, database: Database, language: str) -> None:
    assert send(client, f"/?lang={language}", message=URGENT[language]).status_code == 303
    (ticket,) = tickets(database)
    assert (ticket.urgent, ticket.urgent_slug) == ("Charged twice", "charged-twice")
    assert ticket.offered_article_id is None


def test_an_ordinary_request_is_not_urgent(client: FlaskClient, database: Database) -> None:
    assert send(client, confirmed="1").status_code == 303
    (ticket,) = tickets(database)
    assert (ticket.urgent, ticket.urgent_slug) == ("", "")


def test_a_topic_that_people_alone_answer_makes_a_request_urgent(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        topic = find(session, "billing")
        assert topic
        topic.suggests = False
    assert send(client, topic="billing").status_code == 303
    (ticket,) = tickets(database)
    assert (ticket.urgent, ticket.urgent_slug) == ("Invoices and payment", "topic-billing")


def test_an_urgent_request_of_a_program_is_marked_as_well(client: FlaskClient, database: Database) -> None:
    sent = client.post("/api/v1/requests", json={"message": URGENT["ru"], "email": "anna@customer.example", "language": "ru"})
    assert sent.status_code == 201
    assert tickets(database)[0].urgent_slug == "charged-twice"


def test_the_rules_hold_also_where_there_is_no_time_for_suggestions(app: Flask, client: FlaskClient, database: Database) -> None:
    app.config["SUGGEST_SECONDS"] = 0.0
    assert 'data-still="straight"' in client.post("/suggestions", data={"visit": open_form(client), "message": URGENT["en"]}).text
    assert send(client, message=URGENT["en"]).status_code == 303
    assert tickets(database)[0].urgent == "Charged twice"


def test_the_team_reads_by_which_rule_a_request_is_urgent(client: FlaskClient, database: Database) -> None:
    send(client, message=URGENT["en"])
    send(client, confirmed="1")
    urgent, ordinary = tickets(database)
    with database.reading() as session:
        message, plain = mail(session, urgent, MessageKind.REQUEST), mail(session, ordinary, MessageKind.REQUEST)
        acknowledgement = mail(session, urgent, MessageKind.ACKNOWLEDGEMENT)
    assert (message["X-Webform-Priority"], message["X-Webform-Rule"], message["X-Priority"], message["Importance"]) == ("urgent", "charged-twice", "1", "high")
    assert (plain["X-Webform-Priority"], plain["X-Webform-Rule"], plain["X-Priority"], plain["Importance"]) == ("normal", None, None, None)
    texts = [part.get_content() for part in message.walk() if part.get_content_type() in {"text/plain", "text/html"}]
    assert len(texts) == 2
    assert all("Charged twice" in text for text in texts)
    document = next(part for part in message.iter_attachments() if part.get_filename() == "request.json")
    told = json.loads(document.get_content())
    assert (told["priority"], told["urgent"]) == ("urgent", {"rule": "Charged twice", "slug": "charged-twice"})
    assert "Charged twice" not in acknowledgement.as_string()


@pytest.mark.parametrize("share", ["0", "0.5"])
def test_such_visits_are_neither_shown_nor_withheld_and_no_engaged_visits(app: Flask, client: FlaskClient, database: Database, share: str) -> None:
    app.config["HOLDOUT_SHARE"] = float(share)
    tokens = [open_form(client) for _ in range(8)]
    for token in tokens:
        client.post("/suggestions", data={"visit": token, "message": URGENT["en"]})
        assert events(app, database, token) == []
        assert visit_of(app, database, token).straight
    client.post("/suggestions", data={"visit": tokens[0], "message": HUM})
    assert not visit_of(app, database, tokens[0]).straight
    moment = datetime.now(UTC)
    with database.reading() as session:
        made = report(session, since=moment - timedelta(hours=1), until=moment + timedelta(hours=1))
        arms = {Arm(each.arm) for each in session.scalars(select(Visit))}
    assert arms == ({Arm.TREATMENT} if share == "0" else set(Arm))
    figures = made.arms.values()
    assert [sum(getattr(each, name) for each in figures) for name in ("visits", "straight", "engaged")] == [8, 7, 1]


def test_the_holdout_sees_no_calm_line_either(app: Flask, client: FlaskClient) -> None:
    app.config["HOLDOUT_SHARE"] = 1.0
    assert client.post("/suggestions", data={"visit": open_form(client), "message": URGENT["en"]}).text == ""


def test_an_article_that_was_read_is_not_shown_again_and_one_only_glanced_at_is(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        pin = rules.Draft(rules.RuleKind.PIN, "Invoices", {"en": "my invoice"}, article_id=number(database, "invoice"))
        rules.add(session, pin, author="", now=now)
    token, pump = open_form(client), number(database, "pump")
    asked = {"visit": token, "message": HUM + ", and where is my invoice?"}
    shown = client.post("/suggestions", json=asked, headers=JSON).json["suggestions"]  # type: ignore[index]
    assert pump in [each["article"] for each in shown]
    assert len(shown) > 1
    note(app, database, token, Kind.OPENED, pump)
    assert pump in [each["article"] for each in client.post("/suggestions", json=asked, headers=JSON).json["suggestions"]]  # type: ignore[index]
    note(app, database, token, Kind.READ, pump)
    answer = client.post("/suggestions", json=asked, headers=JSON).json
    assert answer is not None
    assert [each["rank"] for each in answer["suggestions"]] == list(range(1, len(shown)))
    assert pump not in [each["article"] for each in answer["suggestions"]]
    assert "all_read" not in answer


def test_when_every_good_article_was_read_the_form_says_so(app: Flask, client: FlaskClient, database: Database) -> None:
    token = open_form(client)
    shown = client.post("/suggestions", json={"visit": token, "message": HUM}, headers=JSON).json["suggestions"]  # type: ignore[index]
    for each in shown:
        note(app, database, token, Kind.READ, each["article"])
    answer = client.post("/suggestions", json={"visit": token, "message": HUM + " at all"}, headers=JSON).json
    assert answer is not None
    assert (answer["suggestions"], answer["all_read"]) == ([], True)
    fragment = client.post("/suggestions", data={"visit": token, "message": HUM + " now"}).text
    assert 'data-still="read"' in fragment
    assert "/help/en/the-pump-runs" in fragment
    other = client.post("/suggestions", data={"visit": open_form(client), "message": HUM}).text
    assert "data-article" in other


def test_without_a_script_the_page_in_between_says_it_and_send_is_its_main_button(app: Flask, client: FlaskClient, database: Database) -> None:
    everything = ",".join(str(number(database, name)) for name in ("pump", "invoice", "sensor", "parcel"))
    page = send(client, read=everything)
    assert page.status_code == 200
    assert heading(page) == "Before we send this"
    assert "You have read what we know about this" in page.text
    assert "data-article" not in page.text
    assert '<button class="button" type="submit" name="confirmed" value="1">Send</button>' in page.text
    assert f'name="read" value="{",".join(map(str, sorted(map(int, everything.split(",")))))}"' in page.text
    assert tickets(database) == []


def test_an_article_page_hands_its_number_to_the_form_which_leaves_it_out(client: FlaskClient, database: Database) -> None:
    pump = number(database, "pump")
    page = client.get("/help/en/the-pump-runs-but-no-water-comes-out").text
    assert f'href="/?lang=en&amp;read={pump}"' in page
    form = client.get(f"/?lang=en&read={pump}").text
    assert f'name="read" value="{pump}"' in form
    answer = client.post("/suggestions", data={"visit": open_form(client), "message": HUM, "read": str(pump)}).text
    assert f'data-article="{pump}"' not in answer


@pytest.mark.parametrize("words", ["<script>", "1;2", "-1", "9" * 30, "1," * 500, "٣", "\0"])
def test_what_is_no_number_is_passed_over(client: FlaskClient, words: str) -> None:
    form = client.get("/", query_string={"read": words})
    assert form.status_code == 200
    assert "<script>" not in form.text.partition("<body")[2].partition('<script type="module"')[0]
    assert client.post("/suggestions", data={"visit": open_form(client), "message": HUM, "read": words}).status_code == 200
    assert send(client, read=words).status_code == 200


def test_an_article_that_was_read_before_is_not_offered_in_the_acknowledgement(client: FlaskClient, database: Database) -> None:
    everything = ",".join(str(number(database, name)) for name in ("pump", "invoice", "sensor", "parcel"))
    send(client, confirmed="1", read=everything)
    assert tickets(database)[0].offered_article_id is None
