"""The form of the ways to a person: what a lead filled in, and what is wrong with it in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from webform.call_back import LONGEST_NUMBER, NumberRefused, read_number
from webform.contact_forms import clean_line
from webform.hand_over import Channels
from webform.hour_forms import week_of, whole, wrong_week

LONGEST_URL = 500


@dataclass(slots=True)
class ChannelForm:
    """Ways to a person as they stand in their form, and what is wrong by field: ``phone``, ``phone-0`` …, ``chat_url``, ``call_back``."""

    phone: str = ""
    week: Sequence[str] = ("",) * 7
    chat_url: str = ""
    call_back: bool = False
    topics: Sequence[str] = ()
    version: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def channels(self, *, has_hours: bool, known: Sequence[str]) -> Channels | None:
        """Make what was asked for, or note what is wrong with it.

        :param has_hours: whether office hours are kept: without them nobody knows the time zone, nor when to call back.
        """
        self.errors = wrong_week(self.week, "phone-day")
        own = any(self.week)
        if self.phone:
            try:
                read_number(self.phone)
            except NumberRefused:
                self.errors["phone"] = gettext("Write the number as customers dial it, for example +49 30 1234567")
        if own and not has_hours:
            self.errors.setdefault("phone-day-0", gettext("Keep your office hours first: they say in which time zone these are"))
        if self.chat_url and not _is_site(self.chat_url):
            self.errors["chat_url"] = gettext("Write the whole address of the chat, beginning with https://")
        if self.call_back and not has_hours:
            self.errors["call_back"] = gettext("Keep your office hours first: call-backs are offered within them")
        if self.errors:
            return None
        week = tuple(self.week) if own and self.phone else ()
        return Channels(self.phone, week, self.chat_url, self.call_back, tuple(slug for slug in self.topics if slug in known))


def opened(channels: Channels, version: int) -> ChannelForm:
    """Fill the form with the ways as they are."""
    return ChannelForm(channels.phone, channels.phone_week or ("",) * 7, channels.chat_url, channels.call_back, channels.topics, version)


def posted(sent: MultiDict[str, str]) -> ChannelForm:
    """Read the form as it was sent."""
    return ChannelForm(
        clean_line(sent.get("phone"))[:LONGEST_NUMBER],
        week_of(sent, "phone-day"),
        clean_line(sent.get("chat_url"))[:LONGEST_URL],
        "call_back" in sent,
        sent.getlist("topics")[:100],
        whole(sent.get("version", ""), 10**8) or 0,
    )


def _is_site(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(character.isspace() for character in text)
