"""Support panels: the support figures as tables, in the order in which a lead asks for them."""

from collections.abc import Sequence

from flask_babel import gettext, pgettext
from sqlalchemy.orm import Session

from webform import desk, support_figures, ticket_days, topics
from webform.outbox import MessageKind
from webform.panels import Column, Kind, Panel, Value
from webform.periods import Days
from webform.satisfaction import Score
from webform.satisfaction_report import Tally, satisfaction_between
from webform.satisfaction_views import score_words
from webform.support_figures import Came
from webform.ticket_groups import Group
from webform.tickets import Channel

OF_REQUESTS = ("by-topic", "by-channel", "by-day", "waits")
NAMES = (*OF_REQUESTS, "satisfaction", "votes", "mails")


def make(session: Session, name: str, days: Days, language: str, *, groups: Sequence[Group] | None = None) -> Panel:
    """Make one of `NAMES`.

    :param language: in which topics are named.
    :param groups: the requests of these days, if they are known already.
    """
    if name in OF_REQUESTS:
        return _of_requests(session, name, days, language, ticket_days.between(session, days) if groups is None else groups)
    if name == "satisfaction":
        return _satisfaction(satisfaction_between(session, days.since, days.until))
    if name == "votes":
        rows = support_figures.votes(session, days)
        columns = Column("language", gettext("Language"), Kind.TEXT), Column("helpful", gettext("Helpful")), Column("not_helpful", gettext("Not helpful"))
        return Panel(name, columns, rows, {code: desk.language_name(code) for code, *_ in rows})
    states = (Column("sent", pgettext("mails", "Sent")), Column("waiting", gettext("Waiting")), Column("failed", gettext("Failed")))
    return Panel(name, (Column("kind", gettext("Mail"), Kind.TEXT), *states), support_figures.mails(session, days), kinds_of_mail())


def _of_requests(session: Session, name: str, days: Days, language: str, groups: Sequence[Group]) -> Panel:
    if name == "by-topic":
        named: dict[Value, str] = {"": gettext("No topic"), **dict(topics.choices(session, language))}
        return _came(name, gettext("Topic"), support_figures.by_topic(groups), named)
    if name == "by-channel":
        return _came(name, gettext("Way"), support_figures.by_channel(groups), channels())
    if name == "by-day":
        return Panel(name, (Column("day", gettext("Day"), Kind.DAY), Column("requests", gettext("Requests"))), support_figures.by_day(groups, days))
    return _waits(groups)


def _satisfaction(said: Tally) -> Panel:
    columns = (
        Column("answer", gettext("Answer"), Kind.TEXT),
        Column("answers", gettext("Answers")),
        Column("share", gettext("Share"), Kind.SHARE),
    )
    counts = {Score.GOOD: said.good, Score.MIDDLING: said.middling, Score.BAD: said.bad}
    rows = [(score.value, count, count / said.answered if said.answered else None) for score, count in counts.items()]
    return Panel("satisfaction", columns, rows, dict(score_words().items()))


def channels() -> dict[Value, str]:
    """Name the ways by which requests come."""
    return {Channel.FORM: gettext("The form"), Channel.PROGRAM: gettext("A program"), "": gettext("Not kept then")}


def kinds_of_mail() -> dict[Value, str]:
    """Name the kinds of mails."""
    return {
        MessageKind.REQUEST: gettext("Requests to the team"),
        MessageKind.ACKNOWLEDGEMENT: gettext("Acknowledgements"),
        MessageKind.REMINDER: gettext("Reminders of reviews"),
        MessageKind.ADDITION: gettext("What customers added"),
        MessageKind.SATISFACTION: gettext("Questions how it was"),
        MessageKind.ALARM: gettext("Alarms of the self-check"),
        MessageKind.REPORT: gettext("Weekly reports"),
    }


def _came(name: str, head: str, rows: list[Came], names: dict[Value, str]) -> Panel:
    states = desk.ticket_states()
    columns = (
        Column(name.removeprefix("by-"), head, Kind.TEXT), Column("requests", gettext("Requests")), *(Column(state, words) for state, words in states.items()),
        Column("median_seconds", gettext("First answer"), Kind.SECONDS),
    )  # fmt: skip
    told = [(row.name, row.total, row.new, row.answered, row.closed, row.spam, row.held, row.answered_within) for row in rows]
    return Panel(name, columns, told, names)


def _waits(groups: Sequence[Group]) -> Panel:
    columns = (
        Column("until", gettext("Until"), Kind.TEXT),
        Column("reached", gettext("Requests that are there")),
        Column("requests", gettext("Of")),
        Column("median_seconds", gettext("Half of them within"), Kind.SECONDS),
        Column("ninetieth_seconds", gettext("Nine of ten within"), Kind.SECONDS),
        Column("waiting", gettext("Still wait")),
        Column("waiting_since", gettext("The first of them since"), Kind.DAY),
    )
    told = {"first-answer": support_figures.until_first_answer(groups), "closed": support_figures.until_closed(groups)}
    rows = [(name, waits.reached, waits.of, waits.median, waits.ninetieth, waits.waiting, waits.since) for name, waits in told.items()]
    names: dict[Value, str] = {"first-answer": gettext("the first answer of the team"), "closed": gettext("it was closed")}
    return Panel("waits", columns, rows, names)
