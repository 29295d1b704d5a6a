"""Upkeep of gaps: centres that follow their texts when some were deleted or words count otherwise, and gaps about several things divided."""

from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.grouping import Vector, Vocabulary, divide, likenesses, mean
from webform import gap_moves
from webform.gap_members import members
from webform.gap_texts import latest
from webform.gap_vocabularies import seen
from webform.gaps import Gap, GapState, packed, unpacked

MOST_TEXTS = 200
"""Texts of a gap, the newest, that its centre follows from when it is made anew."""
MOST_DIVIDED = 400
"""Texts of a gap, the newest, by which it is judged whether it is about several things; the others go with the part they are like."""
LEAST_DIVIDED, GROWTH = 20, 1.5
"""Texts that a gap must have to be looked at, and how many times as many as at the last look."""
AT_A_TIME = 500


def tend(database: Database, language: str, epoch: int, vocabulary: Vocabulary, *, now: datetime, go_on: Callable[[], bool]) -> int:
    """Do what is due for the gaps of a language.

    :param go_on: asked before each gap; what is left is for the next time.
    :return: how many gaps were divided.
    """
    for number, count in _strayed(database, language, epoch):
        if not go_on():
            return 0
        _centre(database, number, count, epoch, vocabulary)
    divided = 0
    for number in _due(database, language):
        if not go_on():
            break
        divided += _divide(database, number, epoch, vocabulary, now)
    return divided


def _strayed(database: Database, language: str, epoch: int) -> list[tuple[int, int]]:
    """List the gaps whose centre does not follow from the texts they have, or not in the vocabulary in force, with the number of their texts."""
    member = members()
    counted = select(member.c.gap_id, func.count().label("count")).where(member.c.language == language).group_by(member.c.gap_id).subquery()
    count = func.coalesce(counted.c.count, 0)
    wanted = select(Gap.id, count).outerjoin(counted, counted.c.gap_id == Gap.id).where(Gap.language == language, Gap.state != GapState.MERGED)
    with database.reading() as session:
        return [(number, size) for number, size in session.execute(wanted.where(or_(count != Gap.counted, Gap.epoch != epoch)).order_by(Gap.id))]


def _centre(database: Database, number: int, count: int, epoch: int, vocabulary: Vocabulary) -> None:
    with database.reading() as session:
        texts = _vectors(session, number, MOST_TEXTS, vocabulary)
    with database.writing() as session:
        gap = session.get(Gap, number)
        if gap is None:
            return
        if texts:
            gap_moves.centre_anew(session, gap, epoch, count, texts)
        elif gap.state == GapState.OPEN:
            session.delete(gap)
        else:
            _forget(gap, epoch, vocabulary)


def _forget(gap: Gap, epoch: int, vocabulary: Vocabulary) -> None:
    """Keep of a gap that was decided on, and whose requests are all gone, only the words that others use too, so that it stays decided."""
    centre = unpacked(gap.centre)
    shared = np.isin(centre.ids, vocabulary.ids)
    gap.centre, gap.epoch, gap.counted = packed(Vector(centre.ids[shared], centre.values[shared])), epoch, 0


def _due(database: Database, language: str) -> Sequence[int]:
    grown = (Gap.counted >= LEAST_DIVIDED, Gap.counted >= GROWTH * Gap.examined)
    with database.reading() as session:
        return session.scalars(select(Gap.id).where(Gap.language == language, Gap.state == GapState.OPEN, *grown).order_by(Gap.id)).all()


def _divide(database: Database, number: int, epoch: int, vocabulary: Vocabulary, now: datetime) -> int:
    with database.reading() as session:
        known = _vectors(session, number, MOST_DIVIDED, vocabulary)
        requests = list(known)
        parts = [{requests[place]: known[requests[place]] for place in members} for members in divide(list(known.values()))]
        if parts:
            _share_out(session, number, parts, vocabulary)
    with database.writing() as session:
        gap = session.get(Gap, number)
        if gap is None or gap.state != GapState.OPEN:
            return 0
        gap.examined = gap.counted
        if not parts:
            return 0
        for part in parts[1:]:
            gap_moves.begin(session, gap.language, epoch, part, now).examined = len(part)
        gap_moves.centre_anew(session, gap, epoch, len(parts[0]), parts[0])
        gap.examined = len(parts[0])
    return 1


def _share_out(session: Session, number: int, parts: list[dict[int, Vector]], vocabulary: Vocabulary) -> None:
    """Give the older texts of a gap to the part that each is most like."""
    centres = [mean(list(part.values())) for part in parts]
    offset = MOST_DIVIDED
    while older := _vectors(session, number, AT_A_TIME, vocabulary, offset=offset):
        nearest = likenesses(list(older.values()), centres).argmax(axis=1).tolist()
        for (request, vector), part in zip(older.items(), nearest, strict=True):
            parts[part][request] = vector
        offset += AT_A_TIME


def _vectors(session: Session, number: int, most: int, vocabulary: Vocabulary, *, offset: int = 0) -> dict[int, Vector]:
    return {words.ticket_id: vocabulary.vector(seen(words)) for words in latest(session, number, most, offset=offset)}
