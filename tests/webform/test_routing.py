"""Routing: conditions, how rules add up, and that a bad rule never takes a request with it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kb.database import Database
from tests.webform.sending import accept, body, mail, outbox_rows
from webform import dispatch, hooks, routing, routing_rules, topics
from webform.hook_queue import HookDelivery
from webform.hooks import HookEvent
from webform.outbox import MessageKind
from webform.routing import NO_ROUTE, Actions, Conditions, Facts, Route, RoutingRule, decide, fits

MONDAY = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # It is Tuesday, 01:30, in Moscow.
FACTS = Facts("orders", "en", MONDAY, "mail.hotel.example", {"product": "pump", "colour": ["red"]}, "pump", 0.7, {7: "wilted roses"})

NO_CONDITIONS = Conditions()


def rule(number: int = 1, conditions: Conditions = NO_CONDITIONS, **actions: Any) -> RoutingRule:
    return RoutingRule(number, f"Rule {number}", conditions, Actions(**actions))


@pytest.mark.parametrize(
    ("asked", "fitting"),
    [
        ({}, True),
        ({"topics": ("billing", "orders")}, True),
        ({"topics": ("billing",)}, False),
        ({"languages": ("ru",)}, False),
        ({"field_key": "product"}, True),
        ({"field_key": "product", "field_values": ("hose", "Pump")}, True),
        ({"field_key": "colour", "field_values": ("red",)}, True),
        ({"field_key": "colour", "field_values": ("blue",)}, False),
        ({"field_key": "none"}, False),
        ({"domains": ("hotel.example",)}, True),
        ({"domains": ("el.example",)}, False),
        ({"predicted": ("pump",), "least_share": 0.7}, True),
        ({"predicted": ("pump",), "least_share": 0.71}, False),
        ({"weekdays": (0,)}, True),
        ({"weekdays": (0,), "zone": "Europe/Moscow"}, False),
        ({"from_hour": 22, "to_hour": 6}, True),
        ({"from_hour": 6, "to_hour": 22}, False),
        ({"from_hour": 1, "to_hour": 2, "zone": "Europe/Moscow"}, True),
        ({"topics": ("orders",), "languages": ("ru",)}, False),
    ],
)
def test_all_conditions_must_be_true(asked: dict[str, Any], fitting: bool) -> None:
    assert fits(rule(conditions=Conditions(**asked)), FACTS) is fitting


def test_words_are_found_as_rules_of_tact_find_them() -> None:
    words = Conditions(words={"en": "wilted roses"})
    assert fits(rule(7, words), FACTS)
    assert not fits(rule(8, words), FACTS)
    assert fits(rule(8, Conditions(words={"en": "  "})), FACTS)


def test_rules_act_from_top_to_bottom_the_first_decides_and_the_rest_adds_up() -> None:
    route = decide(
        [
            rule(1, tags=("a",), copies=("x@example.org",)),
            rule(2, Conditions(topics=("billing",)), addresses=("no@example.org",)),
            rule(3, addresses=("one@example.org",), priority="high", tags=("b", "a"), event="order.late"),
            rule(4, addresses=("two@example.org",), priority="low", template="late", never_suggest=True, stop=True),
            rule(5, tags=("never",)),
        ],
        FACTS,
    )
    assert route == Route(
        ("one@example.org",), ("x@example.org",), "high", ("a", "b"), "late", True, ("order.late",), ((1, "Rule 1"), (3, "Rule 3"), (4, "Rule 4"))
    )
    assert routing.of_facts(json.loads(json.dumps(route.facts()))) == route
    assert routing.of_facts({}) == NO_ROUTE


@pytest.mark.parametrize("bad", ["nobody", "", "a@b", "x@example.org\r\nBcc: y@example.org", "help@example.com"])
def test_a_bad_address_is_left_out_and_told(bad: str) -> None:
    going = dispatch.dispatch(Route(addresses=(bad,), copies=(bad, "y@example.org")), None, urgent=False, team="team@example.com", ours=("help@example.com",))
    assert (going.to, going.copies) == (("team@example.com",), ("y@example.org",))
    assert going.route.faults == (f"address:{bad}",)


def test_what_rules_did_is_in_the_mail_its_headers_and_its_document(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        hums = Conditions(words={"en": "pump hums"})
        made = routing_rules.add(
            session,
            rule(0, hums, addresses=("pumps@example.org",), copies=("boss@example.org",), priority="high", tags=("wet", "loud")),
            active=True,
            author="lead@example.com",
            now=now,
        )
        ticket = accept(session, app, now, topic="pump")
        letter = mail(session, ticket, MessageKind.REQUEST)
        assert outbox_rows(session, ticket)[0].recipients.split() == ["pumps@example.org", "boss@example.org"]
    assert (letter["To"], letter["Cc"]) == ("pumps@example.org", "boss@example.org")
    assert (letter["X-Webform-Priority"], letter["X-Webform-Tags"], letter["X-Webform-Routing"]) == ("high", "wet,loud", str(made.id))
    assert "ROUTING\nBy these rules: Rule 0\n- sent to pumps@example.org\n- copied to boss@example.org\n- priority high\n- tagged wet, loud" in body(letter)
    document = json.loads(next(letter.iter_attachments()).get_content())
    assert document["priority"] == "high"
    assert document["routing"]["rules"] == [{"number": made.id, "name": "Rule 0"}]


def test_a_rule_that_cannot_be_read_is_passed_over_and_the_request_arrives(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        broken = routing_rules.add(session, rule(0, tags=("a",)), active=True, author="l", now=now)
        broken.conditions = {"nonsense": 1}
        zone = routing_rules.add(session, rule(0, Conditions(weekdays=(0,)), tags=("b",)), active=True, author="l", now=now)
        zone.conditions = {**zone.conditions, "zone": "Nowhere/Land"}
        session.flush()
        ticket = accept(session, app, now)
        letter = mail(session, ticket, MessageKind.REQUEST)
        assert letter["To"] == "team@example.com"
        assert routing_rules.of_ticket(session, ticket.id).faults
    assert "The routing rules could not be applied" in body(letter)


def test_the_event_that_a_rule_names_is_told_to_webhooks(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        hooks.add(session, hooks.Draft("https://hooks.example.com/in", frozenset({HookEvent.ROUTED})), author="lead@example.com", now=now)
        made = routing_rules.add(session, rule(0, tags=("wet",), event="pump.hums"), active=True, author="lead@example.com", now=now)
        ticket = accept(session, app, now)
        (told,) = session.scalars(select(HookDelivery))
    assert json.loads(told.body)["data"] == {"reference": ticket.reference, "name": "pump.hums", "tags": ["wet"], "rules": [made.id]}
