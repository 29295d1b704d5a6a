"""The engine: everything that was learned from one generation, and how it ranks articles for a text."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.classifier import NOBODY, Classifier
from kb.features import Features, features
from kb.judgement import TOGETHER, Judgement
from kb.room import Room, empty_slate
from kb.slate import Slate

OTHER_ROOMS = 3
"""Languages looked into for a text in a language that has no article."""


LEAST_PART = 0.03
"""Part of the first candidate's probability that another one must have to be worth a reader's look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer; ``score`` is the probability that it does."""

    article_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What the engine makes of a text: candidates, best first, and how sure it is that one of the first three answers."""

    sure: float
    candidates: tuple[Candidate, ...]

    def shown(self, gate: float, limit: int) -> tuple[Candidate, ...]:
        """Give what a customer sees: nothing under the gate, else the best candidates together, whose scores add up to ``sure``."""
        if not self.candidates or self.sure < gate:
            return ()
        least = LEAST_PART * self.candidates[0].score
        kept = [candidate for candidate in self.candidates[:limit] if candidate.score >= least]
        whole = sum(candidate.score for candidate in kept)
        return tuple(Candidate(candidate.article_id, self.sure * candidate.score / whole) for candidate in kept)


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

    def believe(self, text: str, language: str, limit: int) -> Belief:
        """Rank the articles for a text, best first; those in other languages only where the text's own has none."""
        question = features(text, language, bounded=True)
        judgement = self.judgements.get(language, self.judgement)
        found: list[Candidate] = []
        sure = 0.0
        for slate in self._slates(text, language, question):
            own_sure, ranked = judgement.believe(slate, limit)
            sure = max(sure, own_sure)
            found += [Candidate(int(slate.articles[row]), score) for row, score in ranked]
        found.sort(key=lambda candidate: -candidate.score)
        own = [candidate for candidate in found if language in self.spoken[candidate.article_id]]
        best = tuple({candidate.article_id: candidate for candidate in own or found}.values())[:limit]
        # What is believed of an article that is left out is no reason to show another.
        return Belief(min(sure, sum(candidate.score for candidate in best[:TOGETHER])), best)

    def topic(self, candidates: Sequence[Candidate]) -> tuple[str, float]:
        """Tell the category that the candidates speak for, and with which share of belief."""
        shares: dict[str, float] = defaultdict(float)
        for candidate in candidates:
            shares[self.topics.get(candidate.article_id, "")] += candidate.score
        shares.pop("", None)
        best = max(shares, key=shares.__getitem__, default="")
        return best, min(shares.get(best, 0.0), 1.0)

    def _slates(self, text: str, language: str, question: Features) -> list[Slate]:
        memory = self.classifier.recall(question) if self.classifier else None
        if room := self.rooms.get(language):
            return [room.slate(text, question, memory, self.retired)]
        largest = sorted(self.rooms.values(), key=lambda room: -len(room.places))[:OTHER_ROOMS]
        return [room.slate(text, question, memory, self.retired) for room in largest] or [empty_slate(memory, self.retired)]
