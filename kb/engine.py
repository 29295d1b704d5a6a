"""The engine: everything that was learned from one generation, and how it ranks articles for a text."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.classifier import NOBODY, Classifier
from kb.features import Features, features
from kb.judgement import Judgement
from kb.room import Room, empty_slate
from kb.slate import Slate

OTHER_ROOMS = 3
"""Languages looked into for a text in a language that has no article."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer; ``score`` is the probability that it does, given that those above it do not."""

    article_id: int
    score: float


@dataclass(frozen=True)
class Engine:
    """One generation, ready to rank; never changes, so any number of threads may use it.

    ``lesson`` tells one set of texts that were learned from another.
    """

    generation: int
    rooms: Mapping[str, Room]
    classifier: Classifier | None
    judgements: Mapping[str, Judgement]
    topics: Mapping[int, str] = field(default_factory=dict)
    lesson: int = 0

    def __post_init__(self) -> None:
        """Note which articles can be shown, and in which languages."""
        spoken: dict[int, set[str]] = defaultdict(set)
        for language, room in self.rooms.items():
            for row in room.places.values():
                spoken[int(room.articles[row])].add(language)
        known = set(self.classifier.classes.tolist()) - {NOBODY} if self.classifier else set()
        object.__setattr__(self, "spoken", spoken)
        object.__setattr__(self, "retired", frozenset(known - set(spoken)))

    spoken: Mapping[int, set[str]] = field(init=False, repr=False)
    retired: frozenset[int] = field(init=False, repr=False)

    @property
    def judgement(self) -> Judgement:
        """Give the judgement for languages that have none of their own; its gate is everybody's."""
        return self.judgements[""]

    def candidates(self, text: str, language: str, limit: int, gate: float) -> list[Candidate]:
        """Rank the articles that pass a gate, best first; those in other languages only where the text's own has none."""
        question = features(text, language, bounded=True)
        found = [candidate for slate in self._slates(text, language, question) for candidate in self._ranked(slate, language, limit)]
        passed = sorted((candidate for candidate in found if candidate.score >= gate), key=lambda candidate: -candidate.score)
        own = [candidate for candidate in passed if language in self.spoken[candidate.article_id]]
        return list({candidate.article_id: candidate for candidate in own or passed}.values())[:limit]

    def topic(self, candidates: list[Candidate]) -> tuple[str, float]:
        """Tell the category that the candidates speak for, and with which share of belief."""
        shares: dict[str, float] = defaultdict(float)
        left = 1.0
        for candidate in candidates:
            own = candidate.score * left
            left -= own
            shares[self.topics.get(candidate.article_id, "")] += own
        shares.pop("", None)
        best = max(shares, key=shares.__getitem__, default="")
        return best, min(shares.get(best, 0.0), 1.0)

    def _slates(self, text: str, language: str, question: Features) -> list[Slate]:
        memory = self.classifier.recall(question) if self.classifier else None
        if room := self.rooms.get(language):
            return [room.slate(text, question, memory, self.retired)]
        largest = sorted(self.rooms.values(), key=lambda room: -len(room.places))[:OTHER_ROOMS]
        return [room.slate(text, question, memory, self.retired) for room in largest] or [empty_slate(memory, self.retired)]

    def _ranked(self, slate: Slate, language: str, limit: int) -> list[Candidate]:
        judgement = self.judgements.get(language, self.judgement)
        return [Candidate(int(slate.articles[row]), score) for row, score in judgement.score(slate, limit)]
