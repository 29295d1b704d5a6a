"""Placing: which articles a customer sees, and in which order, once the engine believes something and the rules were asked."""

from collections.abc import Callable
from dataclasses import dataclass

from kb.engine import Belief, Candidate
from kb.judgement import TOGETHER
from kb.rule_book import Tact


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is believed of a text and what the rules say to it: enough to tell what any gate would show.

    ``spoken`` are the pinned articles that exist in its language.
    """

    tact: Tact
    belief: Belief
    spoken: frozenset[int]

    def shown(self, gate: float, limit: int = TOGETHER) -> tuple[int, ...]:
        """Name the articles that a customer would see."""
        placed = place(self.tact, self.belief, gate, limit, speaks=self.spoken.__contains__)
        return tuple(candidate.article_id for candidate in placed)


def place(tact: Tact, belief: Belief, gate: float, limit: int, *, speaks: Callable[[int], bool]) -> tuple[Candidate, ...]:
    """Give the candidates to be shown: pinned ones first, then those that pass the gate; none for a text that goes to a person.

    A pinned article passes the gate by its rule, whatever is believed of it; its score stays what is believed.

    :param speaks: whether an article exists in the language of the text; a pinned one that does not is not shown.
    """
    if tact.urgent:
        return ()
    shown = belief.shown(gate, limit)
    believed = {candidate.article_id: candidate.score for candidate in (*belief.candidates, *shown)}
    pinned = [Candidate(article, believed.get(article, 0.0)) for article in tact.pinned if speaks(article)]
    first = {candidate.article_id for candidate in pinned}
    return (*pinned, *(candidate for candidate in shown if candidate.article_id not in first))[:limit]
