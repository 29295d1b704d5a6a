"""Moves: writing down which request stands in which gap, so that a gap keeps its number whatever happens to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from kb.grouping import Group, Joining, Vector, dot, follow, mean
from kb.inserts import insert_into
from webform.baselines import BaselineQuestion
from webform.gap_members import settle
from webform.gaps import Gap, GapRequest, GapState, packed, standing


@dataclass(frozen=True, slots=True)
class Placed:
    """What is to be written: requests that join a gap, those that begin one together, gaps that go on as others, and requests that stay alone."""

    joined: Mapping[int, Joining]
    begun: Sequence[Sequence[int]]
    merged: Mapping[int, int]
    alone: Sequence[int]
    vectors: Mapping[int, Vector]


def note(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Note requests that were looked at; one that was noted meanwhile stays as it is."""
    if rows:
        session.execute(insert_into(session, GapRequest).values(list(rows)).on_conflict_do_nothing(index_elements=["ticket_id"]))


def grown(groups: Sequence[Group], joined: Mapping[int, Joining], texts: Sequence[Vector]) -> list[Group]:
    """Give groups as they are once some texts, by their places, have joined."""
    coming: dict[int, list[Vector]] = defaultdict(list)
    for place, joining in joined.items():
        coming[joining.number].append(texts[place])
    return [
        Group(group.number, group.count + len(coming[group.number]), mean(coming[group.number], [group]), group.decided) if group.number in coming else group
        for group in groups
    ]


def write(session: Session, language: str, epoch: int, placed: Placed, now: datetime) -> None:
    """Write down where requests belong. What somebody has decided on meanwhile is not put together with anything."""
    involved = {*placed.merged, *placed.merged.values(), *(joining.number for joining in placed.joined.values())}
    gaps = {gap.id: gap for gap in session.scalars(select(Gap).where(Gap.id.in_(involved)).options(undefer(Gap.centre)))}
    open_gaps = {number for number, gap in gaps.items() if gap.state == GapState.OPEN}
    merged = {gone: number for gone, number in placed.merged.items() if {gone, number} <= open_gaps}
    for gone, number in merged.items():
        _merge(session, gaps[gone], gaps[number])
    coming: dict[int, dict[int, Vector]] = defaultdict(dict)
    for request, joining in placed.joined.items():
        number = follow(joining.number, merged)
        if number in gaps:
            coming[number][request] = placed.vectors[request]
    grown = [(gaps[number], _grow(gaps[number], texts)) for number, texts in coming.items()]
    begun = [_new(language, epoch, {request: placed.vectors[request] for request in together}, now) for together in placed.begun]
    session.add_all(gap for gap, _ in begun)
    session.flush()
    settle(session, [(request, gap.id, near) for gap, nearness in (*grown, *begun) for request, near in nearness.items()])
    settle(session, [(request, None, 0.0) for request in placed.alone])


def begin(session: Session, language: str, epoch: int, texts: Mapping[int, Vector], now: datetime) -> Gap:
    """Begin a gap with some requests."""
    gap, nearness = _new(language, epoch, texts, now)
    session.add(gap)
    session.flush()
    settle(session, [(request, gap.id, near) for request, near in nearness.items()])
    return gap


def centre_anew(session: Session, gap: Gap, epoch: int, count: int, texts: Mapping[int, Vector]) -> None:
    """Have the centre of a gap follow from some of its requests, of ``count``, in the vocabulary of an epoch."""
    centre = mean(list(texts.values()))
    gap.centre, gap.epoch, gap.counted = packed(centre), epoch, count
    session.flush()
    settle(session, [(request, gap.id, dot(vector, centre)) for request, vector in texts.items()])


def _new(language: str, epoch: int, texts: Mapping[int, Vector], now: datetime) -> tuple[Gap, dict[int, float]]:
    """Make a gap, and tell how near each of its texts is."""
    centre = mean(list(texts.values()))
    gap = Gap(language=language, state=GapState.OPEN, begun_at=now, centre=packed(centre), epoch=epoch, counted=len(texts))
    return gap, {request: dot(vector, centre) for request, vector in texts.items()}


def _grow(gap: Gap, texts: Mapping[int, Vector]) -> dict[int, float]:
    """Let requests join a gap, and tell how near each is."""
    centre = mean(list(texts.values()), [standing(gap, gap.centre)] if gap.counted else [])
    gap.centre, gap.counted = packed(centre), gap.counted + len(texts)
    return {request: dot(vector, centre) for request, vector in texts.items()}


def _merge(session: Session, gone: Gap, goes_on: Gap) -> None:
    both = [standing(gap, gap.centre) for gap in (goes_on, gone)]
    goes_on.centre, goes_on.counted = packed(mean([], both)), goes_on.counted + gone.counted
    gone.state, gone.merged_into, gone.centre, gone.counted = GapState.MERGED, goes_on.id, b"", 0
    session.flush()
    for kind in (GapRequest, BaselineQuestion):
        session.execute(update(kind).where(kind.gap_id == gone.id).values(gap_id=goes_on.id))
