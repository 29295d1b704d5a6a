"""Dry runs: what routing rules would do to the last requests, against what was done when these came in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from webform import dispatch, routing, routing_rules, topics
from webform.dispatch import Dispatch
from webform.routing import Facts, Route, RoutingRule
from webform.tickets import Ticket
from webform.topics import Topic

MOST = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A request that would be dealt with in another way: where it goes and what is said of it, before and after."""

    reference: str
    before: Dispatch
    after: Dispatch


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would change for the last ``looked_at`` requests; ``fitting`` counts those that any rule fits, ``by_rule`` by its number."""

    looked_at: int
    fitting: int
    changes: list[Change]
    by_rule: dict[int, int]


def run(session: Session, rules: Sequence[RoutingRule], *, last: int, team: str, against: Sequence[RoutingRule] | None = None) -> DryRun:
    """Let rules act on the last requests, without any effect.

    :param last: requests, the newest ones.
    :param team: address of requests that nothing sends elsewhere.
    :param against: rules to compare with; what was really done unless given.
    """
    tickets = list(session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(min(last, MOST))))
    known = {topic.slug: topic for topic in topics.every(session)}
    done = routing_rules.of_tickets(session, [ticket.id for ticket in tickets])
    changes, fitting, by_rule = [], 0, dict.fromkeys((rule.number for rule in rules), 0)
    for ticket in tickets:
        after = _dispatch(session, ticket, known, rules, team)
        if against is None:
            before = dispatch.dispatch(done.get(ticket.id, routing.NO_ROUTE), known.get(ticket.topic), urgent=bool(ticket.urgent), team=team, ours=())
        else:
            before = _dispatch(session, ticket, known, against, team)
        fitting += bool(after.route.rules)
        for number, _name in after.route.rules:
            by_rule[number] = by_rule.get(number, 0) + 1
        if _told(before) != _told(after):
            changes.append(Change(ticket.reference, before, after))
    return DryRun(len(tickets), fitting, changes, by_rule)


def _dispatch(session: Session, ticket: Ticket, known: dict[str, Topic], rules: Sequence[RoutingRule], team: str) -> Dispatch:
    guess = [topic.slug for topic in known.values() if topic.active and ticket.predicted_topic and topics.covers(topic, [ticket.predicted_topic])]
    facts = Facts(
        ticket.topic,
        ticket.language,
        ticket.created_at,
        routing.domain_of(ticket.email),
        ticket.answers,
        guess[0] if len(guess) == 1 else "",
        ticket.predicted_share or 0.0,
    )
    found = dispatch.route(session, facts, f"{ticket.subject}\n\n{ticket.message}", rules)
    return dispatch.dispatch(found, known.get(ticket.topic), urgent=bool(ticket.urgent), team=team, ours=())


def _told(going: Dispatch) -> tuple[object, ...]:
    """Give what makes a difference to somebody: not which rule did it, and not who may skip."""
    route: Route = replace(going.route, rules=(), faults=(), skip="", addresses=(), copies=(), priority="")
    return going.to, going.copies, going.priority, route
