"""The form of a routing rule: what a lead filled in, what is wrong with it in words, and the rule it makes."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from kb.rule_lines import PhraseError, read
from webform.contact_forms import clean_line, clean_text
from webform.routing import MOST_COPIES, MOST_NAMED, MOST_TAGS, TAG, Actions, Conditions, RoutingRule
from webform.routing_rules import LONGEST_NAME, KeptRule
from webform.rule_forms import LONGEST_TEXT, phrase_fault
from webform.topic_forms import listed, number, wrong_addresses
from webform.topics import Priority

DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LISTS = ("topics", "languages", "weekdays", "predicted")
LINES = ("name", "field_key", "field_values", "domains", "from_hour", "to_hour", "zone", "least_share")
DEEDS = ("addresses", "copies", "priority", "tags", "template", "event")


@dataclass(slots=True)
class RoutingForm:
    """A rule as it stands in its form: ``lines`` are texts, ``lists`` what was ticked, both by field; ``errors`` are words by field."""

    lines: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    never_suggest: bool = False
    stop: bool = False
    active: bool = True
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def rule(self, numbered: int, ours: Collection[str]) -> RoutingRule | None:
        """Make the rule that was asked for, or note what is wrong with it."""
        self.errors = dict(self._wrong(ours))
        if self.errors:
            return None
        conditions, actions = self._conditions(), self._actions()
        if actions == Actions(stop=actions.stop) and not actions.stop:
            self.errors["addresses"] = gettext("Say what the rule does: at least one of these")
            return None
        return RoutingRule(numbered, self.lines["name"], conditions, actions)

    def _wrong(self, ours: Collection[str]) -> Iterator[tuple[str, str]]:
        if not self.lines.get("name"):
            yield "name", gettext("Give the rule a name; the team reads it on requests")
        elif len(self.lines["name"]) > LONGEST_NAME:
            yield "name", gettext("Shorten the name to %(most)s characters", most=LONGEST_NAME)
        for language, lines in self.phrases.items():
            try:
                list(read(lines, language))
            except PhraseError as error:
                yield f"phrases-{language}", phrase_fault(error)
        if bad := next((each for each in self._domains() if not DOMAIN.fullmatch(each)), ""):
            yield "domains", gettext("Check the domain %(domain)s; it looks like example.org", domain=bad[:100])
        if not _is_zone(self.lines.get("zone", "") or "UTC"):
            yield "zone", gettext("There is no such time zone; it looks like Europe/Berlin")
        if bool(self.lines.get("from_hour")) != bool(self.lines.get("to_hour")):
            yield "to_hour", gettext("Choose both hours, or neither")
        yield from self._wrong_deeds(ours)

    def _wrong_deeds(self, ours: Collection[str]) -> Iterator[tuple[str, str]]:
        for name in ("addresses", "copies"):
            if wrong := wrong_addresses(self.lines.get(name, ""), MOST_COPIES, ours):
                yield name, wrong
        tags = listed(self.lines.get("tags", ""))
        if len(tags) > MOST_TAGS or not all(TAG.fullmatch(tag) for tag in tags):
            yield "tags", gettext("Tags are small Latin letters, digits, points and hyphens; %(most)s at most", most=MOST_TAGS)
        for name in ("template", "event"):
            if self.lines.get(name) and not TAG.fullmatch(self.lines[name]):
                yield name, gettext("Write a name of small Latin letters, digits, points and hyphens")

    def _conditions(self) -> Conditions:
        share = number(self.lines.get("least_share", ""))
        hours = [int(self.lines[name]) if self.lines.get(name) else None for name in ("from_hour", "to_hour")]
        return Conditions(
            topics=tuple(self.lists["topics"][:MOST_NAMED]),
            languages=tuple(self.lists["languages"][:MOST_NAMED]),
            field_key=self.lines.get("field_key", "")[:64],
            field_values=tuple(filter(None, (each.strip() for each in self.lines.get("field_values", "").split(","))))[:MOST_NAMED],
            words={language: lines for language, lines in self.phrases.items() if lines.strip()},
            domains=tuple(self._domains()[:MOST_NAMED]),
            weekdays=tuple(sorted(int(day) for day in self.lists["weekdays"] if day in set("0123456"))),
            from_hour=hours[0],
            to_hour=hours[1],
            zone=self.lines.get("zone", "") or "UTC",
            predicted=tuple(self.lists["predicted"][:MOST_NAMED]),
            least_share=min(share, 100) / 100,
        )

    def _actions(self) -> Actions:
        priority = self.lines.get("priority", "")
        return Actions(
            addresses=tuple(listed(self.lines.get("addresses", ""))),
            copies=tuple(listed(self.lines.get("copies", ""))),
            priority=priority if priority in set(Priority) else "",
            tags=tuple(listed(self.lines.get("tags", ""))),
            template=self.lines.get("template", ""),
            never_suggest=self.never_suggest,
            event=self.lines.get("event", ""),
            stop=self.stop,
        )

    def _domains(self) -> list[str]:
        return [each.casefold().lstrip("@") for each in listed(self.lines.get("domains", ""))]


def opened(kept: KeptRule) -> RoutingForm:
    """Fill the form with a rule as it is."""
    asked, does = kept.rule.conditions, kept.rule.actions
    hours = {name: "" if hour is None else str(hour) for name, hour in (("from_hour", asked.from_hour), ("to_hour", asked.to_hour))}
    plain = {"name": kept.name, "field_key": asked.field_key, "zone": asked.zone, "priority": does.priority, "template": does.template, "event": does.event}
    joined = {"field_values": asked.field_values, "domains": asked.domains, "addresses": does.addresses, "copies": does.copies, "tags": does.tags}
    lines = plain | hours | {name: ", ".join(values) for name, values in joined.items()}
    lines["least_share"] = f"{asked.least_share * 100:.0f}" if asked.least_share else ""
    lists = {name: [str(each) for each in getattr(asked, name)] for name in LISTS}
    return RoutingForm(lines, lists, dict(asked.words), does.never_suggest, does.stop, kept.active, kept.version)


def posted(sent: MultiDict[str, str], languages: Collection[str]) -> RoutingForm:
    """Read the form as it was sent.

    :param languages: those that it has a field of phrases for.
    """
    phrases = {language: clean_text(sent.get(f"phrases-{language}"))[:LONGEST_TEXT] for language in languages}
    lines = {name: clean_line(sent.get(name))[:2000] for name in (*LINES, *DEEDS)}
    lines |= {name: hour if (hour := lines[name]) in {str(each) for each in range(24)} else "" for name in ("from_hour", "to_hour")}
    lists = {name: [clean_line(each)[:64] for each in sent.getlist(name) if each] for name in LISTS}
    flags = "never_suggest" in sent, "stop" in sent, "active" in sent
    return RoutingForm(lines, lists, {language: text for language, text in phrases.items() if text}, *flags, number(sent.get("version", "")))


def empty() -> RoutingForm:
    """Give the form of a rule that says nothing yet."""
    return RoutingForm(lists={name: [] for name in LISTS})


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
