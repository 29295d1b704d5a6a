"""Teaching: what the engine learns from past requests and from the articles' own texts, kept as one lesson."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from kb.calibration import Papers, as_case, calibrate, teach
from kb.classifier import MOST_CLASSES, Classifier
from kb.holdings import Holdings
from kb.judgement import Judgement
from kb.objections import Objections
from kb.room import Room

UNTAUGHT = -1


@dataclass(frozen=True, slots=True)
class Lesson:
    """A classifier and how far to trust it; ``mark`` tells one set of texts that were learned from another."""

    classifier: Classifier | None
    judgements: Mapping[str, Judgement]
    mark: int
    objections: Objections | None = None


def first_lesson(rooms: Mapping[str, Room], holdings: Holdings) -> Lesson:
    """Learn only how far to trust a likeness: the first engine of all is wanted at once, and the rest follows."""
    return Lesson(None, calibrate(rooms, [], [], holdings.entries, Papers(())), UNTAUGHT)


def study(rooms: Mapping[str, Room], holdings: Holdings) -> Lesson:
    """Learn everything there is to learn; takes seconds to minutes, and holds nobody up."""
    learned, apart = [as_case(sample) for sample in holdings.samples], [as_case(sample) for sample in holdings.trials]
    papers = Papers.of_entries(holdings.entries)
    classifier = teach(learned, papers)
    judgements = calibrate(rooms, learned, apart, holdings.entries, papers, classifier)
    if classifier:
        classifier.weighing = None  # Needed for the trials alone, and as large as the past requests.
    return Lesson(classifier, judgements, lesson_mark(holdings), Objections.of_remarks(holdings.remarks))


def lesson_mark(holdings: Holdings) -> int:
    """Tell what there is to learn from one another: past requests, and where articles are few, their own texts."""
    mark = 0
    for sample in holdings.samples:
        mark = zlib.crc32(f"{sample.article_id}\t{sample.language}\t{sample.text}".encode("utf-8", "backslashreplace"), mark)
    if holdings.remarks:
        mark = zlib.crc32(repr(holdings.remarks).encode("utf-8", "backslashreplace"), mark)
    if len(holdings.entries) <= MOST_CLASSES:
        mark = zlib.crc32(repr([entry.fingerprint for entry in holdings.entries]).encode(), mark)
    return mark
