"""Topics of old mail that no article answers: the gaps in which most of its questions stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webform import gap_texts
from webform.baselines import BaselineQuestion
from webform.gaps import Gap, Reason

MOST = 12
NAMED_BY = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """A gap, how many questions of a baseline stand in it, what share of all its questions that is, and the customers' words for it."""

    gap: int
    language: str
    state: str
    questions: int
    share: float
    title: str


@dataclass(frozen=True, slots=True)
class Topics:
    """The largest topics; of ``unanswered`` questions ``waiting`` were not grouped yet, and ``alone`` are like no other."""

    topics: Sequence[Topic]
    unanswered: int
    waiting: int
    alone: int


def topics(session: Session, baseline: int, questions: int, most: int = MOST) -> Topics:
    """Find the largest topics of a baseline that no article answers.

    :param questions: how many there are in all.
    """
    mine = (BaselineQuestion.baseline_id == baseline, BaselineQuestion.reason != Reason.NONE, BaselineQuestion.answered.is_not(None))
    count = func.count().label("questions")
    wanted = select(Gap.id, Gap.language, Gap.state, count).join(BaselineQuestion, BaselineQuestion.gap_id == Gap.id).where(*mine)
    rows = session.execute(wanted.group_by(Gap.id, Gap.language, Gap.state).order_by(count.desc(), Gap.id).limit(most)).all()
    texts = gap_texts.typical(session, [row.id for row in rows], NAMED_BY)
    found = [Topic(row.id, row.language, row.state, row.questions, row.questions / max(questions, 1), gap_texts.name(texts.get(row.id, []))) for row in rows]
    loose = select(func.count(), func.count(BaselineQuestion.nearness)).where(*mine, BaselineQuestion.gap_id.is_(None))
    outside, alone = session.execute(loose).one()
    unanswered = session.scalar(select(func.count()).where(*mine)) or 0
    return Topics(found, unanswered, outside - alone, alone)
