"""Answer time: within how long, and by when, a person answers, computed from working hours and said in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_datetime, format_time, get_timezone_name
from sqlalchemy.orm import Session

from webform import letters, office_hours
from webform.office_hours import OfficeHours
from webform.terms import Terms
from webform.topics import Topic

QUARTER = timedelta(minutes=15)
DAY_AND_TIME = {"en": "EEEE, d MMMM, HH:mm", "ru": "EEEE, d MMMM, HH:mm", "zh": "M月d日EEEE HH:mm"}
DAY = {"en": "EEEE, d MMMM", "ru": "EEEE, d MMMM", "zh": "M月d日EEEE"}


@dataclass(frozen=True, slots=True)
class Promise:
    """Within how many hours a person answers, as a rule.

    With ``by`` they are hours of work, and it is the moment at which they will have passed, on the clock of the office.
    """

    hours: int
    by: datetime | None = None

    @property
    def days(self) -> int:
        """Whole days, where they say it better than hours; else 0."""
        return self.hours // 24 if self.by is None and self.hours >= 48 and self.hours % 24 == 0 else 0

    def by_words(self, language: str) -> str:
        """Say by when, with the time zone in words; nothing where only hours are known."""
        return moment(self.by, language) if self.by else ""

    def is_late(self, now: datetime) -> bool:
        """Tell whether the moment has passed."""
        return self.by is not None and self.by < now


def promise(session: Session, topic: Topic | None, terms: Terms, now: datetime) -> Promise:
    """Tell by when a request is answered that comes at a moment.

    The topic's own time holds, else that of the office hours, else the setting; without office hours the clock runs day and night.
    """
    return _promise(office_hours.read(session), topic.answer_hours if topic else None, terms, now)


def promises(session: Session, offered: Iterable[Topic], terms: Terms, now: datetime) -> dict[str, Promise]:
    """Tell the same of each topic with a time of its own, by its slug; under no slug what holds for all others."""
    office = office_hours.read(session)
    own = {topic.slug: topic.answer_hours for topic in offered if topic.answer_hours}
    return {slug: _promise(office, hours, terms, now) for slug, hours in {"": None, **own}.items()}


def _promise(office: OfficeHours | None, own: int | None, terms: Terms, now: datetime) -> Promise:
    hours = own or (office.answer_hours if office else None) or terms.answer_hours
    by = office.working_time.after(now, timedelta(hours=hours)) if office else None
    return Promise(hours, rounded(by).astimezone(office.working_time.zone) if office and by else None)


def rounded(when: datetime) -> datetime:
    """Round up to a quarter of an hour: a promise to the minute is none."""
    over = timedelta(minutes=when.minute % 15, seconds=when.second, microseconds=when.microsecond)
    return when + (QUARTER - over) if over else when


def moment(when: datetime, language: str) -> str:
    """Write a moment as the clock of its zone shows it, with the zone in words."""
    opening, closing = ("（", "）") if language == "zh" else (" (", ")")
    return f"{day_and_time(when, language)}{opening}{zone_name(when, language)}{closing}"


def day_and_time(when: datetime, language: str) -> str:
    """Write a day and a time as the clock of its zone shows them."""
    return format_datetime(when, DAY_AND_TIME.get(language, DAY_AND_TIME["en"]), tzinfo=when.tzinfo, locale=language)


def day(when: datetime, language: str) -> str:
    """Write a day."""
    return format_datetime(when, DAY.get(language, DAY["en"]), tzinfo=when.tzinfo, locale=language)


def clock(when: datetime, language: str) -> str:
    """Write a time of day."""
    return format_time(when, "HH:mm", tzinfo=when.tzinfo, locale=language)


def zone_name(when: datetime, language: str) -> str:
    """Name the zone in words, with summer time where it holds."""
    return get_timezone_name(when, locale=language)


def within(given: Promise, language: str) -> str:
    """Say within how long: ``8 working hours``, ``2 days``."""
    ngettext = letters.plural(language)
    if given.by is not None:
        return ngettext("%(num)s working hour", "%(num)s working hours", given.hours)
    if given.days:
        return ngettext("%(num)s day", "%(num)s days", given.days)
    return ngettext("%(num)s hour", "%(num)s hours", given.hours)


def sentence(given: Promise, language: str) -> str:
    """Say when a person answers, as one sentence."""
    ngettext = letters.plural(language)
    if given.by is not None:
        return ngettext(
            "As a rule, a person answers within %(num)s working hour: by %(moment)s.",
            "As a rule, a person answers within %(num)s working hours: by %(moment)s.",
            given.hours,
            moment=given.by_words(language),
        )
    if given.days:
        return ngettext("As a rule, a person answers within %(num)s day.", "As a rule, a person answers within %(num)s days.", given.days)
    return ngettext("As a rule, a person answers within %(num)s hour.", "As a rule, a person answers within %(num)s hours.", given.hours)
