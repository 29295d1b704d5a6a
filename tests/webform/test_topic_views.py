"""Topics and their questions, as leads edit them."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb import trace
from kb.database import Database
from kb.trace import Asked
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import write_articles
from webform import field_sets, topics
from webform.staff import RoleName


@pytest.fixture
def lead(database: Database, now: datetime, signed_in: SignIn) -> FlaskClient:
    write_articles(database, now)
    return signed_in(RoleName.LEAD)


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/staff/topics")), **fields})


GOOD = {
    "name-en": "Returns",
    "help-en": "Ten days to send it back.",
    "name-ru": "Возврат",
    "icon": "parcel",
    "priority": "high",
    "hours": "4",
    "active": "1",
    "suggests": "1",
}


def test_a_lead_makes_orders_changes_and_retires_a_topic_and_the_trace_tells(lead: FlaskClient, database: Database) -> None:
    assert post(lead, "/staff/topics/new", **GOOD, addresses="returns@example.org, desk@example.org", languages=["en", "ru"]).status_code == 303
    form = lead.get("/?topic=returns&lang=en").text
    assert 'value="returns" selected' in form
    assert "Ten days to send it back." in form
    assert form.index("within 4 hours") > form.index('id="promise"')
    assert '<template data-promise="returns">A person answers by e-mail, as a rule within 4 hours.' in form
    assert '<template data-promise="">A person answers by e-mail, as a rule within 24 hours.' in form
    assert "Beside Send: A person answers by e-mail, as a rule within 4 hours." in " ".join(lead.get("/staff/topics/returns").text.split())
    assert 'value="returns"' not in lead.get("/?lang=zh").text
    assert post(lead, "/staff/topics/returns/move", to="up").status_code == 303
    with database.reading() as session:
        assert [topic.slug for topic in topics.every(session)] == ["pump", "app", "orders", "billing", "returns", "other"]
        made = topics.find(session, "returns")
        assert made is not None
        assert made.addresses == ["returns@example.org", "desk@example.org"]
    assert post(lead, "/staff/topics/returns", **GOOD, version="7").status_code == 409
    assert post(lead, "/staff/topics/returns", **{name: value for name, value in GOOD.items() if name != "active"}, version="1").status_code == 303
    assert 'value="returns"' not in lead.get("/?lang=en").text
    with database.reading() as session:
        deeds = [(deed.action, deed.fields) for deed in trace.page(session, Asked(subject="topic:returns")).deeds]
    assert [action for action, _ in deeds] == ["changed", "moved", "added"]
    assert {"active", "languages", "addresses"} <= set(deeds[0][1])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name-en": "", "name-ru": ""}, "Give the topic a name in one language at least"),
        ({"addresses": "nobody"}, "Check nobody: no mail can be sent to it"),
        ({"addresses": "help@example.com"}, "its mail would come back"),
        ({"addresses": " ".join(f"a{number}@example.org" for number in range(6))}, "Write at most 5 addresses"),
        ({"hours": "0"}, "Write whole hours from 1 to 1000"),
        ({"name-en": "x" * 101}, "Shorten the name to 100 characters"),
    ],
)
def test_a_topic_that_cannot_be_is_refused_in_words(lead: FlaskClient, fields: dict[str, str], words: str) -> None:
    answer = post(lead, "/staff/topics/new", **(GOOD | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Возврат" in answer.text or "name-ru" in fields


def ask(lead: FlaskClient, database: Database, key: str = "new", **fields: object) -> TestResponse:
    with database.reading() as session:
        kept = field_sets.newest(session, "orders")
    return post(lead, f"/staff/topics/orders/fields/{key}", version=str(kept.version if kept else 0), **fields)


def test_questions_are_asked_changed_moved_and_kept_in_versions(lead: FlaskClient, database: Database) -> None:
    choices = {"option-0-en": "Pump", "option-0-ru": "Насос", "option-0-place": "2", "option-1-en": "Hose", "option-1-place": "1"}
    assert ask(lead, database, **{"kind": "choice", "label-en": "Product", "label-ru": "Изделие", **choices}).status_code == 303
    wanted = {"kind": "order", "label-en": "Serial number", "pattern": "MG-#{4}", "required": "1", "when": "product=pump"}
    assert ask(lead, database, **wanted).status_code == 303
    page = lead.get("/staff/topics/orders/fields").text
    assert "Only if “Product” is: Pump" in page
    with database.reading() as session:
        kept = field_sets.newest(session, "orders")
        assert kept is not None
        assert [(each.key, [option.key for option in each.options]) for each in kept.questions] == [("product", ["hose", "pump"]), ("serial-number", [])]
    moved = post(lead, "/staff/topics/orders/fields/serial-number/move", to="up", version="2")
    assert moved.status_code == 303
    assert "depends on a question that must stand above it" in lead.get("/staff/topics/orders/fields").text
    assert post(lead, "/staff/topics/orders/fields/product/delete", version="2").status_code == 303
    assert post(lead, "/staff/topics/orders/fields/serial-number/delete", version="1").status_code == 303
    with database.reading() as session:
        assert len(field_sets.versions(session, "orders")) == 2
    assert post(lead, "/staff/topics/orders/fields/serial-number/delete", version="2").status_code == 303
    pages = [lead.get(f"/staff/topics/orders/fields?version={version}").text for version in (2, 3)]
    assert ["Serial number" in re.sub(r"(?s)<nav.*?</nav>", "", page) for page in pages] == [True, False]
    for path in ("/staff/topics/orders/fields/none", "/staff/topics/none/fields", "/staff/topics/none"):
        assert lead.get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "text"}, "Write the question in one language at least"),
        ({"kind": "choice", "label-en": "Q", "option-0-en": "One"}, "Write two choices at least"),
        ({"kind": "order", "label-en": "Q", "pattern": "#{9999}"}, "This pattern cannot be read"),
        ({"kind": "number", "label-en": "Q", "least": "5", "most": "1"}, "the smaller one first"),
        ({"kind": "text", "label-en": "Q", "when": "nothing=1"}, "is asked only if a choice was made that would be gone"),
        ({"kind": "text", "label-en": "Q", "when": ["a=1", "b=1"]}, "Choose answers of one question only"),
    ],
)
def test_a_question_that_cannot_be_is_refused_in_words(lead: FlaskClient, database: Database, fields: dict[str, object], words: str) -> None:
    answer = ask(lead, database, **fields)
    assert answer.status_code == 422
    assert words in answer.text
