"""Inquiries: which visits a page of figures is asked about, as its address says: days, what they are held against, and filters that combine."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from deflection.slices import DAY, Dimension, Slice
from webform import periods
from webform.periods import Days, Period

UNKNOWN = "-"
"""What stands in an address for visits of which a property is not known."""
LONGEST_DAILY = 35
"""Days up to which a trend is drawn by day unless asked for otherwise."""


class Grain(StrEnum):
    """How long each point of a trend is."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked for. ``unknown`` are the filters whose value is none that occurs: they are left out, and the page says so."""

    period: Period
    filters: Mapping[Dimension, str]
    article: int | None
    grain: Grain
    unknown: tuple[str, ...] = ()

    @property
    def slice(self) -> Slice:
        """The visits it is about."""
        return self._of(self.period.days)

    @property
    def compared(self) -> Slice | None:
        """The visits they are held against; nothing if none are wanted."""
        return self._of(self.period.compared) if self.period.compared else None

    @property
    def is_filtered(self) -> bool:
        """Whether it leaves visits of its days out."""
        return bool(self.filters) or self.article is not None

    @property
    def is_at_fault(self) -> bool:
        """Whether something was asked for that there is not."""
        return bool(self.unknown or self.period.faults)

    def query(self, **changed: str) -> dict[str, str]:
        """Say the same as parameters of an address; an empty change takes one out."""
        said = self.period.query() | {dimension.value: value or UNKNOWN for dimension, value in self.filters.items()}
        if self.article is not None:
            said["article"] = str(self.article)
        if self.grain is not _usual_grain(self.period.days):
            said["grain"] = self.grain.value
        return {name: value for name, value in {**said, **changed}.items() if value}

    def _of(self, days: Days) -> Slice:
        return Slice(days.first, days.last + DAY, **{dimension.value: value for dimension, value in self.filters.items()}, article=self.article)


def read(asked: Mapping[str, str], today: date) -> Inquiry:
    """Read an inquiry from an address; whether the filters occur is for `narrowed` to say."""
    period = periods.read(asked, today)
    filters = {dimension: "" if value == UNKNOWN else value[:255] for dimension in Dimension if (value := asked.get(dimension.value, ""))}
    number = asked.get("article", "")
    article = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
    unknown = ("article",) if number and article is None else ()
    grain = asked.get("grain", "")
    if grain not in {"", *Grain}:
        unknown = (*unknown, "grain")
    chosen = Grain(grain) if grain in set(Grain) else _usual_grain(period.days)
    return Inquiry(period, filters, article, chosen, unknown)


def narrowed(inquiry: Inquiry, choices: Mapping[Dimension, Collection[str]], articles: Collection[int]) -> Inquiry:
    """Leave out the filters whose value does not occur.

    :param choices: the values that each dimension has in these days; ``articles`` likewise.
    """
    kept = {dimension: value for dimension, value in inquiry.filters.items() if value in choices.get(dimension, ())}
    gone = tuple(dimension.value for dimension in inquiry.filters if dimension not in kept)
    if inquiry.article is not None and inquiry.article not in articles:
        return replace(inquiry, filters=kept, article=None, unknown=(*inquiry.unknown, *gone, "article"))
    return replace(inquiry, filters=kept, unknown=(*inquiry.unknown, *gone))


def _usual_grain(days: Days) -> Grain:
    return Grain.DAY if days.number <= LONGEST_DAILY else Grain.WEEK
