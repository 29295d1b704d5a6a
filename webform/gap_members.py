"""Members of gaps: requests, and the questions of old mail, which stand in the same gaps under negative numbers."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Subquery, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from webform.baselines import BaselineQuestion
from webform.gaps import GapRequest


def members() -> Subquery:
    """Give every member: its ``number``, ``gap_id``, ``language``, ``reason``, ``nearness`` and ``sent_at``."""
    requests = select(GapRequest.ticket_id.label("number"), GapRequest.gap_id, GapRequest.language, GapRequest.reason, GapRequest.nearness, GapRequest.sent_at)
    old = select(
        (-BaselineQuestion.id).label("number"),
        BaselineQuestion.gap_id,
        BaselineQuestion.language,
        BaselineQuestion.reason,
        BaselineQuestion.nearness,
        BaselineQuestion.asked_at.label("sent_at"),
    )
    return union_all(requests, old.where(BaselineQuestion.answered.is_not(None))).subquery("member")


def split(numbers: Iterable[int]) -> tuple[list[int], list[int]]:
    """Part the ids of tickets from those of old questions."""
    numbers = list(numbers)
    return [number for number in numbers if number > 0], [-number for number in numbers if number < 0]


def settle(session: Session, rows: Sequence[tuple[int, int | None, float]]) -> None:
    """Put members into gaps, or leave them alone; one that was deleted meanwhile is passed over.

    :param rows: the number of a member, its gap, and how near it is.
    """
    for kind, key, sign in ((GapRequest, "ticket_id", 1), (BaselineQuestion, "id", -1)):
        told = [{"member": sign * number, "gap": gap, "near": near} for number, gap, near in rows if sign * number > 0]
        if told:
            table = kind.__table__
            statement = update(kind).where(table.c[key] == bindparam("member")).values(gap_id=bindparam("gap"), nearness=bindparam("near"))
            session.connection().execute(statement, told)


def old_questions(session: Session, numbers: Iterable[int]) -> Sequence[BaselineQuestion]:
    """Give the questions of old mail among some members."""
    return session.scalars(select(BaselineQuestion).where(BaselineQuestion.id.in_(split(numbers)[1])).order_by(BaselineQuestion.id)).all()
