"""Dispatch: where a request goes, how soon, and why; a rule or an address that is bad never takes a request with it."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.tact import Phrasebook
from webform import routing, routing_rules
from webform.routing import NO_ROUTE, Facts, Route, RoutingRule
from webform.terms import Terms
from webform.tickets import Ticket
from webform.topics import Priority, Topic

log = logging.getLogger(__name__)
Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Where a request goes: ``to`` has at least one address, each of them usable."""

    to: tuple[str, ...]
    copies: tuple[str, ...] = ()
    priority: str = "normal"
    route: Route = NO_ROUTE


def is_usable(address: str, ours: Collection[str] = ()) -> bool:
    """Tell whether mail to the team can go to an address: it can be written, and is none that would send it back to us."""
    try:
        written = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except (EmailNotValidError, ValueError, TypeError):
        return False
    return written.ascii_email is not None and address.casefold() not in {own.casefold() for own in ours}


def route(session: Session, facts: Facts, text: str, rules: Sequence[RoutingRule] | None = None) -> Route:
    """Let the rules act on a request; a fault in them is told in the route, and lets the request go its usual way.

    :param rules: to be tried instead of those in force.
    """
    try:
        with session.begin_nested():
            found = routing_rules.in_force(session) if rules is None else rules
        return routing.decide(found, replace(facts, phrases=_phrases(found, text, facts.language))) if found else NO_ROUTE
    except (SQLAlchemyError, ArithmeticError, LookupError, TypeError, ValueError, OSError, AttributeError) as fault:
        log.error("the routing rules could not be applied: %s", type(fault).__name__)
        return Route(faults=(f"rules:{type(fault).__name__}",))


def dispatch(found: Route, topic: Topic | None, *, urgent: bool, team: str, ours: Collection[str]) -> Dispatch:
    """Settle where a request goes: to the addresses of the rules, else of its topic, else of the team.

    :param ours: addresses that we send from: mail to them would come back.
    """

    def usable(address: str) -> bool:
        return is_usable(address, ours)

    found = routing.usable(found, usable)
    to, found = _to(found, topic, usable)
    copies = tuple(address for address in found.copies if address not in to)
    priority = found.priority if found.priority in set(Priority) else topic.priority if topic else Priority.NORMAL
    return Dispatch(to or (team,), copies, str(Priority.URGENT if urgent else priority), found)


def again(session: Session, ticket: Ticket, topic: Topic | None, terms: Terms) -> Dispatch:
    """Settle where a later mail of a request goes, by what the rules said when it came."""
    ours = (terms.sender, terms.bounce)
    return dispatch(routing_rules.of_ticket(session, ticket.id), topic, urgent=bool(ticket.urgent), team=terms.team_address, ours=ours)


def _to(found: Route, topic: Topic | None, usable: Callable[[str], bool]) -> tuple[tuple[str, ...], Route]:
    if found.addresses or topic is None:
        return found.addresses, found
    good = tuple(address for address in dict.fromkeys(topic.addresses) if usable(address))
    bad = [address for address in topic.addresses if address not in good]
    return good, replace(found, faults=(*found.faults, *(f"topic:{address}" for address in bad)))


def _phrases(rules: Sequence[RoutingRule], text: str, language: str) -> dict[int, str]:
    wordings = tuple((rule.number, tuple(sorted(rule.conditions.words.items()))) for rule in rules if rule.conditions.looks_at_words)
    return _book(wordings).find(text, language) if wordings else {}


@lru_cache(maxsize=8)
def _book(wordings: tuple[tuple[int, Words], ...]) -> Phrasebook:
    return routing_rules.book((number, dict(words)) for number, words in wordings)
