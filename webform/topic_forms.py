"""The form of a topic: what a lead filled in, and what is wrong with it in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from kb.slugs import slugify
from webform.contact_forms import clean_line, clean_text
from webform.dispatch import is_usable
from webform.i18n import LANGUAGES
from webform.topics import ICONS, LONGEST_HELP, LONGEST_NAME, MOST_ADDRESSES, MOST_HOURS, Priority, Topic

MOST_CATEGORIES = 50


@dataclass(slots=True)
class TopicForm:
    """A topic as it stands in its form; ``errors`` are words by field."""

    names: dict[str, str] = field(default_factory=dict)
    helps: dict[str, str] = field(default_factory=dict)
    icon: str = ""
    languages: list[str] = field(default_factory=list)
    addresses: str = ""
    categories: list[str] = field(default_factory=list)
    priority: str = "normal"
    hours: str = ""
    suggests: bool = True
    active: bool = True
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def check(self, ours: Collection[str]) -> bool:
        """Note what is wrong; tell whether nothing is.

        :param ours: addresses that mail of ours comes from.
        """
        self.errors = {}
        if not any(self.names.values()):
            self.errors[f"name-{next(iter(LANGUAGES))}"] = gettext("Give the topic a name in one language at least")
        for language, words in self.names.items():
            if len(words) > LONGEST_NAME:
                self.errors[f"name-{language}"] = gettext("Shorten the name to %(most)s characters", most=LONGEST_NAME)
        for language, words in self.helps.items():
            if len(words) > LONGEST_HELP:
                self.errors[f"help-{language}"] = gettext("Shorten this to %(most)s characters", most=LONGEST_HELP)
        if wrong := wrong_addresses(self.addresses, MOST_ADDRESSES, ours):
            self.errors["addresses"] = wrong
        if self.hours and not (self.hours.isascii() and self.hours.isdigit() and 0 < int(self.hours[:6]) <= MOST_HOURS):
            self.errors["hours"] = gettext("Write whole hours from 1 to %(most)s, or leave it empty", most=MOST_HOURS)
        return not self.errors

    def fill(self, topic: Topic) -> None:
        """Write what is in the form into a topic."""
        first, *more = listed(self.addresses) or [""]
        topic.names = {language: words for language, words in self.names.items() if words}
        topic.helps = {language: words for language, words in self.helps.items() if words}
        topic.icon, topic.languages, topic.categories = self.icon, self.languages, self.categories
        topic.address, topic.more_addresses, topic.priority = first, more, self.priority
        topic.answer_hours = int(self.hours) if self.hours else None
        topic.suggests, topic.active = self.suggests, self.active


def opened(topic: Topic) -> TopicForm:
    """Fill the form with a topic as it is."""
    return TopicForm(
        dict(topic.names), dict(topic.helps), topic.icon, list(topic.languages), ", ".join(topic.addresses), list(topic.categories), topic.priority,
        str(topic.answer_hours or ""), topic.suggests, topic.active, topic.version,
    )  # fmt: skip


def posted(sent: MultiDict[str, str], before: Topic | None) -> TopicForm:
    """Read the form as it was sent; names in languages that it has no field for stay."""
    kept_names, kept_helps = (dict(before.names), dict(before.helps)) if before else ({}, {})
    return TopicForm(
        kept_names | {language: clean_line(sent.get(f"name-{language}")) for language in LANGUAGES},
        kept_helps | {language: clean_text(sent.get(f"help-{language}")) for language in LANGUAGES},
        icon if (icon := sent.get("icon", "")) in ICONS else "",
        chosen_languages(sent),
        clean_line(sent.get("addresses")),
        [clean_line(each)[:100] for each in sent.getlist("categories")][:MOST_CATEGORIES],
        priority if (priority := sent.get("priority", "")) in set(Priority) else "normal",
        clean_line(sent.get("hours")),
        "suggests" in sent,
        "active" in sent,
        number(sent.get("version", "")),
    )


def chosen_languages(sent: MultiDict[str, str]) -> list[str]:
    """Read in which languages something holds; all of them is the same as none."""
    chosen = [language for language in LANGUAGES if language in sent.getlist("languages")]
    return [] if len(chosen) == len(LANGUAGES) else chosen


def listed(text: str) -> list[str]:
    """Read a list that was written with commas, spaces or line breaks between, each item once."""
    return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def wrong_addresses(text: str, most: int, ours: Collection[str]) -> str:
    """Say what is wrong with some addresses of the team, or nothing."""
    addresses = listed(text)
    if len(addresses) > most:
        return str(gettext("Write at most %(most)s addresses", most=most))
    own = {address.casefold() for address in ours}
    for address in addresses:
        if address.casefold() in own:
            return str(gettext("%(address)s is the address that this form sends from; its mail would come back", address=address[:100]))
        if not is_usable(address):
            return str(gettext("Check %(address)s: no mail can be sent to it", address=address[:100]))
    return ""


def number(text: str) -> int:
    """Read a small number that the page carries; what is none is 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def new_slug(names: Mapping[str, str], taken: Collection[str], usual: str) -> str:
    """Make a name for machines of the English name, or of a usual word where that has no Latin letters."""
    made = slugify(names.get("en", "") or next(iter(names.values()), ""), longest=40)
    made = made if made and made.isascii() else usual
    return next(name for name in (made, *(f"{made}-{count}" for count in range(2, len(taken) + 3))) if name not in taken)
