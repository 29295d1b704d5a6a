"""Rounds: what the worker does now and then so that every request without an answer stands in its gap.

A round is made of small steps, each with a short transaction, and stops when its time is over; the next one goes on there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.database import Database
from kb.grouping import MOST_GATHERED, Group, Joining, Sorting, Vector, Vocabulary, gather, join
from kb.languages import base
from webform import gap_moves, gap_upkeep, gap_vocabularies
from webform.gap_collection import Origin, reasons, unseen
from webform.gap_members import members
from webform.gap_moves import Placed
from webform.gap_texts import words
from webform.gaps import Gap, GapState, Reason, standing

AT_A_TIME = 500
"""Requests that are placed in one step."""
MOST_LOOSE = 1000
"""Requests without a gap, the newest, that are gathered in one step; older ones stay by themselves."""
MOST_COMPARED = 5000
"""Gaps of a language, the largest, that a request may join."""


@dataclass(slots=True)
class Tally:
    """What a round came to: requests looked at, those that joined a gap, gaps begun, merged, divided and closed as answered."""

    looked_at: int = 0
    joined: int = 0
    begun: int = 0
    merged: int = 0
    divided: int = 0
    answered: int = 0


class Rounds:
    """Makes rounds over one database; only one process at a time may.

    It remembers the vectors of texts without a gap from step to step, never the texts.
    """

    def __init__(self, database: Database, origin: Origin) -> None:
        """Take what it works with.

        :param origin: see `webform.gap_collection.Origin`.
        """
        self._database, self._origin = database, origin
        self._vocabularies: dict[str, tuple[int, Vocabulary]] = {}
        self._vectors: dict[str, dict[int, Vector]] = {}

    def make(self, now: datetime, *, go_on: Callable[[], bool] = lambda: True) -> Tally:
        """Bring every request that was not looked at into its gap.

        :param go_on: asked after each step; what is left is for the next round.
        """
        tally = Tally()
        while go_on() and (count := self._collect()):
            tally.looked_at += count
        for language in self._languages():
            self._refresh(language, now)
            while go_on() and self._place(language, now, tally):
                self._refresh(language, now)
            epoch, vocabulary = self._vocabularies[language]
            tally.divided += gap_upkeep.tend(self._database, language, epoch, vocabulary, now=now, go_on=go_on)
        return tally

    def _collect(self) -> int:
        """Note of some requests why they belong to a gap, or that they do not."""
        with self._database.reading() as session:
            tickets = unseen(session, 2 * AT_A_TIME)
            why = reasons(session, tickets, self._origin)
        rows = [{"ticket_id": ticket.id, "language": base(ticket.language), "reason": why[ticket.id].value, "sent_at": ticket.created_at} for ticket in tickets]
        with self._database.writing() as session:
            gap_moves.note(session, rows)
        return len(tickets)

    def _languages(self) -> list[str]:
        with self._database.reading() as session:
            member = members()
            asked = session.scalars(select(member.c.language).where(member.c.reason != Reason.NONE).distinct())
            grouped = session.scalars(select(Gap.language).where(Gap.state != GapState.MERGED).distinct())
            return sorted({*asked, *grouped})

    def _refresh(self, language: str, now: datetime) -> None:
        """Have the vocabulary in force at hand, and make another when it is time."""
        with self._database.reading() as session:
            due = gap_vocabularies.is_due(session, language)
            counted = gap_vocabularies.count(session, language) if due else None
            epoch = gap_vocabularies.epoch(session, language)
            known = self._vocabularies.get(language)
            if counted is None and (known is None or known[0] != epoch):
                self._know(language, epoch, gap_vocabularies.stored(session, language))
        if counted is not None:
            with self._database.writing() as session:
                epoch = gap_vocabularies.keep(session, language, *counted, now)
            self._know(language, epoch, counted[1])

    def _know(self, language: str, epoch: int, vocabulary: Vocabulary) -> None:
        self._vocabularies[language], self._vectors[language] = (epoch, vocabulary), {}

    def _place(self, language: str, now: datetime, tally: Tally) -> bool:
        """Find the gaps of some requests; tell whether there were any."""
        epoch, _ = self._vocabularies[language]
        with self._database.reading() as session:
            fresh = _loose(session, language, AT_A_TIME, new=True)
            if not fresh:
                return False
            groups = _groups(session, language)
            waiting = _loose(session, language, MOST_LOOSE, new=False)
            vectors = self._weigh(session, language, [*fresh, *waiting])
        fresh, waiting = ([number for number in numbers if number in vectors] for numbers in (fresh, waiting))  # The others were deleted just now.
        joined = join([vectors[number] for number in fresh], groups)
        left = [*(number for place, number in enumerate(fresh) if place not in joined), *waiting][:MOST_LOOSE]
        at_hand = gap_moves.grown(groups, joined, [vectors[number] for number in fresh])
        sorting = gather([vectors[number] for number in left], [group for group in at_hand if not group.decided][: MOST_GATHERED - len(left)])
        placed = _placed(fresh, joined, left, sorting, vectors)
        with self._database.writing() as session:
            gap_moves.write(session, language, epoch, placed, now)
        tally.joined, tally.begun, tally.merged = tally.joined + len(placed.joined), tally.begun + len(placed.begun), tally.merged + len(placed.merged)
        return True

    def _weigh(self, session: Session, language: str, numbers: Sequence[int]) -> dict[int, Vector]:
        """Give the vectors of some requests; only those that are not remembered are read."""
        known, vocabulary = self._vectors[language], self._vocabularies[language][1]
        missing = [number for number in numbers if number not in known]
        for number, told in words(session, dict.fromkeys(missing, "")).items():
            known[number] = vocabulary.vector(gap_vocabularies.seen(told))
        self._vectors[language] = {number: known[number] for number in numbers if number in known}
        return self._vectors[language]


def _loose(session: Session, language: str, most: int, *, new: bool) -> list[int]:
    """List requests without a gap: those that none was looked for yet, the oldest first, or the newest of the others."""
    member = members()
    looked_for = member.c.nearness.is_(None) if new else member.c.nearness.is_not(None)
    wanted = select(member.c.number).where(member.c.language == language, member.c.gap_id.is_(None), looked_for, member.c.reason != Reason.NONE)
    return list(session.scalars(wanted.order_by(member.c.number if new else member.c.number.desc()).limit(most)))


def _groups(session: Session, language: str) -> list[Group]:
    """Read the gaps of a language, the largest first."""
    wanted = select(Gap, Gap.centre).where(Gap.language == language, Gap.state != GapState.MERGED).order_by(Gap.counted.desc(), Gap.id).limit(MOST_COMPARED)
    return [standing(gap, centre) for gap, centre in session.execute(wanted)]


def _placed(fresh: Sequence[int], joined: dict[int, Joining], left: Sequence[int], sorting: Sorting, vectors: dict[int, Vector]) -> Placed:
    """Name by their numbers what was sorted by places."""
    to = {fresh[place]: joining for place, joining in joined.items()} | {left[place]: joining for place, joining in sorting.joined.items()}
    begun = [[left[place] for place in members] for members in sorting.begun]
    settled = {*to, *(number for members in begun for number in members)}
    return Placed(to, begun, sorting.merged, [number for number in fresh if number not in settled], vectors)
