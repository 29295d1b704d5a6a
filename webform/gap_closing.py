"""Closing: whether an article that was published answers the texts of a gap by now, as the suggester sees it."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from kb.articles import Status, Translation
from kb.database import Database
from kb.generations import current_generation
from kb.suggest import Suggester
from webform import gaps
from webform.baselines import BaselineQuestion
from webform.gap_collection import shown_articles
from webform.gaps import Gap, GapRequest, GapState
from webform.tickets import Ticket

MOST_ASKED = 25
"""Texts of a gap, the newest, that the suggester is asked."""
ENOUGH = 0.5
"""Share of them that one article must answer so that the gap is closed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the suggester shows now for ``asked`` texts: the share that gets something it had not got before, and the article that most of them get."""

    asked: int
    share: float
    article_id: int | None
    article_share: float


def close_answered(database: Database, suggester: Suggester, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """Ask anew what waits, those being written about first, then the largest; close what an article answers.

    :param go_on: asked before each gap; what is left is for the next time.
    :return: how many were closed.
    """
    with database.reading() as session:
        if session.scalars(_due(current_generation(session)).limit(1)).first() is None:
            return 0  # An engine costs memory that a worker without gaps need not spend.
    suggester.ensure_ready(lesson=True)  # What a new article can answer is known only once it was learned from.
    closed, generation = 0, suggester.generation
    while go_on():
        with database.reading() as session:
            gap = session.scalars(_due(generation).limit(1)).first()
            finding = ask(session, gap, suggester) if gap is not None else None
        if gap is None or finding is None:
            break
        with database.writing() as session:
            closed += _write(session, gap.id, finding, generation, now)
    return closed


def ask(session: Session, gap: Gap, suggester: Suggester) -> Finding | None:
    """Ask the newest texts of a gap; nothing while there is no engine.

    What was shown for a text before is no answer to it, unless it was changed since.
    """
    rows = select(Ticket).join(GapRequest, GapRequest.ticket_id == Ticket.id).where(GapRequest.gap_id == gap.id)
    tickets = list(session.scalars(rows.order_by(GapRequest.sent_at.desc(), Ticket.id.desc()).limit(MOST_ASKED)))
    before = shown_articles(session, [ticket.visit_token for ticket in tickets])
    met: list[Collection[int]] = []
    for ticket in tickets:
        weighed = suggester.weigh(ticket.subject, ticket.message, language=ticket.interface_language, topic=ticket.topic)
        if weighed is None:
            return None
        shown = [article for article in weighed.shown(suggester.gate_in_force) if article != gap.refused_article_id]
        met.append(_new(session, shown, before.get(ticket.visit_token, set()), ticket))
    return _finding([*met, *_of_old_mail(session, gap, suggester, MOST_ASKED - len(met))])


def _finding(met: Sequence[Collection[int]]) -> Finding:
    if not met:
        return Finding(0, 0.0, None, 0.0)
    counts = Counter(article for articles in met for article in articles)
    article, count = min(counts.items(), key=lambda each: (-each[1], each[0])) if counts else (None, 0)
    return Finding(len(met), sum(bool(articles) for articles in met) / len(met), article, count / len(met))


def _of_old_mail(session: Session, gap: Gap, suggester: Suggester, most: int) -> list[Collection[int]]:
    """Ask the questions of old mail that belong to a gap; whatever is shown for them now is new."""
    rows = select(BaselineQuestion).where(BaselineQuestion.gap_id == gap.id).order_by(BaselineQuestion.asked_at.desc(), BaselineQuestion.id).limit(most)
    asked = [suggester.weigh(question.subject, question.message, language=question.language) for question in session.scalars(rows)]
    gate = suggester.gate_in_force
    return [[article for article in weighed.shown(gate) if article != gap.refused_article_id] for weighed in asked if weighed is not None]


def _new(session: Session, shown: Sequence[int], before: set[int], ticket: Ticket) -> list[int]:
    again = [article for article in shown if article in before]
    changed = select(Translation.article_id).where(Translation.article_id.in_(again), Translation.status == Status.PUBLISHED)
    changed = changed.where(Translation.updated_at > ticket.created_at)
    since = set(session.scalars(changed)) if again else set()
    return [article for article in shown if article not in before or article in since]


def _due(generation: int | None) -> Select[Gap]:
    other = or_(Gap.asked_generation.is_(None), Gap.asked_generation != generation)
    first = case((Gap.state == GapState.WRITING, 0), else_=1)
    return select(Gap).where(Gap.state.in_((GapState.OPEN, GapState.WRITING)), Gap.counted > 0, other).order_by(first, Gap.counted.desc(), Gap.id)


def _write(session: Session, number: int, finding: Finding, generation: int | None, now: datetime) -> int:
    gap = session.get(Gap, number)
    if gap is None or gap.state not in {GapState.OPEN, GapState.WRITING}:
        return 0
    gap.asked, gap.answered_share, gap.asked_generation = finding.asked, finding.share, generation
    if finding.article_id is None or finding.article_share < ENOUGH:
        return 0
    gaps.answer(session, gap, finding.article_id, gaps.PROGRAM, now)
    return 1
