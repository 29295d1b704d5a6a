"""Evaluation: how right, how silent, how early and how fast the engine is on a labelled set."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from kb.analysis import engaged
from kb.engine import Belief, Engine
from kb.evidence import Count, Evidence
from kb.labelled import LabelledSet, Question
from kb.languages import language_of
from kb.shelf import Shelf
from kb.teaching import study
from kb.workshop import make

DEPTH = 5
SHOWN = 3
TYPED_QUESTIONS = 300
"""Questions that are typed word by word; each costs as many looks as it has words."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the engine said to one question, gate or no gate."""

    question: Question
    belief: Belief
    seconds: float
    hit_share: float | None = None

    def shown(self, gate: float) -> tuple[int, ...]:
        """Name the articles that a customer would see."""
        return tuple(candidate.article_id for candidate in self.belief.shown(gate, SHOWN))

    def answered(self, gate: float) -> bool:
        """Tell whether a right article would be seen."""
        return bool(self.question.articles.intersection(self.shown(gate)))


def evaluate(labelled: LabelledSet, *, gate: float | None = None) -> dict[str, Any]:
    """Build a private engine from a labelled set and ask it every test question.

    :param gate: taken in place of the calibrated one.
    :return: the figures under the names of the documentation; shares in [0, 1], a figure without a base is ``None``.
    """
    with tempfile.TemporaryDirectory(prefix="webform-evaluate-") as folder:
        shelf = Shelf(Path(folder) / "index")
        untaught = make(shelf, labelled.holdings, None)
        engine = make(shelf, labelled.holdings, untaught, study(untaught.rooms, labelled.holdings))
    gate = engine.judgement.gate if gate is None else gate
    answers = list(ask(engine, labelled.questions, gate))
    languages = sorted({question.language for question in labelled.questions} | set(engine.rooms))
    return {**figures(answers, gate, len(labelled.holdings.entries)), "gate_basis": engine.judgement.basis} | {
        "by_language": {
            language: figures(
                [answer for answer in answers if answer.question.language == language],
                gate,
                sum(entry.language == language for entry in labelled.holdings.entries),
            )
            for language in languages
        }
    }


def ask(engine: Engine, questions: Sequence[Question], gate: float, *, typed: int = TYPED_QUESTIONS) -> Iterator[Ranked]:
    """Put every question to an engine, as a whole, and about so many of them word by word."""
    answerable = [question for question in questions if question.articles]
    by_word = set(map(id, answerable[:: max(len(answerable) // typed, 1)])) if typed else set()
    for question in questions:
        begun = time.perf_counter()
        belief = _look(engine, question.text, question.language)
        seconds = time.perf_counter() - begun
        yield Ranked(question, belief, seconds, _hit_share(engine, question, gate) if id(question) in by_word else None)


def _look(engine: Engine, text: str, interface: str) -> Belief:
    return engine.believe(text, language_of(text, interface), DEPTH)


def _hit_share(engine: Engine, question: Question, gate: float) -> float | None:
    """Find the share of a question's words after which a right article is among those shown, and stays."""
    spaced = " " in question.text.strip()
    parts = question.text.split() if spaced else list(question.text)
    earliest = None
    for count in range(len(parts), 0, -1):
        text = (" " if spaced else "").join(parts[:count])
        belief = _look(engine, text, question.language) if engaged(text, question.language) else Belief(0.0, ())
        if not Ranked(question, belief, 0.0).answered(gate):
            break
        earliest = count / len(parts)
    return earliest


def figures(answers: Sequence[Ranked], gate: float, articles: int) -> dict[str, Any]:
    """Work out the figures of some answers."""
    answerable = [answer for answer in answers if answer.question.articles]
    silent = [answer for answer in answers if not answer.question.articles]
    places = [_place(answer) for answer in answerable]
    hits = [answer.hit_share for answer in answerable if answer.hit_share is not None]
    milliseconds = [1000 * answer.seconds for answer in answers]
    return {
        "articles": articles,
        "queries": len(answers),
        "no_answer": len(silent),
        **{f"recall_at_{depth}": _share([place <= depth for place in places]) for depth in (1, 3, 5)},
        "mrr": _mean([1 / place for place in places]),
        "gate": round(gate, 4),
        "shown_share": _share([bool(answer.shown(gate)) for answer in answers]),
        "answered_at_3": _share([answer.answered(gate) for answer in answerable]),
        "false_show_share": _share([bool(answer.shown(gate)) for answer in silent]),
        "words_to_hit": round(median(hits), 4) if hits else None,
        "latency_ms": {f"p{part}": round(float(np.percentile(milliseconds, part)), 2) if milliseconds else None for part in (50, 95, 99)},
        "curve": curve(evidence_of(answers)),
    }


def evidence_of(answers: Sequence[Ranked]) -> Evidence:
    """Take answers for what they say about every gate."""
    return Evidence(
        np.array([answer.belief.sure if answer.belief.candidates else -1.0 for answer in answers], float),
        np.array([answer.answered(0.0) for answer in answers], bool),
        np.array([bool(answer.question.articles) for answer in answers], bool),
        np.array([min(answer.question.articles, default=-1) for answer in answers], np.int64),
    )


def curve(evidence: Evidence) -> list[dict[str, Any]]:
    """Say for gates from 0 to 1 what they do, with the bounds of 95 % intervals."""
    points = []
    for gate in evidence.steps():
        merits = evidence.at(gate)
        points.append({"gate": gate} | _told("answered_at_3", merits.answered) | _told("false_show_share", merits.false_shows))
    return points


def _told(name: str, count: Count) -> dict[str, Any]:
    low, high = count.interval
    return {name: None if count.share is None else round(count.share, 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}


def _place(answer: Ranked) -> float:
    return next(
        (place for place, article in enumerate((candidate.article_id for candidate in answer.belief.candidates), 1) if article in answer.question.articles),
        float("inf"),
    )


def _share(facts: Sequence[bool]) -> float | None:
    return round(sum(facts) / len(facts), 4) if facts else None


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def sentences(found: dict[str, Any]) -> Iterator[str]:
    """Say the figures in a line per language."""
    for name, each in (("all", found), *found["by_language"].items()):
        yield (
            f"{name}: {each['articles']} articles, {each['queries']} queries ({each['no_answer']} without an answer); "
            f"right at 1 {each['recall_at_1']}, at 3 {each['recall_at_3']}, at 5 {each['recall_at_5']}, mrr {each['mrr']}; "
            f"gate {each['gate']}: answered {each['answered_at_3']}, false shows {each['false_show_share']}; "
            f"words to hit {each['words_to_hit']}; {each['latency_ms']['p50']} ms, p95 {each['latency_ms']['p95']} ms"
        )
