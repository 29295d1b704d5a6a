"""What the pages about deflection are made of: addresses, drawings and words for their templates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import itemgetter

from flask import current_app, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from deflection import figures as figured
from deflection import lift
from deflection.article_figures import articles_met
from deflection.evidence import Page
from deflection.facts import Facts
from deflection.figures import Period, figures_of
from deflection.guards import guards
from deflection.savings import Savings, savings
from deflection.slices import Dimension
from kb.intervals import Interval
from webform import annotations, dashboard, deflection_panels, desk, drawings, group_words, inquiry, money, period_words, tile_words, tiles
from webform.annotations import Annotation
from webform.dashboard import GROUPS, Dashboard
from webform.drawings import Bounded, Curve
from webform.inquiry import Inquiry
from webform.panels import Panel
from webform.sign_in import may
from webform.staff import RoleName
from webform.tiles import Behind, Tile

Context = dict[str, object]
Choices = Mapping[Dimension, list[str]]
MOST_ARTICLES = 500
"""Articles that one can be chosen from."""
FEWEST_SCALED = 10
"""Engaged visits from which on a point of the trend has a say in its scale."""


def address(endpoint: str, asked: Inquiry, **changed: str) -> str:
    """Give the address of a page for the same visits."""
    tile = {"tile": changed.pop("tile")} if "tile" in changed else {}
    return url_for(endpoint, **tile, **asked.query(**changed))  # type: ignore[arg-type]


def _file(asked: Inquiry, tile: str, rows: str, form: str) -> str:
    return address("deflection.tile", asked, tile=tile, rows=rows, format=form)


def panel(session: Session, name: str, asked: Inquiry, now: datetime) -> Panel:
    """Make the table of one tile."""
    if name in GROUPS:
        found = dashboard.groups(session, asked, name)
        return deflection_panels.groups(name, found, group_words.names(session, GROUPS[name], found))
    if name == "articles":
        met = dashboard.articles(session, asked)
        made = deflection_panels.articles(met, group_words.article_titles(session, [each.article_id for each in met]))
        return replace(made, leads={row[0]: address("deflection.tile", asked, tile=name, article=str(row[0]), rows=tiles.MET[-1].key) for row in made.rows})
    if name == "gaps":
        made = deflection_panels.gaps(dashboard.gaps(session, now, 50))
        return replace(made, leads={row[0]: url_for("gaps.gap", number=row[0]) for row in made.rows})
    others: Mapping[str, Callable[[], Panel]] = {
        "rate": lambda: deflection_panels.rate(figures_of(session, asked.slice)),
        "trend": lambda: deflection_panels.trend(dashboard.trend(session, asked)),
        "lift": lambda: deflection_panels.lift(figures_of(session, asked.slice)),
        "savings": lambda: deflection_panels.savings(_saved(session, asked)),
        "funnel": lambda: deflection_panels.steps(figures_of(session, asked.slice).treatment),
        "guards": lambda: deflection_panels.guards(guards(figures_of(session, asked.slice))),
        "hours": lambda: deflection_panels.hours(figured.demand(session, asked.slice) if asked.article is None else []),
    }
    return others[name]()


def context(session: Session, asked: Inquiry, choices: Choices, found: Dashboard, saved: Savings | None, now: datetime) -> Context:
    """Give the page what it tells of an inquiry."""
    today = now.date()
    solving, failing = dashboard.solving(found.articles), dashboard.failing(found.articles)
    named = [each.article_id for each in (*solving, *failing)]
    drawn, config = curve(found.trend), current_app.config
    groups = {name: deflection_panels.groups(name, each, group_words.names(session, GROUPS[name], each)) for name, each in found.groups.items()}
    tops = {name: _top(each) for name, each in groups.items()}
    topics = group_words.names(session, GROUPS["topics"], found.small)
    highest = max((curve(points).up[0][1] for points in found.small.values()), default=1.0)  # One scale for all, or they could not be compared.
    small = [(topics[topic], curve(points, top=highest, height=drawings.SMALL_HEIGHT)) for topic, points in found.small.items()]
    return {
        **_shared(session, asked, choices),
        "today": today, "found": found, "figures": found.figures, "before": found.before, "published": found.published,
        "saved": saved, "money": money.amount, "cost": config["COST_PER_CONTACT"], "holdout": config["HOLDOUT_SHARE"], "about": lift.about,
        "tiles": tiles.titles(), "tile_of": tiles.tile, "guard_words": tiles.guards(), "outcome_words": tiles.counts(),
        "told_guards": [each for each in found.guards if each.is_told],
        "drawn": drawn, "drawn_before": curve(found.trend_before, top=drawn.up[0][1]) if found.trend_before else None,
        "labels": [desk.month_day(found.trend[place].first) for place in drawn.across], "marks": marks(found.annotations, found.trend),
        "annotation_kinds": annotations.kinds(), "may_note": may(RoleName.LEAD), "groups": groups, "panels": _panels(found),
        "small_topics": small,
        "solving": solving, "failing": failing, "titles": group_words.article_titles(session, named),
        "shades": drawings.shades(found.hours), "weekdays": group_words.weekdays(),
        "fewest": dashboard.FEWEST, "fewest_compared": lift.FEWEST, "fewest_opened": tile_words.FEWEST_OPENED, "interval_of": Interval, "zip": zip,
        "tops": tops,
    }  # fmt: skip


def tile_context(session: Session, tile: Tile, asked: Inquiry, choices: Choices, made: Panel, behind: Behind | None, found: Page | None) -> Context:
    """Give the page of a tile what it tells: its definition and table, or the visits behind one of its figures."""
    articles = {each.article_id for row in found.rows for each in row.events if each.article_id} if found else set()
    return {
        **_shared(session, asked, choices),
        "tile": tile, "tabs": () if tile.behind == tiles.MET and asked.article is None else tile.behind,
        "panel": made, "behind": behind, "found": found, "after": request.args.get("after", ""),
        "count_words": tiles.counts(), "arm_words": tiles.arms(), "event_words": tiles.events(), "titles": group_words.article_titles(session, articles),
        "versions_counted": figured.definitions_of(session, asked.slice), "cells": partial(_where, session),
    }  # fmt: skip


def _where(session: Session, facts: Facts) -> dict[Dimension, str]:
    """Name where a visit happened."""
    told = {dimension: getattr(facts, dimension.value) for dimension in Dimension}
    return {dimension: group_words.names(session, dimension, [value])[value] for dimension, value in told.items()}


def curve(points: Sequence[Period], *, top: float | None = None, height: int = drawings.HEIGHT) -> Curve:
    """Draw the rate of days or weeks."""
    rates = [point.figures.deflection_rate for point in points]
    values = [Bounded(rate.share, *rate.interval) if rate.share is not None and rate.interval else None for rate in rates]
    sure = [each.share for each in rates if each.share is not None and each.of >= FEWEST_SCALED]
    scaled = min(1.0, drawings.ceiling(max(sure) * 1.25)) if any(sure) else None  # A point of three visits must not flatten all others.
    return drawings.curve(values, top=top or scaled, height=height)


def marks(found: Iterable[Annotation], points: Sequence[Period]) -> list[dict[str, object]]:
    """Place annotations on the trend, where their day lies between its points."""
    first, last = points[0].first, points[-1].first
    span = (last - first).days or 1
    placed = {(each.kind.value, min(1.0, max(0.0, (each.day - first).days / span))) for each in found}
    return [{"kind": kind, "at": round(drawings.WIDTH * at, 1)} for kind, at in sorted(placed)]


def _top(group: Panel) -> float:
    """Give the end of the scale that holds every interval of a group."""
    return min(1.0, drawings.ceiling(max((float(str(row[5])) for row in group.rows), default=1.0)))


def _saved(session: Session, asked: Inquiry) -> Savings | None:
    return savings(figures_of(session, asked.slice), cost_per_contact=current_app.config["COST_PER_CONTACT"], currency=current_app.config["CURRENCY"])


def _panels(found: Dashboard) -> dict[str, Panel]:
    return {
        "trend": deflection_panels.trend(found.trend),
        "lift": deflection_panels.lift(found.figures),
        "funnel": deflection_panels.steps(found.figures.treatment),
        "hours": deflection_panels.hours(found.hours),
    }


def _shared(session: Session, asked: Inquiry, choices: Choices) -> Context:
    met = articles_met(session, asked.slice, MOST_ARTICLES) if asked.article is None else [asked.article]
    titles = group_words.article_titles(session, met)
    return {
        "asked": asked, "period": asked.period, "words": period_words, "desk": desk, "drawings": drawings, "faults": _faults(asked),
        "address": lambda endpoint, **changed: address(endpoint, asked, **changed), "files": lambda name, rows="": partial(_file, asked, name, rows),
        "choices": {dimension: group_words.names(session, dimension, values) for dimension, values in choices.items()},
        "heads": group_words.heads(), "every": group_words.every(), "unknown": inquiry.UNKNOWN, "articles": sorted(titles.items(), key=itemgetter(1)),
    }  # fmt: skip


def _faults(asked: Inquiry) -> list[str]:
    called = {**{dimension.value: words for dimension, words in group_words.heads().items()}, "article": gettext("Article"), "grain": gettext("Trend")}
    return [gettext("%(filter)s: no visit of these days has what was asked for.", filter=called[name]) for name in asked.unknown]
