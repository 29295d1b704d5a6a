from datetime import datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb import rules
from kb.articles import find_article
from kb.database import Database
from kb.rules import Rule, RuleKind
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.form_world import write_articles
from webform.staff import RoleName
from webform.topics import find


@pytest.fixture(autouse=True)
def knowledge(database: Database, now: datetime) -> None:
    write_articles(database, now)
    with database.writing() as session:
        rules.load_defaults(session, language="en", now=now)


@pytest.fixture
def lead(signed_in: SignIn) -> FlaskClient:
    return signed_in(RoleName.LEAD)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client.get("/staff/rules")), **fields})


def kept(database: Database, kind: RuleKind) -> list[Rule]:
    with database.reading() as session:
        return rules.rules(session, kind)


def test_every_rule_is_listed_with_its_phrases_by_language(lead: FlaskClient) -> None:
    page = lead.get("/staff/rules").text
    for words in ("Charged twice", "Bereavement", "Outage", "Legal matter", "Hacked account", "Accessibility", "Russian", "Nothing is left out."):
        assert words in page, words


def test_writers_may_not_open_the_rules(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    assert client.get("/staff/rules").status_code == 403
    assert client.get("/staff/rules/new/person").status_code == 403


def test_a_new_rule_holds_at_once(lead: FlaskClient, database: Database) -> None:
    fields = {"name": "Angry florists", "phrases-en": "wilted roses\n-fresh roses", "phrases-ru": "увядшие розы", "active": "1"}
    assert post(lead, "/staff/rules/new/person", **fields).status_code == 303
    rule = kept(database, RuleKind.PERSON)[-1]
    assert (rule.name, rule.phrases["en"], rule.changed_by) == ("Angry florists", "wilted roses\n-fresh roses", "lead@example.com")
    tried = post(lead, "/staff/rules/try", text="The wilted roses are a shame").text
    assert "Straight to a person, by “Angry florists”: the phrase <code>wilted roses</code> fits." in tried
    assert "No rule fits" in post(lead, "/staff/rules/try", text="A pump hums").text


def test_a_text_that_is_tried_stays_on_its_page_and_is_never_in_an_address(lead: FlaskClient) -> None:
    answer = post(lead, "/staff/rules/try", text="</textarea><script>alert(1)</script> charged twice")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "Charged twice" in answer.text


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("person", {"name": "", "phrases-en": "wilted roses"}, "Give the rule a name"),
        ("person", {"name": "Nothing"}, "Write at least one phrase that is no exception"),
        ("person", {"name": "Only not", "phrases-en": "-legal size"}, "Write at least one phrase that is no exception"),
        ("person", {"name": "All", "phrases-en": "fine words\nthe"}, "Line 2 would fit nearly every text"),
        ("person", {"name": "All", "phrases-zh": "扣"}, "Line 1 would fit nearly every text"),
        ("person", {"name": "All", "phrases-en": "!!!"}, "Line 1 has no word in it"),
        ("person", {"name": "All", "phrases-en": "ab*"}, "Line 1: put at least 3 letters before a *"),
        ("person", {"name": "x" * 101, "phrases-en": "wilted roses"}, "Shorten the name to 100 characters"),
        ("pin", {"name": "Pin", "phrases-en": "wilted roses", "article": "no-such"}, "There is no such article"),
        ("pin", {"name": "Pin", "article": "pump"}, "Write at least one phrase, or choose a topic"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_typed_is_lost(lead: FlaskClient, database: Database, kind: str, fields: dict[str, str], words: str) -> None:
    before = len(kept(database, RuleKind(kind)))
    answer = post(lead, f"/staff/rules/new/{kind}", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nothing was saved yet" in answer.text
    assert all(each in answer.text for each in fields.values())
    assert len(kept(database, RuleKind(kind))) == before


def test_two_leads_do_not_overwrite_each_other(lead: FlaskClient, database: Database, now: datetime) -> None:
    rule = kept(database, RuleKind.PERSON)[0]
    address, fields = f"/staff/rules/{rule.id}", {"name": "Mine", "phrases-en": "wilted roses", "version": str(rule.version), "active": "1"}
    with database.writing() as session:
        rules.change(session, rule.id, rules.Draft(RuleKind.PERSON, "Theirs", {"en": "dead roses"}), version=1, author="boss@example.com", now=now)
    answer = post(lead, address, **fields)
    assert answer.status_code == 409
    assert "Nothing was saved: boss@example.com changed this rule meanwhile" in answer.text
    assert 'value="Mine"' in answer.text
    assert kept(database, RuleKind.PERSON)[0].name == "Theirs"
    assert post(lead, f"{address}/delete", version=str(rule.version)).status_code == 303
    assert kept(database, RuleKind.PERSON)[0].name == "Theirs"
    assert post(lead, address, **(fields | {"version": "2"})).status_code == 303
    assert kept(database, RuleKind.PERSON)[0].name == "Mine"


def test_a_rule_is_switched_off_and_deleted(lead: FlaskClient, database: Database) -> None:
    rule = next(each for each in kept(database, RuleKind.PERSON) if each.slug == "charged-twice")
    fields = {"name": rule.name, "version": "1", **{f"phrases-{language}": lines for language, lines in rule.phrases.items()}}
    assert post(lead, f"/staff/rules/{rule.id}", **fields).status_code == 303
    assert "No rule fits" in post(lead, "/staff/rules/try", text="You charged my card twice").text
    assert post(lead, f"/staff/rules/{rule.id}/delete", version="2").status_code == 303
    assert "charged-twice" not in {each.slug for each in kept(database, RuleKind.PERSON)}


def test_an_article_is_pinned_by_its_id_or_its_address(lead: FlaskClient, database: Database) -> None:
    for article in ("invoice", "https://example.com/help/en/download-an-invoice?x=1#top"):
        answer = post(lead, "/staff/rules/new/pin", name="Invoices", article=article, topics="billing", active="1")
        assert answer.status_code == 303, answer.text
    with database.reading() as session:
        invoice = find_article(session, "invoice")
        assert invoice
        assert [rule.article_id for rule in rules.rules(session, RuleKind.PIN)] == [invoice.id] * 2
    assert "shows “Download an invoice”" in lead.get("/staff/rules").text
    assert "This article is left out" not in lead.get("/staff/rules").text


def test_articles_and_categories_are_left_out_and_suggested_again(lead: FlaskClient, database: Database) -> None:
    assert post(lead, "/staff/rules/exclusions", article="parcel").status_code == 303
    page = lead.get("/staff/rules").text
    assert "Track a parcel" in page
    answer = post(lead, "/staff/rules/new/pin", **{"name": "P", "article": "parcel", "phrases-en": "my parcel"})
    assert "This article is left out of suggestions" in answer.text
    with database.reading() as session:
        (left_out,) = rules.exclusions(session)
    assert post(lead, f"/staff/rules/exclusions/{left_out.id}/delete").status_code == 303
    assert "Nothing is left out." in lead.get("/staff/rules").text


@pytest.mark.parametrize("fields", [{"article": "no-such"}, {"category": "No such category"}, {}])
def test_what_does_not_exist_cannot_be_left_out(lead: FlaskClient, database: Database, fields: dict[str, str]) -> None:
    answer = post(lead, "/staff/rules/exclusions", **fields)
    assert answer.status_code == 422
    assert "There is no such article" in answer.text
    with database.reading() as session:
        assert rules.exclusions(session) == []


def test_an_article_that_is_shown_first_is_not_left_out(lead: FlaskClient) -> None:
    post(lead, "/staff/rules/new/pin", **{"name": "First", "article": "parcel", "phrases-en": "my parcel", "active": "1"})
    assert "The rule “First” shows this article first" in post(lead, "/staff/rules/exclusions", article="parcel").text


def test_a_topic_goes_straight_to_a_person_and_back(lead: FlaskClient, database: Database) -> None:
    for suggests, told in (("0", "This topic goes straight to a person."), ("1", "Articles are suggested for this topic again.")):
        assert post(lead, "/staff/rules/topics/billing", suggests=suggests).status_code == 303
        assert told in lead.get("/staff/rules").text
        with database.reading() as session:
            topic = find(session, "billing")
            assert topic
            assert topic.suggests == (suggests == "1")
    assert post(lead, "/staff/rules/topics/none").status_code == 404


@pytest.mark.parametrize("path", ["/staff/rules/999999", "/staff/rules/99999999999999999999", "/staff/rules/new/other"])
def test_what_does_not_exist_is_not_found(lead: FlaskClient, path: str) -> None:
    assert lead.get(path).status_code == 404
