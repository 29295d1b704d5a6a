"""Drafts begun from gaps: an article in the customers' own words, with their texts attached as examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import writing
from kb.articles import Translation
from kb.revisions import Wording
from webform import answers, baseline_reviews, gaps
from webform.gap_members import old_questions, split
from webform.gap_texts import FOR_TITLES, Words, titles, typical
from webform.gaps import Gap, GapRequest
from webform.tickets import Ticket
from webform.tokens import Tokens

MOST_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft about a gap can begin with: its language, titles in customers' words, the best first, and texts that it should answer."""

    language: str
    titles: list[str]
    texts: list[Words]


def propose(session: Session, gap: Gap) -> Proposal:
    """Find what a draft about a gap can begin with; every text is masked."""
    texts = typical(session, [gap.id], FOR_TITLES).get(gap.id, [])
    return Proposal(gap.language, titles(texts), texts[:MOST_EXAMPLES])


def begin_draft(session: Session, gap: Gap, title: str, category: str, *, who: str, now: datetime) -> Translation:
    """Make a draft about a gap; the gap is being written about from then on.

    :raises kb.articles.ArticleError: if an article cannot have this title or category.
    """
    translation = writing.begin(session, None, gap.language, Wording(title, "", category=category), author=who, now=now)
    gaps.begin_writing(session, gap, translation.article_id, who, now)
    return translation


def attach(session: Session, tokens: Tokens, gap: Gap, requests: Sequence[int], article: int, *, who: str, now: datetime) -> int:
    """Note of some requests of a gap that an article answers them; others are passed over. Give how many."""
    chosen = list(requests)[:500]
    rows = select(Ticket).join(GapRequest, GapRequest.ticket_id == Ticket.id).where(GapRequest.gap_id == gap.id, Ticket.id.in_(split(chosen)[0]))
    old = [question for question in old_questions(session, chosen) if question.gap_id == gap.id]
    count = answers.attach(session, tokens, session.scalars(rows.order_by(Ticket.id)).all(), article, who, now)
    return count + baseline_reviews.correct(session, old, article, who, now)
