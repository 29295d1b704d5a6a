"""The trace on the desk: every change leaves a line with before and after, which leads find, read and take out."""

import csv
import io
import json
import re
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from kb import gate_choices, imports, tending, trace
from kb.database import Database
from kb.examples import add_example
from kb.trace import Asked, record
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import fail, furnish, write_article
from tests.webform.test_fields import PRODUCT, SERIAL
from webform import field_views, outbox, topics, trace_words
from webform.cli import webform
from webform.hand_over import Channels
from webform.hooks import Hook
from webform.routing import Actions, Conditions
from webform.skips import Skip
from webform.staff import RoleName
from webform.topics import Topic

SECRET = "Anna Sample of Elm Street 5 says that the pump hums"


def deeds(database: Database) -> list[tuple[object, ...]]:
    return [(deed.actor, deed.action, deed.subject, deed.before, deed.after) for deed in reversed(list(trace.stream(database, Asked())))]


def test_an_import_leaves_a_line_of_its_own_and_one_for_each_article(database: Database, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "air.md").write_text("---\nid: air\nlang: en\ntitle: Air\n---\nLet it out.\n", "utf-8")
    imports.import_articles(database, folder, now=now)
    imports.import_articles(database, folder, now=now)
    assert [(deed[0], deed[1], deed[2]) for deed in deeds(database)] == [
        ("import", "created", "article:air/en"),
        ("import", "imported", f"import:{folder.name}"),
    ]


def test_the_gate_and_examples_refer_to_their_own_histories_and_never_to_a_text(database: Database, now: datetime) -> None:
    with database.writing() as session:
        choice = gate_choices.choose(session, 0.4, previous=0.25, by="lead@x.example", reason="Fewer needless answers", now=now).id
        example = add_example(session, SECRET, "en", None, "staff", now)
        assert example
        tending.add(session, example, "lead@x.example", now)
        tending.confirm(session, [example.id], "lead@x.example", now)
        tending.delete(session, [example.id], "lead@x.example", now)
    assert deeds(database)[0] == ("lead@x.example", "chosen", "gate", {"gate": 0.25}, {"gate": 0.4, "choice": choice})
    assert [deed[1] for deed in deeds(database)[1:]] == ["added", "deleted"]
    assert "Elm" not in json.dumps(deeds(database))


def test_staff_leave_lines_on_the_command_line_without_their_passwords(app: Flask, database: Database) -> None:
    invoke = app.test_cli_runner().invoke
    for words in (
        ("add", "anna@x.example"),
        ("role", "anna@x.example", "lead"),
        ("role", "anna@x.example", "lead"),
        ("password", "anna@x.example"),
        ("revoke", "anna@x.example"),
    ):
        assert invoke(webform, ["staff", *words]).exit_code == 0
    told = [deed[1:] for deed in deeds(database)]
    assert told == [
        ("added", "staff:anna@x.example", {}, {"role": "writer", "active": True}),
        ("changed", "staff:anna@x.example", {"role": "writer"}, {"role": "lead"}),
        ("changed", "staff:anna@x.example", {}, {"password": "new"}),
        ("revoked", "staff:anna@x.example", {"active": True}, {"active": False}),
    ]
    assert all(str(deed[0]).startswith("command line") for deed in deeds(database))


def test_what_leads_do_on_the_desk_leaves_lines_with_their_names(app: Flask, database: Database, signed_in: SignIn) -> None:
    moment = datetime.now(UTC)
    with database.writing() as session:
        topics.load_defaults(session)
        ticket = furnish(app, session, moment)
        write_article(session, moment, external_id="air")
        mail = outbox.of_ticket(session, ticket.id)[0]
        fail(session, mail, moment)
        reference, number = ticket.reference, mail.id
    lead = signed_in(RoleName.LEAD)
    token = csrf_token(lead.get("/staff/rules"))

    def post(path: str, **fields: str) -> None:
        assert lead.post(path, data={"csrf_token": token, **fields}).status_code == 303, path

    post("/staff/words", language="ru", version="0", synonyms="насос = помпа", stop_words="")
    post("/staff/rules/new/person", name="Florists", **{"phrases-en": "wilted roses", "active": "1"})
    post("/staff/rules/1", name="Flowers", version="1", **{"phrases-en": "wilted roses\ndead tulips", "active": "1"})
    post("/staff/rules/1/delete", version="2")
    post("/staff/rules/exclusions", article="air")
    post("/staff/rules/exclusions/1/delete")
    post("/staff/rules/topics/pump", suggests="0")
    post(f"/staff/requests/{reference}/status", status="closed")
    post(f"/staff/outbox/{number}/retry")
    told = deeds(database)
    assert {deed[0] for deed in told} == {"lead@example.com"}
    assert [(deed[1], deed[2].partition(":")[0]) for deed in told] == [  # type: ignore[attr-defined]
        ("changed", "words"), ("added", "rule"), ("changed", "rule"), ("deleted", "rule"), ("added", "exclusion"), ("deleted", "exclusion"),
        ("changed", "topic"), ("marked", "request"), ("retried", "mail"),
    ]  # fmt: skip
    assert told[0][4] == {"synonyms": ["насос = помпа"]}
    assert told[2][3:] == ({"name": "Florists", "phrases.en": []}, {"name": "Flowers", "phrases.en": ["dead tulips"]})
    assert told[6][3:] == ({"suggests": True}, {"suggests": False})
    assert told[7][2:] == (f"request:{reference}", {"status": "new"}, {"status": "closed"})
    page = lead.get("/staff/trace?lang=en").text
    assert "dead tulips" in page
    assert "9 changes" in page


def test_every_field_has_a_name_in_the_readers_language(app: Flask, database: Database, signed_in: SignIn) -> None:
    questions = field_views._told([PRODUCT, SERIAL])
    routed = {each.name for kind in (Conditions, Actions) for each in dataclass_fields(kind)}
    others = {
        *Topic(names={"en": "Pump"}, helps={"en": "Hums"}, more_addresses=[]).facts(),
        *Skip(name="A").facts(),
        *Channels().facts(),
        *Hook(url="", events="", details="").facts(),
    }
    with app.test_request_context("/?lang=ru"):
        unnamed = [name for name in routed | others | set(questions) | {"position", "version", "marks"} if not re.search("[а-я]{2}", trace_words.field(name))]
        assert unnamed == []
        assert trace_words.value("priority", "high") == "высокий"
    lead = signed_in(RoleName.LEAD)
    with database.writing() as session:
        changed = field_views._told([PRODUCT, replace(SERIAL, required=not SERIAL.required)])
        record(session, actor="lead@example.com", action="changed", subject="topic:pump", before=questions, after=changed, now=datetime.now(UTC))
    page = " ".join(lead.get("/staff/trace?lang=en").text.split())
    assert "<dt>question “serial”: must be answered</dt>" in page
    assert page.count("<dt>") == 1


def test_the_page_finds_by_person_kind_one_thing_and_days(database: Database, signed_in: SignIn) -> None:
    with database.writing() as session:
        for day, actor, kind in ((20, "anna@x.example", "rule"), (21, "boris@x.example", "rule"), (22, "anna@x.example", "article")):
            record(session, actor=actor, action="changed", subject=f"{kind}:no {day}", now=datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    client = signed_in(RoleName.LEAD)
    asked = {
        "": {20, 21, 22}, "actor=anna@x.example": {20, 22}, "kind=rule": {20, 21}, "subject=rule:no 21": {21}, "from=2026-11-21": {21, 22},
        "to=2026-11-21": {20, 21}, "from=2026-11-21&to=2026-11-21": {21}, "from=yesterday&page=-1": {20, 21, 22}, "from=9999-12-31": set(),
        "to=0001-01-01": set(),
    }  # fmt: skip
    for query, found in asked.items():
        page = client.get(f"/staff/trace?{query}").text
        assert {day for day in (20, 21, 22) if f"no {day}</bdi></a>" in page} == found, query


def test_a_table_and_json_can_be_taken_out_and_no_cell_becomes_a_formula(database: Database, signed_in: SignIn) -> None:
    with database.writing() as session:
        now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
        record(
            session,
            actor="a@x.example",
            action="changed",
            subject="article:air/en",
            before={"title": "Air", "n": 1},
            after={"title": '=HYPERLINK("x")', "n": 2},
            now=now,
        )
        record(session, actor="b@x.example", action="deleted", subject="rule:5", now=now)
    client = signed_in(RoleName.LEAD)
    answer = client.get("/staff/trace.csv?kind=article")
    assert answer.headers["Content-Disposition"] == "attachment; filename=trace.csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    told = ["2026-11-22T09:30:00Z", "a@x.example", "changed", "article:air/en"]
    assert rows == [["at", "actor", "action", "subject", "field", "before", "after"], [*told, "n", "1", "2"], [*told, "title", "Air", '\'=HYPERLINK("x")']]
    plain = client.get("/staff/trace.json").json
    assert [(each["actor"], each["before"], each["after"]) for each in plain] == [
        ("b@x.example", {}, {}),
        ("a@x.example", {"title": "Air", "n": 1}, {"title": '=HYPERLINK("x")', "n": 2}),
    ]
    assert client.get("/staff/trace.json?kind=nothing").json == []


def test_what_people_wrote_stands_on_the_page_as_text(database: Database, signed_in: SignIn) -> None:
    with database.writing() as session:
        record(session, actor="<b>x", action="<i>y", subject="article:<u>z", before={"<s>": "<em>"}, after={"<s>": ["<q>", "x" * 190]}, now=datetime.now(UTC))
    page = signed_in(RoleName.LEAD).get("/staff/trace").text
    assert [tag for tag in ("<b>x", "<i>y", "<u>z", "<s>", "<em>", "<q>") if tag in page] == []
    assert "&lt;em&gt;" in page
