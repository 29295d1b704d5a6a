"""Reviews of old questions: what our people say of the article that is proposed for each; what they confirm becomes an example."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb import tending
from kb.examples import Example, add_example
from webform.baselines import BaselineQuestion, Verdict
from webform.gaps import Reason

SOURCE = "mail"
_STIR, _PRIME = 7919, 10_007


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some of the pairs that wait to be looked at: page ``number`` of ``pages``, of ``total``."""

    questions: Sequence[BaselineQuestion]
    total: int
    number: int
    pages: int


def waiting(session: Session, baseline: int, *, number: int, per_page: int, answered: bool) -> Pairs:
    """List the questions that nobody has looked at yet, in an order that has nothing to do with what they say, so that the first of them stand for all.

    :param answered: those for which an article passes the gate, or those for which none does.
    """
    wanted = (
        BaselineQuestion.baseline_id == baseline,
        BaselineQuestion.answered.is_(answered),
        BaselineQuestion.verdict == Verdict.NONE,
        ~BaselineQuestion.learned,
    )
    total = session.scalar(select(func.count()).where(*wanted)) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, number), pages)
    stirred = (BaselineQuestion.id % _PRIME * _STIR) % _PRIME
    rows = select(BaselineQuestion).where(*wanted).order_by(stirred, BaselineQuestion.id).offset((number - 1) * per_page).limit(per_page)
    return Pairs(session.scalars(rows).all(), total, number, pages)


def chosen(session: Session, baseline: int, numbers: Sequence[int]) -> Sequence[BaselineQuestion]:
    """Give some questions of a baseline by their numbers."""
    return session.scalars(select(BaselineQuestion).where(BaselineQuestion.baseline_id == baseline, BaselineQuestion.id.in_(numbers[:500]))).all()


def confirm(session: Session, questions: Sequence[BaselineQuestion], who: str, now: datetime) -> int:
    """Say that the article proposed for each is right; those without one are passed over. Give how many."""
    found = [question for question in questions if question.article_id is not None]
    for question in found:
        _learn(session, question, question.article_id, Verdict.CONFIRMED, who, now)
    session.flush()
    return len(found)


def correct(session: Session, questions: Sequence[BaselineQuestion], article: int | None, who: str, now: datetime) -> int:
    """Say which article answers some questions, or that none does. Give how many."""
    for question in questions:
        told = Verdict.UNANSWERED if article is None else Verdict.CONFIRMED if article == question.article_id else Verdict.CORRECTED
        _learn(session, question, article, told, who, now)
    session.flush()
    return len(questions)


def drop(session: Session, questions: Sequence[BaselineQuestion]) -> int:
    """Say that nothing is to be learned from some questions. Give how many."""
    for question in questions:
        question.verdict, question.reason, question.gap_id = Verdict.DROPPED, Reason.NONE, None
    session.flush()
    return len(questions)


def forget(session: Session, baseline: int, who: str, now: datetime) -> int:
    """Delete the examples that came of a baseline. Give how many."""
    numbers = session.scalars(select(BaselineQuestion.example_id).where(BaselineQuestion.baseline_id == baseline, BaselineQuestion.example_id.is_not(None)))
    own = [number for number in numbers.all() if number is not None]
    return sum(tending.delete(session, own[start : start + tending.MOST_AT_ONCE], who, now) for start in range(0, len(own), tending.MOST_AT_ONCE))


def _learn(session: Session, question: BaselineQuestion, article: int | None, told: Verdict, who: str, now: datetime) -> None:
    """Make an example of a question, or change the one that was made of it; one that others made of the same text stays theirs."""
    known = session.get(Example, question.example_id) if question.example_id is not None else None
    if known is not None:
        tending.move(session, [known.id], article, who, now)
    else:
        example = add_example(session, question.text, question.language, article, SOURCE, now)
        if example.source == SOURCE and example.created_at == now and not example.tended_by:
            tending.add(session, example, who, now)
            question.example_id = example.id
    question.verdict = told
    if article is None:
        question.reason = Reason.SAID
    else:
        question.reason, question.gap_id = Reason.NONE, None
