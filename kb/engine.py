"""The engine: everything that was learned from one generation, and how it ranks articles for a text."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb.classifier import NOBODY, Classifier, Memory
from kb.elsewhere import answered_elsewhere
from kb.features import Features, features
from kb.judgement import TOGETHER, Judgement
from kb.objections import Objections
from kb.other_codes import Codes, about_others, codes
from kb.padding import gist, left_out
from kb.room import Room, empty_slate
from kb.slate import Slate
from kb.wording import Wording, Words

OTHER_ROOMS = 3
"""Languages looked into for a text in a language that has no article."""


TOPIC_DEPTH = 30
"""Candidates that are heard about the topic: many that are hardly believed each may together leave no doubt about it."""

LEAST_PART = 0.03
"""Part of the first candidate's probability that another one must have to be worth a reader's look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may answer; ``score`` is the probability that it does."""

    article_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What the engine makes of a text: candidates, best first, and how sure it is that one of the first three answers.

    ``elsewhere`` are articles that do not exist in the language of the text, best first, where others do. ``topic`` is the category
    that the text is most likely about, whether or not anything is shown, with its ``topic_share`` of belief in [0, 1].
    """

    sure: float
    candidates: tuple[Candidate, ...]
    elsewhere: tuple[Candidate, ...] = ()
    topic: str = ""
    topic_share: float = 0.0

    def shown(self, gate: float, limit: int) -> tuple[Candidate, ...]:
        """Give what a customer sees: nothing under the gate, else the best candidates together, whose scores add up to ``sure``.

        What exists only in another language comes after them, if it is itself believed from the gate on, or would be should they not help.
        """
        own = self._own(gate, limit)
        there = tuple(each for each in self.elsewhere[:limit] if each.score >= LEAST_PART * self.elsewhere[0].score)
        if not there or sum(each.score for each in there) < gate * (1 - self.sure if own else 1.0):
            return own
        if len(own) == limit > 1 and own[-1].score < there[0].score:  # The last place is for whichever is more likely to help.
            own = own[:-1]
        return own + there[: limit - len(own)]

    def sure_of_shown(self, gate: float, limit: int) -> float:
        """Tell how sure one is that one of those shown answers; where none is, that one of the candidates would."""
        return sum(candidate.score for candidate in self.shown(gate, limit)) or self.sure

    def _own(self, gate: float, limit: int) -> tuple[Candidate, ...]:
        if not self.candidates or self.sure < gate:
            return ()
        least = LEAST_PART * self.candidates[0].score
        kept = [candidate for candidate in self.candidates[:limit] if candidate.score >= least]
        whole = sum(candidate.score for candidate in kept)
        return tuple(Candidate(candidate.article_id, self.sure * candidate.score / whole) for candidate in kept)


@dataclass(frozen=True)
class Engine:
    """One generation, ready to rank; never changes, so any number of threads may use it.

    ``lesson`` tells one set of texts that were learned from another; ``words`` are what staff wrote down for each language.
    """

    generation: int
    rooms: Mapping[str, Room]
    classifier: Classifier | None
    judgements: Mapping[str, Judgement]
    topics: Mapping[int, str] = field(default_factory=dict)
    lesson: int = 0
    words: Mapping[str, Words] = field(default_factory=dict)
    objections: Objections | None = None
    codes: Codes = field(default_factory=dict)

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

    def wording(self, text: str, language: str, without: Collection[str] = ()) -> Wording:
        """Read a text without what says nothing about the problem, and with the synonyms and the stop words of its language.

        :param without: synonyms that are left out, named by ``Fired.rule``: what would change without them?
        """
        words = self.words.get(language)
        found = words.word(text, without) if words else Wording(text)
        left = gist(found.text, language)
        return (
            found if left == found.text else replace(found, text=left, added=gist(found.added, language), silent=(*found.silent, *left_out(found.text, left)))
        )

    def question(self, wording: Wording, language: str) -> Features:
        """Count what a text contains, and for less what its synonyms add."""
        typed = features(wording.text, language, bounded=True, read=wording.terms(language))
        return typed.widened(features(wording.added, language, bounded=True)) if wording.added else typed

    def believe(self, text: str | Wording, language: str, limit: int, hidden: frozenset[int] = frozenset()) -> Belief:
        """Rank the articles for a text, best first; those that exist only in other languages apart, unless the text's own has none at all.

        :param text: as it was typed, or as it was read before.
        :param hidden: articles that are left out, as if they did not exist.
        """
        wording = text if isinstance(text, Wording) else self.wording(text, language)
        question = self.question(wording, language)
        hidden |= self.about_other_codes(wording.text, language)
        return self.settle(wording, language, question, self.slates(wording, language, question, hidden), limit, hidden)

    def settle(self, wording: Wording, language: str, question: Features, slates: Sequence[Slate], limit: int, hidden: frozenset[int] = frozenset()) -> Belief:
        """Rank what is laid out."""
        judgement = self.judgements.get(language, self.judgement)
        found: list[Candidate] = []
        heard: list[Candidate] = []
        sure = 0.0
        kept = self.objections.keeps(question) if self.objections else {}
        wide = limit + max(TOGETHER, len(kept))  # Those that come after one that falls back or is elsewhere.
        for slate in slates:
            own_sure, ranked = judgement.believe(slate, max(wide, TOPIC_DEPTH))
            sure = max(sure, own_sure)
            articles = [int(slate.articles[row]) for row, _ in ranked]
            heard += [Candidate(article, score) for article, (_, score) in zip(articles, ranked, strict=True)]
            found += [Candidate(article, score * kept.get(article, 1.0)) for article, (_, score) in zip(articles[:wide], ranked, strict=False)]
        told = self._topic(heard, sure)
        found.sort(key=lambda candidate: -candidate.score)
        own = [candidate for candidate in found if language in self.spoken[candidate.article_id]]
        best = tuple({candidate.article_id: candidate for candidate in own or found}.values())[:limit]
        # What is believed of an article that is left out is no reason to show another.
        sure = min(sure, sum(candidate.score for candidate in best[:TOGETHER]))
        there = [candidate for candidate in found if candidate not in own]
        return Belief(sure, best, self._elsewhere(wording, language, there, 1 - sure, hidden, kept) if own else (), *told)

    def _elsewhere(
        self, wording: Wording, language: str, remembered: Sequence[Candidate], left: float, hidden: frozenset[int], kept: Mapping[int, float]
    ) -> tuple[Candidate, ...]:
        """Put together what past requests point to and what has the names in a text; both share what belief is left."""

        def judge(room: Room, text: str) -> list[tuple[int, float]]:
            question = features(text, room.language, bounded=True)
            slate = room.slate(text, question, self.classifier.recall(question) if self.classifier else None, self.retired | hidden)
            ranked = self.judgements.get(room.language, self.judgement).believe(slate, TOGETHER)[1]
            return [(int(slate.articles[row]), score) for row, score in ranked]

        scores = {candidate.article_id: candidate.score for candidate in reversed(remembered)}
        for article, score in answered_elsewhere(f"{wording.text}\n{wording.added}", language, rooms=self.rooms, judge=judge):
            if language not in self.spoken[article]:
                scores[article] = max(scores.get(article, 0.0), left * score * kept.get(article, 1.0))
        whole = max(1.0, sum(scores.values()) / max(left, 1e-9))
        return tuple(Candidate(article, score / whole) for article, score in sorted(scores.items(), key=lambda each: -each[1]))

    def _topic(self, heard: Sequence[Candidate], sure: float) -> tuple[str, float]:
        """Tell the category that the candidates speak for, and with which share of belief.

        A text can be about a topic of which no article answers it. So the share among the candidates counts for more than how
        sure one is of an answer, of which the root is taken; without it everything would be about something.
        """
        shares: dict[str, float] = defaultdict(float)
        for candidate in heard:
            shares[self.topics.get(candidate.article_id, "")] += candidate.score
        whole = sum(shares.values())
        shares.pop("", None)
        best = max(shares, key=shares.__getitem__, default="")
        return best, min(shares.get(best, 0.0) / whole * math.sqrt(sure), 1.0) if whole else 0.0

    def about_other_codes(self, text: str, language: str) -> frozenset[int]:
        """Name the articles about an error code or a part number that the text does not ask about, while it asks about another of its kind."""
        asked = codes(text, language) if self.codes else {}
        return about_others(asked, self.codes, [segment for room in self.rooms.values() for segment in room.segments.values()]) if asked else frozenset()

    def rooms_for(self, language: str) -> list[Room]:
        """Choose the rooms that are looked into: that of the language, or where it has no article the largest."""
        if room := self.rooms.get(language):
            return [room]
        return sorted(self.rooms.values(), key=lambda room: -len(room.places))[:OTHER_ROOMS]

    def slates(self, wording: Wording, language: str, question: Features, hidden: frozenset[int] = frozenset(), memory: Memory | None = None) -> list[Slate]:
        """Lay out the evidence in each of those rooms; where there is no article at all, what past requests alone say.

        :param memory: what past requests say, if that is known already.
        """
        hidden = self.retired | hidden
        if memory is None and self.classifier is not None:
            memory = self.classifier.recall(question)
        found = [room.slate(wording.text, question, memory, hidden, added=wording.added, said=wording.said(room.language)) for room in self.rooms_for(language)]
        return found or [empty_slate(memory, hidden)]
