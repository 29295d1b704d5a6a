"""Hand-over: the ways to a person beside the form, as leads arrange them, and which of them are open now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from webform import answer_time, arrangements, letters, office_hours
from webform.office_hours import working_time
from webform.working_time import WorkingTime

CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Channels:
    """What leads have arranged: a telephone with hours of its own or those of the office, a chat on another site, and call-backs.

    ``chat_url`` and ``phone`` are empty where there is none; ``topics`` are those for which all of it is shown at once.
    """

    phone: str = ""
    phone_week: tuple[str, ...] = ()
    chat_url: str = ""
    call_back: bool = False
    topics: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Tell what they say, to be kept and for the trace."""
        return {
            "phone": self.phone,
            "week": list(self.phone_week),
            "chat_url": self.chat_url,
            "call_back": self.call_back,
            "topics": list(self.topics),
        }


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a customer is shown: ``phone_state`` says in words whether somebody answers it now; ``at_once`` whether the topic asks for it."""

    phone: str = ""
    phone_state: str = ""
    phone_open: bool = False
    chat_url: str = ""
    call_back: bool = False
    topics: tuple[str, ...] = ()
    at_once: bool = field(default=False)

    def __bool__(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.phone or self.chat_url or self.call_back)


def read(session: Session) -> Channels:
    """Give the channels that hold; none as long as nobody has arranged any."""
    kept = arrangements.find(session, CHANNELS)
    return opened(kept.content) if kept else Channels()


def opened(content: Mapping[str, Any]) -> Channels:
    """Read channels as they were kept."""
    return Channels(content["phone"], tuple(content["week"]), content["chat_url"], content["call_back"], tuple(content["topics"]))


def shown(session: Session, topic: str, language: str, now: datetime) -> HandOver:
    """Tell what a customer is shown at a moment.

    :param topic: slug of the topic that is chosen, if any.
    """
    channels, office = read(session), office_hours.read(session)
    state, is_open = "", False
    if channels.phone and office is not None:
        time = working_time(office.zone, channels.phone_week, office.holidays) if channels.phone_week else office.working_time
        state, is_open = state_words(time, now, language), time.is_open(now)
    return HandOver(
        phone=channels.phone,
        phone_state=state,
        phone_open=is_open,
        chat_url=channels.chat_url,
        call_back=channels.call_back and office is not None,
        topics=channels.topics,
        at_once=topic in channels.topics,
    )


def state_words(time: WorkingTime, now: datetime, language: str) -> str:
    """Say whether somebody is there, until when or from when on, with the time zone."""
    _ = letters.translator(language)
    if time.is_open(now):
        closes = time.closes_at(now)
        if closes is None:
            return _("open day and night")
        here = closes.astimezone(time.zone)
        return _("open now, until %(time)s (%(zone)s)", time=answer_time.clock(here, language), zone=answer_time.zone_name(here, language))
    opens = time.opens_at(now)
    if opens is None:
        return _("closed")
    here = opens.astimezone(time.zone)
    today = here.date() == now.astimezone(time.zone).date()
    if today:
        return _("closed now, open today from %(time)s (%(zone)s)", time=answer_time.clock(here, language), zone=answer_time.zone_name(here, language))
    if opens - now > timedelta(days=60):
        return _("closed")
    return _("closed now, open again: %(moment)s", moment=answer_time.moment(here, language))
