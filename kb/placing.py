"""Placing: which articles a customer sees, and in which order, once the engine believes something and the rules were asked."""

from collections.abc import Callable

from kb.engine import Belief, Candidate
from kb.rule_book import Tact


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
