"""The words of routing: what rules did to a request, and what could not be done, as people read it."""

from collections.abc import Callable, Iterator, Mapping

from babel.dates import get_day_names
from babel.numbers import format_percent

from webform.routing import Actions, Route, RoutingRule

Translate = Callable[..., str]


def deeds(route: Route, _: Translate, letters: Mapping[str, str] = {}) -> list[str]:
    """Say what the rules did, in the order in which it matters.

    :param letters: names of letters by their places.
    """
    return list(_deeds(route, _, letters))


def letter_names(topics: Mapping[str, str], own: Mapping[str, str], _: Translate) -> dict[str, str]:
    """Name every letter that a rule can choose: those made for rules, and those of topics."""
    return {**own, **{slug: _("of the topic “%(name)s”", name=name) for slug, name in topics.items()}}


def faults(route: Route, _: Translate) -> list[str]:
    """Say what could not be done, and what was done in its place."""
    return [_fault(each, _) for each in route.faults]


def _deeds(route: Route, _: Translate, letters: Mapping[str, str]) -> Iterator[str]:
    if route.addresses:
        yield _("sent to %(addresses)s", addresses=", ".join(route.addresses))
    if route.copies:
        yield _("copied to %(addresses)s", addresses=", ".join(route.copies))
    if route.priority:
        yield _("priority %(priority)s", priority=priorities(_).get(route.priority, route.priority))
    if route.tags:
        yield _("tagged %(tags)s", tags=", ".join(route.tags))
    if route.template:
        yield _("confirmed by the letter: %(name)s", name=letters.get(route.template, route.template))
    if route.never_suggest:
        yield _("nothing was suggested")
    if route.events:
        yield _("event %(names)s", names=", ".join(route.events))


def _fault(fault: str, _: Translate) -> str:
    kind, subject = fault.partition(":")[::2]
    if kind == "address":
        return _("A rule names the address %(address)s, to which no mail can be sent; it was left out.", address=subject)
    if kind == "topic":
        return _("The topic names the address %(address)s, to which no mail can be sent; it was left out.", address=subject)
    return _("The routing rules could not be applied (%(fault)s); the request went its usual way.", fault=subject)


def priorities(_: Translate) -> dict[str, str]:
    """Name the priorities, the least first."""
    return {"low": _("low"), "normal": _("normal"), "high": _("high"), "urgent": _("urgent")}


def conditions(rule: RoutingRule, topics: Mapping[str, str], language: str, _: Translate) -> list[str]:
    """Say what a rule asks of a request.

    :param topics: their names by slug.
    :param language: of whoever reads it.
    """
    return list(_conditions(rule, topics, language, _))


def actions(does: Actions, _: Translate, letters: Mapping[str, str]) -> list[str]:
    """Say what a rule does.

    :param letters: names of letters by their places.
    """
    events = (does.event,) if does.event else ()
    route = Route(does.addresses, does.copies, does.priority, does.tags, does.template, does.never_suggest, events)
    return [*_deeds(route, _, letters), *([_("no rule below is looked at")] if does.stop else [])]


def weekdays(language: str) -> dict[str, str]:
    """Name the days of the week, Monday first."""
    names = get_day_names("abbreviated", "stand-alone", locale=language)
    return {str(day): str(names[day]) for day in range(7)}


def _conditions(rule: RoutingRule, topics: Mapping[str, str], language: str, _: Translate) -> Iterator[str]:
    asked = rule.conditions
    if asked.topics:
        yield _("topic: %(names)s", names=", ".join(topics.get(slug, slug) for slug in asked.topics))
    if asked.predicted:
        share = format_percent(asked.least_share, locale=language)
        yield _("probably about %(names)s, from %(share)s on", names=", ".join(topics.get(slug, slug) for slug in asked.predicted), share=share)
    if asked.languages:
        yield _("language: %(names)s", names=", ".join(asked.languages))
    if asked.field_key:
        yield _("answer to %(field)s: %(values)s", field=asked.field_key, values=", ".join(asked.field_values) or _("anything"))
    if asked.looks_at_words:
        lines = [line for each in asked.words.values() for line in each.splitlines() if line.strip()]
        yield _("words: %(words)s", words="; ".join(lines[:5]) + ("; …" if len(lines) > 5 else ""))
    if asked.domains:
        yield _("from %(domains)s", domains=", ".join(asked.domains))
    if asked.weekdays:
        yield _("days: %(days)s", days=", ".join(weekdays(language)[str(day)] for day in asked.weekdays))
    if asked.from_hour is not None and asked.to_hour is not None:
        first, last = f"{asked.from_hour:02}:00", f"{asked.to_hour:02}:00"
        yield _("%(first)s to %(last)s (%(zone)s)", first=first, last=last, zone=asked.zone)
