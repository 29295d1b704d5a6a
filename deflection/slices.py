"""Slices: which visits a figure is about: some days, and of these the visits of one language, topic, device, site, release or article."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from deflection.facts import Facts

DAY = timedelta(days=1)


class Dimension(StrEnum):
    """What visits can be told apart by."""

    LANGUAGE = "language"
    TOPIC = "topic"
    DEVICE = "device"
    SITE = "site"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Slice:
    """Visits that began from the day ``since`` on and before the day ``until``, in UTC, with these properties; ``None`` means any.

    An empty text means visits of which it is not known; an empty ``site`` those on the product's own page. ``article`` means
    visits that were shown the article or opened it; in the holdout those from which it was withheld.
    """

    since: date
    until: date
    language: str | None = None
    topic: str | None = None
    device: str | None = None
    site: str | None = None
    release: str | None = None
    article: int | None = None

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days

    @property
    def before(self) -> "Slice":
        """The same visits in the as many days before, for comparison."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    @property
    def chosen(self) -> dict[Dimension, str]:
        """The properties that were asked for, but for the article."""
        return {dimension: value for dimension in Dimension if (value := getattr(self, dimension)) is not None}

    @property
    def is_whole(self) -> bool:
        """Whether it has every visit of its days."""
        return not self.chosen and self.article is None

    def without(self, *dimensions: Dimension) -> "Slice":
        """The same without these properties."""
        values: dict[str, Any] = dict.fromkeys(dimensions)
        return replace(self, **values)

    def has(self, facts: Facts) -> bool:
        """Tell whether a visit of these days has the properties, the article left aside."""
        return all(getattr(facts, dimension) == value for dimension, value in self.chosen.items())


def last_days(days: int, now: datetime) -> Slice:
    """Give the last days, today among them."""
    until = now.astimezone(UTC).date() + DAY
    return Slice(until - days * DAY, until)


def midnight(day: date) -> datetime:
    """Give the moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


FIELDS = tuple(field.name for field in fields(Slice))
