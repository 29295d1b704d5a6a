"""Readers' word: what readers of the help centre said of an article, and what they looked for before they opened it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from deflection.reports import Rate
from kb.helpfulness import verdicts
from kb.looking import Sought, searches_leading_to
from kb.reasons import Reason


@dataclass(frozen=True, slots=True)
class ReadersWord:
    """Votes by language, the reasons that were given with a *No*, the most frequent first, and the searches that led to the article."""

    votes: Sequence[tuple[str, Rate]]
    reasons: Sequence[tuple[Reason, int]]
    searches: Sequence[Sought]

    @property
    def unhelpful(self) -> int:
        """How many said *No*, with a reason or without."""
        return sum(rate.of - rate.count for _, rate in self.votes)


def readers_word(session: Session, article: int, *, since: date, language: str = "") -> ReadersWord:
    """Sum up what readers said of an article.

    :param since: votes from this day on; searches are counted without a day.
    :param language: the text in this language alone; every language unless given.
    """
    helpful: Counter[str] = Counter()
    given: Counter[str] = Counter()
    reasons: Counter[Reason] = Counter()
    for verdict in verdicts(session, articles=[article], since=since):
        if language in ("", verdict.language):
            helpful[verdict.language] += verdict.helpful
            given[verdict.language] += verdict.helpful + verdict.unhelpful
            reasons.update(verdict.reasons)
    sought = [search for search in searches_leading_to(session, article) if language in ("", search.language)]
    votes = [(spoken, Rate(helpful[spoken], count)) for spoken, count in sorted(given.items(), key=lambda each: (-each[1], each[0]))]
    return ReadersWord(votes, reasons.most_common(), sought)
