"""Routing: which rules fit a request and what follows; values and rules, no storage.

All rules that fit act, from top to bottom. Addresses, priority and template are decided by the first rule that names
them; copies, tags and events add up; what one rule keeps from suggestions stays so. A rule may be the last one to be looked at.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webform.fields import Answers

MOST_RULES, MOST_NAMED, MOST_COPIES, MOST_TAGS = 100, 30, 5, 10
LONGEST_TAG, LONGEST_TEMPLATE = 40, 64
TAG = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
"""What a tag, an event or a template may be called: it stands in headers and in documents for machines."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a request; while somebody is still typing there are no ``answers`` and perhaps no ``domain``.

    ``phrases`` are the numbers of the rules whose words are in its text.
    """

    topic: str
    language: str
    at: datetime
    domain: str = ""
    answers: Answers = field(default_factory=dict)
    predicted: str = ""
    predicted_share: float = 0.0
    phrases: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must all be true of a request; what is empty is not asked.

    ``words`` are phrases by language, as rules of tact have them; ``hours`` are from and to in the ``zone``, to excluded and
    over midnight where from is later; ``weekdays`` count from Monday 0; ``least_share`` is of the prediction, in [0, 1].
    """

    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    field_key: str = ""
    field_values: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    from_hour: int | None = None
    to_hour: int | None = None
    zone: str = "UTC"
    predicted: tuple[str, ...] = ()
    least_share: float = 0.0

    @property
    def looks_at_words(self) -> bool:
        """Whether phrases are among the conditions."""
        return any(lines.strip() for lines in self.words.values())


@dataclass(frozen=True, slots=True)
class Actions:
    """What follows where a rule fits; what is empty does nothing. ``stop``: no rule below is looked at."""

    addresses: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    priority: str = ""
    tags: tuple[str, ...] = ()
    template: str = ""
    never_suggest: bool = False
    event: str = ""
    stop: bool = False


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """A rule that is in force: its number and name, what it asks and what it does."""

    number: int
    name: str
    conditions: Conditions
    actions: Actions


@dataclass(frozen=True, slots=True)
class Route:
    """What the rules came to for a request: ``rules`` are number and name of those that fit.

    ``faults`` are kind and subject of what could not be done; ``skip`` is who it comes from, if that goes straight to a person.
    """

    addresses: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    priority: str = ""
    tags: tuple[str, ...] = ()
    template: str = ""
    never_suggest: bool = False
    events: tuple[str, ...] = ()
    rules: tuple[tuple[int, str], ...] = ()
    faults: tuple[str, ...] = ()
    skip: str = ""

    def facts(self) -> dict[str, Any]:
        """Write the route down as JSON has it."""
        plain = {name: list(getattr(self, name)) for name in ("addresses", "copies", "tags", "events", "faults")}
        rest = {"priority": self.priority, "template": self.template, "never_suggest": self.never_suggest, "skip": self.skip}
        return {**plain, **rest, "rules": [{"number": number, "name": name} for number, name in self.rules]}


NO_ROUTE = Route()


def of_facts(facts: Mapping[str, Any]) -> Route:
    """Read a route that was written down."""
    lists: dict[str, Any] = {name: tuple(facts.get(name, ())) for name in ("addresses", "copies", "tags", "events", "faults")}
    rules = tuple((rule["number"], rule["name"]) for rule in facts.get("rules", ()))
    texts: dict[str, Any] = {name: str(facts.get(name, "")) for name in ("priority", "template", "skip")}
    return Route(**lists, **texts, never_suggest=bool(facts.get("never_suggest")), rules=rules)


def fits(rule: RoutingRule, facts: Facts) -> bool:
    """Tell whether all conditions of a rule are true of a request."""
    asked = rule.conditions
    return (
        (not asked.topics or facts.topic in asked.topics)
        and (not asked.languages or facts.language in asked.languages)
        and (not asked.field_key or _answered(asked, facts.answers))
        and (not asked.looks_at_words or rule.number in facts.phrases)
        and (not asked.domains or any(is_within(facts.domain, domain) for domain in asked.domains))
        and (not asked.predicted or (facts.predicted in asked.predicted and facts.predicted_share >= asked.least_share))
        and _in_time(asked, facts.at)
    )


def decide(rules: Iterable[RoutingRule], facts: Facts) -> Route:
    """Let all rules act that fit a request, from top to bottom."""
    route = NO_ROUTE
    for rule in rules:
        if not fits(rule, facts):
            continue
        does = rule.actions
        route = replace(
            route,
            addresses=route.addresses or does.addresses,
            copies=_added(route.copies, does.copies),
            priority=route.priority or does.priority,
            tags=_added(route.tags, does.tags),
            template=route.template or does.template,
            never_suggest=route.never_suggest or does.never_suggest,
            events=_added(route.events, (does.event,) if does.event else ()),
            rules=(*route.rules, (rule.number, rule.name)),
        )
        if does.stop:
            break
    return route


def usable(route: Route, is_good: Callable[[str], bool]) -> Route:
    """Leave out of a route the addresses that no mail can be sent to, and say so in its faults."""
    bad = [address for address in (*route.addresses, *route.copies) if not is_good(address)]
    if not bad:
        return route
    good = {name: tuple(address for address in getattr(route, name) if address not in bad) for name in ("addresses", "copies")}
    return replace(route, **good, faults=(*route.faults, *(f"address:{address}" for address in dict.fromkeys(bad))))  # type: ignore[arg-type]


def is_within(domain: str, asked: str) -> bool:
    """Tell whether a domain is another one or below it; case does not matter."""
    domain, asked = domain.casefold(), asked.casefold()
    return bool(asked) and (domain == asked or domain.endswith(f".{asked}"))


def domain_of(email: str) -> str:
    """Give the domain of an e-mail address."""
    return email.rpartition("@")[2].strip().casefold()


def _answered(asked: Conditions, answers: Answers) -> bool:
    given = answers.get(asked.field_key, "")
    values = [each.casefold() for each in (given if isinstance(given, list) else [given]) if each]
    return bool(values) if not asked.field_values else any(each.casefold() in values for each in asked.field_values)


def _in_time(asked: Conditions, at: datetime) -> bool:
    if not asked.weekdays and asked.from_hour is None:
        return True
    here = at.astimezone(ZoneInfo(asked.zone))
    if asked.weekdays and here.weekday() not in asked.weekdays:
        return False
    first, last = asked.from_hour, asked.to_hour
    if first is None or last is None or first == last:
        return True
    return first <= here.hour < last if first < last else here.hour >= first or here.hour < last


def _added(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*old, *new]))
