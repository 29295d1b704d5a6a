"""Article lists: what a member of staff asked the list for, read from an address or a form, and asked for again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial

from sqlalchemy import Select
from sqlalchemy.orm import Session

from deflection.article_weeks import by_article, first_week
from kb import catalogue
from kb.articles import Status
from kb.catalogue import SORTS, CataloguePage

FIELDS = ("q", "status", "language", "category", "owner", "untranslated", "review", "low", "sort")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters and the order of a list, as texts that stand in its address."""

    values: Mapping[str, str]

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return any(value for name, value in self.values.items() if name != "sort")

    @property
    def has_more(self) -> bool:
        """Whether one of the filters is set that are folded away at first."""
        return any(self.values[name] for name in ("category", "owner", "untranslated", "review", "low"))

    @property
    def address(self) -> dict[str, str]:
        """What of it belongs into an address."""
        return {name: value for name, value in self.values.items() if value}

    def page(self, session: Session, now: datetime, *, number: int, per_page: int) -> CataloguePage:
        """Give one page of the list."""
        counts = partial(by_article, since=first_week(now))
        return catalogue.page(session, counts=counts, sort=self.values["sort"], number=number, per_page=per_page, **self._wanted(now))

    def numbers(self, session: Session, now: datetime, *, most: int) -> list[int]:
        """Give the numbers of all that is found."""
        return catalogue.ids_of(session, counts=partial(by_article, since=first_week(now)), most=most, **self._wanted(now))

    def rows(self, now: datetime) -> Select[int]:
        """Ask for the numbers of all that is found."""
        return catalogue.rows(counts=partial(by_article, since=first_week(now)), **self._wanted(now))

    def _wanted(self, now: datetime) -> dict[str, object]:
        told = self.values
        return {
            "text": told["q"],
            "status": told["status"],
            "language": told["language"],
            "category": told["category"],
            "owner": told["owner"],
            "untranslated": told["untranslated"],
            "review_due": now if told["review"] else None,
            "low": bool(told["low"]),
        }


def asked(values: Mapping[str, str]) -> Asked:
    """Read what is asked for; what does not exist asks for everything."""
    told = {name: values.get(name, "")[:LONGEST].replace("\0", "") for name in FIELDS}
    allowed: dict[str, tuple[str, ...]] = {"status": tuple(Status), "review": ("due",), "low": ("1",), "sort": SORTS}
    return Asked({name: value if name not in allowed or value in allowed[name] else "" for name, value in told.items()})


def day(text: str) -> datetime | None:
    """Read a day as its first moment in UTC; nothing if it is none."""
    try:
        return datetime.combine(date.fromisoformat(text[:10]), time.min, UTC)
    except ValueError:
        return None
