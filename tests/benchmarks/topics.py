"""How well the topic of a text is told: ``python -m tests.benchmarks.topics DIR`` asks the held-out questions of a labelled set.

DIR is one set. Topics are the categories of its articles; where all share one, every article is a topic of its own. Prints one
JSON object: ``accuracy`` over all questions that have an answer; ``proposed_share`` and ``precision`` of what would be proposed
while somebody types; ``false_proposals`` among texts that no article answers. ``--texts N`` learns from N past requests only.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.evaluation import SHOWN
from kb.labelled import LabelledSet, Question, read_labelled_set
from kb.languages import language_of
from kb.shelf import Shelf
from kb.teaching import study
from kb.workshop import make
from webform.proposals import LEAST_SHARE


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one question: which topics are right, which was told, and with which share."""

    right: frozenset[str]
    topic: str
    share: float


def with_topics(labelled: LabelledSet, texts: int) -> LabelledSet:
    """Make every article a topic of its own where all share one category; and learn from no more texts than wanted, evenly taken."""
    holdings = labelled.holdings
    entries = holdings.entries
    if len({entry.category for entry in entries}) < 2:
        entries = tuple(replace(entry, category=entry.title) for entry in entries)
    samples = holdings.samples[:: max(1, len(holdings.samples) // texts)] if texts else holdings.samples
    return replace(labelled, holdings=replace(holdings, entries=entries, samples=samples))


def ask(labelled: LabelledSet, questions: Sequence[Question]) -> Iterator[Told]:
    topics = {entry.article_id: entry.category for entry in labelled.holdings.entries}
    with tempfile.TemporaryDirectory(prefix="webform-topics-") as folder:
        shelf = Shelf(Path(folder) / "index")
        untaught = make(shelf, labelled.holdings, None)
        engine = make(shelf, labelled.holdings, untaught, study(untaught.rooms, labelled.holdings))
        for question in questions:
            belief = engine.believe(question.text, language_of(question.text, question.language), SHOWN)
            yield Told(frozenset(topics[article] for article in question.articles), belief.topic, belief.topic_share)


def share(facts: Sequence[bool]) -> float | None:
    return round(sum(facts) / len(facts), 4) if facts else None


def figures(told: Sequence[Told]) -> dict[str, Any]:
    answerable = [each for each in told if each.right]
    silent = [each for each in told if not each.right]
    proposed = [each for each in answerable if each.share >= LEAST_SHARE]
    return {
        "questions": len(answerable),
        "topics": len({topic for each in answerable for topic in each.right}),
        "accuracy": share([each.topic in each.right for each in answerable]),
        "least_share": LEAST_SHARE,
        "proposed_share": share([each.share >= LEAST_SHARE for each in answerable]),
        "precision": share([each.topic in each.right for each in proposed]),
        "false_proposals": share([each.share >= LEAST_SHARE for each in silent]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--questions", type=int, default=0)
    given = parser.parse_args()
    labelled = with_topics(read_labelled_set(given.folder), given.texts)
    step = max(1, len(labelled.questions) // given.questions) if given.questions else 1
    begun = time.monotonic()
    found = figures(list(ask(labelled, labelled.questions[::step])))
    print(json.dumps({"set": given.folder.name, "learned_from": len(labelled.holdings.samples), **found, "seconds": round(time.monotonic() - begun, 1)}))


if __name__ == "__main__":
    main()
