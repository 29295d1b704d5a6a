"""The weekly report as a mail: once for each week and reader, however many workers there are and whenever one dies."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import cast

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from deflection import ledger
from deflection.lift import about
from deflection.reports import Rate
from deflection.slices import midnight
from kb.intervals import Interval
from webform import letters, weekly, weekly_charts, weekly_words
from webform.lines import header_text
from webform.outbox import MessageKind, enqueue
from webform.subscriptions import Subscription, next_due, reported_week
from webform.terms import Terms
from webform.weekly import Week
from webform.weekly_charts import Point

NAME_LETTERS = 60
AGAIN = timedelta(hours=1)
TREND, OUTCOMES = "trend", "outcomes"
log = logging.getLogger(__name__)


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether somebody is to get a report, and the week of it is counted: before, its figures would be wrong."""
    return session.scalars(_due(now).limit(1)).first() is not None and ledger.has_counted(session, midnight(reported_week(now) + weekly.WEEK))


def send_due(session: Session, terms: Terms, now: datetime) -> int:
    """Put the report into the outbox for everybody whose time has come, and say so in the same transaction.

    Who missed some weeks, because no worker ran, gets the last one. A week that was told is not told again when its reader
    changes the day. A report that cannot be made is tried again in an hour, and holds up nobody.

    :return: how many mails.
    """
    count, week = 0, reported_week(now)
    for wish in session.scalars(_due(now).order_by(Subscription.id).with_for_update(skip_locked=True)).all():
        if wish.sent_week == week:
            wish.next_due_at = next_due(wish.weekday, wish.hour, wish.zone, now)
            continue
        try:
            with session.begin_nested():
                message = compose(session, wish, week, terms=terms, now=now)
                enqueue(session, ticket=None, kind=MessageKind.REPORT, sender=terms.bounce, recipients=[wish.email], message=message, now=now)
                wish.sent_week, wish.next_due_at = week, next_due(wish.weekday, wish.hour, wish.zone, now)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            log.error("a weekly report could not be made", extra={"subscription": wish.id, "fault": type(error).__name__})
            wish.next_due_at = now + AGAIN
        else:
            count += 1
    session.flush()
    return count


def compose(session: Session, wish: Subscription, week: date, *, terms: Terms, now: datetime) -> EmailMessage:
    """Make the report for a reader: text, and HTML with its charts inside."""
    found = weekly.week_of(session, week, language=wish.language, links=terms.links)
    _ = letters.translator(wish.language)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(header_text(terms.company, NAME_LETTERS), addr_spec=terms.sender)
    message["To"] = Address(addr_spec=wish.email)
    message["Subject"] = _("Your form in the week %(days)s: %(rate)s answered", days=_days(found, wish.language), rate=_share(found.rate, wish.language))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<week-{week}.{wish.stop_key[:8]}@{terms.mail_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    stop = terms.links.stop_report(wish.stop_key)
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    cids = {name: f"{name}.{week}@{terms.mail_domain}" for name in (TREND, OUTCOMES)}
    values = _values(found, wish.language, terms) | {"stop_url": stop, "cids": cids}
    message.set_content(letters.render("weekly.txt", wish.language, **values), cte="quoted-printable")
    message.add_alternative(letters.render("weekly.html", wish.language, **values), subtype="html", cte="quoted-printable")
    page = cast("list[EmailMessage]", message.get_payload())[1]
    for name, picture in _charts(found).items():
        page.add_related(picture, "image", "png", cid=f"<{cids[name]}>", filename=f"{name}.png", disposition="inline")
    return message


def _values(week: Week, language: str, terms: Terms) -> dict[str, object]:
    """Give what the templates say, written as the reader writes numbers."""
    translate = letters.translator(language)
    return {
        "lang": language,
        "week": week,
        "company": terms.company,
        "days": _days(week, language),
        "url": terms.links.deflection(week.first, week.last),
        "long_days": format_interval(week.long_first, week.last, "yMMMd", locale=language),
        "long_url": terms.links.deflection(week.long_first, week.last),
        "outbox_url": f"{terms.links.base}/staff/outbox",
        "colours": weekly_charts.OUTCOME_COLOURS,
        "outcomes": _outcomes(week, language),
        "guards": [(guard, weekly_words.guard(guard, translate), weekly_words.sides(guard, translate, language)) for guard in week.guards],
        "about": about,
        "count": lambda number: format_decimal(number, "#,##0", locale=language),
        "percent": lambda share: weekly_words.percent(share, language),
        "points": lambda share: format_decimal(round(100 * share, 1) + 0.0, "+#,##0.0;−#,##0.0", locale=language),
        "decimal": lambda number: format_decimal(number, "#,##0.0;−#,##0.0", locale=language),
        "day": lambda when: format_date(when, "d MMM" if language != "zh" else "M月d日", locale=language),
        "share": lambda rate: _share(rate, language),
    }


def _outcomes(week: Week, language: str) -> list[tuple[str, str, int]]:
    _ = letters.translator(language)
    return [(outcome.value, weekly_words.outcome(outcome, _), number) for outcome, number in week.figures.treatment.outcomes.items()]


def _charts(week: Week) -> Mapping[str, bytes]:
    points = [Point(period.first, period.figures.deflection_rate.share, _bounds(period.figures.deflection_rate)) for period in week.trend]
    counts = [(outcome.value, number) for outcome, number in week.figures.treatment.outcomes.items()]
    return {TREND: weekly_charts.trend(points), OUTCOMES: weekly_charts.outcomes(counts)}


def _bounds(rate: Rate) -> Interval | None:
    return rate.interval


def _share(rate: Rate, language: str) -> str:
    return "–" if rate.share is None else weekly_words.percent(rate.share, language)


def _days(week: Week, language: str) -> str:
    return format_interval(week.first, week.last, "yMMMd", locale=language)


def _due(now: datetime) -> Select[Subscription]:
    return select(Subscription).where(and_(Subscription.next_due_at <= now, Subscription.stopped_at.is_(None)))
