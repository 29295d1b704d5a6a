"""The desk: what the staff's templates need to put moments, sizes, ages and states into words."""

from collections.abc import Callable, Container, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta, get_datetime_format
from babel.numbers import format_decimal, format_percent
from flask import Flask, request
from flask_babel import gettext
from markupsafe import Markup

from kb.articles import Status
from kb.intervals import Interval
from webform import letters
from webform.gaps import GapState
from webform.i18n import choose_language
from webform.outbox import Delivery, Outcome
from webform.tickets import TicketStatus

PAGE = 50
REFUSED = "refused"
"""What a message is called that says that nothing was done."""


def moment(when: datetime) -> Markup:
    """Write a moment in UTC, readable for people and machines."""
    when = when.astimezone(UTC)
    joined = str(get_datetime_format(locale=choose_language()))  # With a comma or not.
    words = joined.format(f"{when:%H:%M} UTC", format_date(when, locale=choose_language()))
    return Markup('<time datetime="{}">{}</time>').format(f"{when:%Y-%m-%dT%H:%M:%SZ}", words)


def noted_moment(text: str) -> str:
    """Write a moment that was noted as text; what is none stays as it is."""
    try:
        return str(moment(datetime.fromisoformat(text)).striptags())
    except ValueError:
        return text


def day(when: date) -> str:
    """Write a day as the reader's language does."""
    return format_date(when, "full", locale=choose_language())


def short_day(when: date) -> str:
    """Write a day in a few letters, so that a sentence can end with it."""
    return letters.without_stop(format_date(when, locale=choose_language()))


def month_day(when: date) -> str:
    """Write a day under a drawing, where its year is told elsewhere."""
    return str(format_skeleton("MMMd", when, locale=choose_language()))


def share(value: float) -> str:
    """Write a share in percent."""
    return format_percent(value, locale=choose_language())


class Rated(Protocol):
    """A share with its interval, as far as there are any."""

    @property
    def share(self) -> float | None:
        """The share, from 0 to 1."""

    @property
    def interval(self) -> Interval | None:
        """Between which bounds it lies."""


def alike(shares: Iterable[float | Rated | None], *, of: float = 1) -> Callable[[float | None], str]:
    """Give the manner of writing the shares of one list or sentence, with the bounds of those that have some: all have a decimal if one needs it.

    That is one under 10 % or over 90 % that is no whole number of percent. Where there is no share, a dash is written.

    :param of: what they are counts of, if they are counts.
    """
    told: list[float] = []
    for each in shares:
        told += [each / of] if isinstance(each, float | int) else [] if each is None or each.share is None else [each.share, *(each.interval or ())]
    usual = str(Locale.parse(choose_language()).percent_formats[None].pattern)
    exact = any((0 < share < 0.1 or 0.9 < share < 1) and abs(share - round(share, 2)) > 1e-9 for share in told)
    pattern = usual.replace("#,##0", "0.0") if exact else usual

    def write(share: float | None) -> str:
        return "–" if share is None else str(format_percent(share, pattern, locale=choose_language()))

    return write


def percent(share: float | None) -> str:
    """Write a share that stands alone in the reader's manner."""
    return alike([share])(share)


def bounds(interval: Interval | None, write: Callable[[float | None], str] | None = None) -> str:
    """Write between which bounds a share lies.

    :param write: how the list or sentence writes its shares; otherwise both bounds are written alike.
    """
    if interval is None:
        return "–"
    write = write or alike(interval)
    return f"{write(interval.low)}–{write(interval.high)}"


def count(number: float) -> str:
    """Write a whole number in the reader's manner."""
    return str(format_decimal(round(number), "#,##0", locale=choose_language()))


def number(value: float) -> str:
    """Write a number in the reader's manner, with one decimal."""
    return str(format_decimal(value, "#,##0.0;−#,##0.0", locale=choose_language()))


def decimal(value: float) -> str:
    """Write a number in the reader's manner, with two decimals."""
    return str(format_decimal(value, "#,##0.00", locale=choose_language()))


def duration(seconds: float) -> str:
    """Say how long something took, in one unit."""
    return format_timedelta(timedelta(seconds=round(seconds)), locale=choose_language(), threshold=1.5)


def exact(share: float) -> str:
    """Write a share in percent with one decimal."""
    usual = str(Locale.parse(choose_language()).percent_formats[None].pattern)
    return str(format_percent(share, usual.replace("#,##0", "0.0"), locale=choose_language()))


def age(since: datetime, now: datetime) -> str:
    """Say how long ago something was, in one unit."""
    return format_timedelta(now - since, locale=choose_language())


def language_name(code: str) -> str:
    """Name a language in the reader's words."""
    return letters.language_name(code, choose_language())


def file_size(size: int) -> str:
    """Write a number of bytes as a person would say it."""
    return letters.file_size(size, choose_language())


def quoted(words: str) -> str:
    """Put a person's words in quotation marks, as the reader's language has them."""
    return str(gettext("“%(words)s”", words=words))


def ticket_states() -> dict[str, str]:
    """Name what can become of a request, in the order of work."""
    return {
        TicketStatus.NEW: gettext("new"),
        TicketStatus.ANSWERED: gettext("answered elsewhere"),
        TicketStatus.CLOSED: gettext("closed"),
        TicketStatus.SPAM: gettext("spam"),
        TicketStatus.HELD: gettext("held"),
    }


def article_states() -> dict[str, str]:
    """Name how far a translation can be."""
    return {
        Status.PUBLISHED: gettext("published"),
        Status.DRAFT: gettext("draft"),
        Status.IN_REVIEW: gettext("in review"),
        Status.ARCHIVED: gettext("archived"),
    }


def gap_states() -> dict[str, str]:
    """Name what is to become of a gap, in the order of work."""
    return {
        GapState.OPEN: gettext("open"),
        GapState.WRITING: gettext("being written"),
        GapState.ANSWERED: gettext("answered"),
        GapState.DISMISSED: gettext("not needed"),
    }


def deliveries() -> dict[str, str]:
    """Name how far a message can be."""
    return {Delivery.WAITING: gettext("waiting"), Delivery.SENT: gettext("sent"), Delivery.FAILED: gettext("failed")}


def outcomes() -> dict[str, str]:
    """Name what an attempt to send can come to."""
    return {
        Outcome.SENDING: gettext("being sent at this moment"),
        Outcome.INTERRUPTED: gettext("interrupted; it may have arrived, and is sent again with the same Message-ID"),
        Outcome.SENT: gettext("taken by the server"),
        Outcome.RETRY: gettext("put off by the server, tried again later"),
        Outcome.FAILED: gettext("refused for good"),
    }


def asked(name: str, allowed: Container[str] | None = None) -> str:
    """Read a filter from the address; one that does not exist asks for everything."""
    value = request.args.get(name, "")
    return value if allowed is None or value in allowed else ""


def page_number() -> int:
    """Read which page is wanted; what is no number asks for the first."""
    digits = request.args.get("page", "1")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else 1


def install(app: Flask) -> None:
    """Give the templates their words."""
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        short_day=short_day,
        share=share,
        age=age,
        language_name=language_name,
        file_size=file_size,
        quoted=quoted,
        whole=count,
    )
    app.jinja_env.globals.update(
        ticket_states=ticket_states, article_states=article_states, deliveries=deliveries, outcomes=outcomes, alike=alike, bounds=bounds,
        decimal=decimal,
    )  # fmt: skip
