"""A baseline as files: one JSON object of its figures, and a CSV that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from kb.intervals import Interval
from webform.baseline_figures import HOURS, Figures, Part, Savings, kinds_in_order
from webform.baseline_topics import Topics
from webform.baselines import Baseline


def as_json(baseline: Baseline, found: Figures, topics: Topics, saved: Savings | None, currency: str) -> dict[str, Any]:
    """Give the figures of a baseline as one object; shares are from 0 to 1, intervals hold with 95 %."""
    return {
        "baseline": baseline.id, "name": baseline.name, "stage": baseline.stage, "mails": baseline.mails, "kinds": kinds_in_order(baseline.kinds),
        "gate": baseline.gate, "generation": baseline.generation, "articles": baseline.articles, "zone": baseline.zone,
        "questions": found.whole.questions, **_part(found.whole),
        "by_language": {language: _part(part) for language, part in found.languages.items()},
        "by_month": {month: _part(part) for month, part in found.months.items()},
        "by_hour": [{"weekday": weekday + 1, "hour": hour, "questions": found.hours.get((weekday, hour), 0)} for weekday, hour in HOURS],
        "undated": found.undated, "from": _moment(found.first_at), "to": _moment(found.last_at),
        "checked": {"right": found.right, "of": found.looked, "interval": _bounds(found.precision)}, "learned": found.learned,
        "answered_rightly": found.rightly and {"share": _rounded(found.rightly.share), "interval": _bounds(found.rightly.interval)},
        "topics": [
            {"gap": topic.gap, "language": topic.language, "questions": topic.questions, "share": round(topic.share, 4), "words": topic.title}
            for topic in topics.topics
        ],
        "unanswered": topics.unanswered, "alone": topics.alone, "not_grouped_yet": topics.waiting,
        "savings": saved and _savings(saved, currency),
    }  # fmt: skip


def as_csv(found: Figures, topics: Topics) -> Iterator[str]:
    """Give the figures as lines of a table: what, which, answered, questions, share and its bounds."""
    yield _line(["what", "which", "answered", "questions", "share", "low", "high"])
    yield _line(["all", "", *_cells(found.whole)])
    for what, parts in (("language", found.languages), ("month", found.months)):
        for which, part in parts.items():
            yield _line([what, which, *_cells(part)])
    for weekday, hour in HOURS:
        yield _line(["weekday and hour", f"{weekday + 1} {hour:02}", "", found.hours.get((weekday, hour), 0), "", "", ""])
    for topic in topics.topics:
        yield _line(["topic without an article", topic.title, 0, topic.questions, "", "", ""])


def _savings(saved: Savings, currency: str) -> dict[str, Any]:
    bounds = _bounds(saved.interval, 2)
    return {"monthly": round(saved.monthly, 2), "interval": bounds, "questions_monthly": round(saved.questions_monthly, 1), "currency": currency}


def _part(part: Part) -> dict[str, Any]:
    return {"answered": part.answered, "of": part.questions, "share": _rounded(part.share), "interval": _bounds(part.interval)}


def _cells(part: Part) -> list[object]:
    low, high = part.interval or ("", "")
    return [part.answered, part.questions, *("" if value in {None, ""} else f"{value:.4f}" for value in (part.share, low, high))]


def _bounds(interval: Interval | None, digits: int = 4) -> list[float] | None:
    return [round(interval.low, digits), round(interval.high, digits)] if interval is not None else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _moment(moment: object) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment else None


def _line(cells: list[object]) -> str:
    """Write a line; what a spreadsheet would take for a formula is quoted."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return file.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
