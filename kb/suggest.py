"""The suggester: which articles answer a text, or that none does."""

from dataclasses import dataclass
from pathlib import Path

from kb.database import Database


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One article offered for a text.

    ``score`` is the calibrated probability in [0, 1] that it answers; ``rank`` counts from 1; ``passage`` is the plain
    text of the best matching passage, ``highlights`` are ``(start, end)`` character offsets into it, sorted and not
    overlapping; ``passage_html`` is safe HTML with the matched words in ``<mark>``; ``glimpse_html`` is one or two
    sentences of it, likewise marked.
    """

    rank: int
    article_id: int
    language: str
    slug: str
    title: str
    heading: str
    anchor: str
    score: float
    passage: str
    passage_html: str
    glimpse_html: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the suggester says to a text: the suggestions that pass the gate, best first, and the gate they passed.

    ``engaged`` tells whether the text had enough content words to be looked up at all; ``topic`` is the category
    that past requests point to with its probability, or nothing.
    """

    suggestions: tuple[Suggestion, ...]
    gate: float
    language: str
    generation: int
    engaged: bool
    topic: str = ""
    topic_share: float = 0.0


class Suggester:
    """The one stateful object: the index and the classifier of one generation, replaced when a newer one is ready."""

    def __init__(self, database: Database, folder: Path, *, gate: float | None = None) -> None:
        """Prepare; nothing is read until the first text."""
        self.database = database
        self.folder = folder
        self.gate = gate

    def suggest(self, subject: str, message: str, *, language: str = "", limit: int = 3) -> Answer:
        """Find the articles that answer a text.

        :param language: language of the interface, used only where the text itself does not tell.
        :param limit: suggestions at most.
        """
        return Answer((), self.gate or 0.0, language, 0, False)

    def suggest_within(self, seconds: float, subject: str, message: str, *, language: str = "") -> Answer:
        """Find the articles that answer a text, or none when that takes too long or fails."""
        return self.suggest(subject, message, language=language)
