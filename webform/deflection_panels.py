"""Deflection panels: each tile's figures as a table, with the bounds of every share."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from deflection.article_figures import ArticleFigures
from deflection.figures import Counts, Figures, Period, funnel
from deflection.guards import Guard, Typical
from deflection.lift import Lift
from deflection.outcomes import Outcome
from deflection.reports import Rate
from deflection.savings import Savings
from webform import group_words, tiles
from webform.dashboard import Gap
from webform.panels import Column, Kind, Panel, Value


def rate(found: Figures) -> Panel:
    """What engaged visits came to, with either form."""
    columns = (
        Column("outcome", gettext("What the visits came to"), Kind.TEXT),
        Column("visits", gettext("Visits")),
        *_share_columns(),
        Column("plain_form_visits", gettext("Plain form")),
        Column("plain_form_share", gettext("Share"), Kind.SHARE),
    )
    rows: list[Sequence[Value]] = []
    for outcome in Outcome:
        counted, plain = (Rate(counts.outcomes[outcome], counts.engaged) for counts in (found.treatment, found.holdout))
        rows.append((outcome.value, counted.count, *_bounded(counted), plain.count, plain.share))
    return Panel("rate", columns, rows, _named(tiles.counts()))


def trend(periods: Sequence[Period]) -> Panel:
    """The rate of each day or week."""
    columns = (
        Column("from", gettext("From"), Kind.DAY),
        Column("to", gettext("Until"), Kind.DAY),
        Column("confirmed", gettext("Confirmed")),
        Column("engaged", gettext("Engaged visits")),
        *_share_columns(),
        Column("presumed", gettext("Presumed")),
    )
    rows = [(each.first, each.last, *_counted(each.figures.deflection_rate), each.figures.treatment.presumed) for each in periods]
    return Panel("trend", columns, rows)


def lift(found: Figures) -> Panel:
    """Requests per 100 engaged visits with either form, and their difference."""
    columns = (
        Column("what", gettext("Requests"), Kind.TEXT),
        Column("requests", gettext("Requests")),
        Column("engaged", gettext("Engaged visits")),
        Column("per_100", gettext("Per 100"), Kind.NUMBER),
        Column("low", gettext("At least"), Kind.NUMBER),
        Column("high", gettext("At most"), Kind.NUMBER),
    )
    rows: list[Sequence[Value]] = []
    for name, counts in (("plain_form", found.holdout), ("with_answers", found.treatment)):
        share, low, high = _bounded(Rate(counts.requests, counts.engaged))
        rows.append((name, counts.requests, counts.engaged, *(None if each is None else 100 * each for each in (share, low, high))))
    if found.lift:
        rows += [(f"difference_{name}", None, None, found.lift.per_100_visits, *bounds) for name, bounds in _intervals(found.lift)]
    names: dict[Value, str] = {
        "plain_form": gettext("Plain form"),
        "with_answers": gettext("With answers"),
        "difference_always_valid": gettext("Difference, however often one looks"),
        "difference_single_look": gettext("Difference, looking once"),
    }
    return Panel("lift", columns, rows, names)


def savings(found: Savings | None) -> Panel:
    """What was saved, with its bounds."""
    columns = (
        Column("currency", gettext("Currency"), Kind.TEXT),
        Column("saved", gettext("Cost saved"), Kind.NUMBER),
        Column("low", gettext("At least"), Kind.NUMBER),
        Column("high", gettext("At most"), Kind.NUMBER),
        Column("engaged", gettext("Engaged visits")),
        Column("cost_per_contact", gettext("Cost of a contact"), Kind.NUMBER),
    )
    rows = [(found.currency, found.amount, found.interval.low, found.interval.high, found.visits, found.cost_per_contact)] if found else []
    return Panel("savings", columns, rows)


def steps(counts: Counts) -> Panel:
    """The steps from the opened form to what customers said."""
    columns = (
        Column("step", gettext("Step"), Kind.TEXT),
        Column("visits", gettext("Visits")),
        Column("share", gettext("Of those before"), Kind.SHARE),
        Column("share_of_all", gettext("Of all"), Kind.SHARE),
    )
    found, before, rows = funnel(counts), 0, []
    for name, number in found:
        rows.append((name, number, number / before if before else None, number / found[0][1] if found[0][1] else None))
        before = number
    return Panel("funnel", columns, rows, _named(tiles.counts()))


def guards(found: Sequence[Guard]) -> Panel:
    """What must not get worse, with either form."""
    columns = (
        Column("guard", gettext("Guard"), Kind.TEXT),
        Column("with_answers", gettext("With answers"), Kind.NUMBER),
        Column("of", gettext("Visits")),
        Column("plain_form", gettext("Plain form"), Kind.NUMBER),
        Column("plain_form_of", gettext("Visits")),
        Column("difference_low", gettext("At least"), Kind.NUMBER),
        Column("difference_high", gettext("At most"), Kind.NUMBER),
        Column("worse", gettext("Worse")),
    )
    rows = [(each.name.value, *_measured(each.treatment), *_measured(each.holdout), *(each.always or (None, None)), int(each.is_worse)) for each in found]
    return Panel("guards", columns, rows, {name.value: words for name, words in tiles.guards().items()})


def groups(name: str, found: Mapping[str, Figures], names: Mapping[str, str]) -> Panel:
    """The rate of each topic, language, device, site or release."""
    columns = (
        Column(group_words.dimensions()[name][0], group_words.dimensions()[name][1], Kind.TEXT),
        Column("confirmed", gettext("Confirmed")),
        Column("engaged", gettext("Engaged visits")),
        *_share_columns(),
        Column("presumed", gettext("Presumed")),
        Column("requests", gettext("Requests")),
    )
    rows = [
        (value, *_counted(each.deflection_rate), each.treatment.presumed, each.treatment.requests) for value, each in found.items() if each.treatment.engaged
    ]
    return Panel(name, columns, rows, _named(names))


def articles(found: Sequence[ArticleFigures], titles: Mapping[int, str]) -> Panel:
    """What came of each article."""
    plain = {"shown": gettext("Shown"), "opened": gettext("Opened"), "read": gettext("Read"), "solved": gettext("Solved")}
    plain |= {"declined": gettext("Not what was needed"), "failed": gettext("Sent all the same"), "returned": gettext("Came back")}
    columns = (
        Column("article", gettext("Article"), Kind.TEXT),
        *(Column(key, words) for key, words in plain.items()),
        Column("solve_share", gettext("Solves"), Kind.SHARE),
        Column("fail_share", gettext("Fails"), Kind.SHARE),
        Column("title", gettext("Title"), Kind.TEXT),
    )
    rows = [
        (each.article_id, *(getattr(each, key) for key in plain), each.solve_rate.share, each.fail_rate.share, titles.get(each.article_id, ""))
        for each in found
    ]
    return Panel("articles", columns, rows, {each.article_id: str(each.article_id) for each in found})


def gaps(found: Sequence[Gap]) -> Panel:
    """What people ask and no article answers; their words are on the page of the gap."""
    columns = (
        Column("gap", gettext("Gap"), Kind.TEXT),
        Column("language", gettext("Language"), Kind.TEXT),
        Column("requests", gettext("Requests")),
        Column("last_28_days", gettext("In 28 days")),
        Column("before", gettext("In the 28 before")),
    )
    rows = [(each.standing.id, each.standing.language, each.standing.count, each.standing.lately, each.standing.before) for each in found]
    return Panel("gaps", columns, rows, {each.standing.id: each.title or str(each.standing.id) for each in found})


def hours(found: Sequence[Sequence[int]]) -> Panel:
    """How many came on each weekday and in each hour."""
    weekdays = group_words.weekdays()
    columns = (Column("weekday", gettext("Weekday"), Kind.TEXT), *(Column(f"hour_{hour:02}", f"{hour:02}") for hour in range(24)))
    return Panel("hours", columns, [(day + 1, *counted) for day, counted in enumerate(found)], {day + 1: name for day, name in enumerate(weekdays)})


def _named(names: Mapping[str, str]) -> dict[Value, str]:
    return dict(names.items())


def _share_columns() -> tuple[Column, Column, Column]:
    return (
        Column("share", gettext("Share"), Kind.SHARE),
        Column("low", gettext("At least"), Kind.SHARE),
        Column("high", gettext("At most"), Kind.SHARE),
    )


def _bounded(found: Rate) -> tuple[float | None, float | None, float | None]:
    return (found.share, found.interval.low, found.interval.high) if found.interval else (None, None, None)


def _counted(found: Rate) -> tuple[Value, ...]:
    return (found.count, found.of, *_bounded(found))


def _intervals(found: Lift) -> list[tuple[str, tuple[float, float]]]:
    return [("always_valid", found.always), ("single_look", found.interval)]


def _measured(found: Rate | Typical) -> tuple[float | None, int]:
    """Give what a guard measured, in percent or in seconds, and of how many visits."""
    if isinstance(found, Rate):
        return (None if found.share is None else 100 * found.share), found.of
    return found.seconds, found.visits
