"""The texts of gaps: what customers wrote, masked, and the words of theirs that would make a title."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.analysis import content_count, engaged, normal
from kb.languages import base
from kb.masking import GAP, mask
from webform.baselines import BaselineQuestion
from webform.gap_collection import shown_articles
from webform.gap_members import members, old_questions, split
from webform.gaps import Gap, GapRequest, GapState
from webform.tickets import Ticket

LONGEST_TITLE = 120
MOST_TITLES = 5
FOR_TITLES = 40
"""Texts, the most typical, that titles are looked for in."""
MOST_SHOWN = 10
WAITING = (GapState.OPEN, GapState.WRITING)

_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？；])|\n+")
_TRIMMED = " \t.,;:!。，；：！-–—"


@dataclass(frozen=True, slots=True)
class Words:
    """What a customer wrote, without what tells who it was. ``language`` has no region; without a subject ``subject`` is empty.

    What stood in old mail has no reference, and for ``ticket_id`` the number of the member it is.
    """

    ticket_id: int
    reference: str
    language: str
    subject: str
    message: str
    reason: str
    sent_at: datetime

    @property
    def text(self) -> str:
        """Subject and message together, as they are matched."""
        return f"{self.subject}\n{self.message}".strip()


@dataclass(frozen=True, slots=True)
class GapText:
    """A masked text of a gap that waits for an article."""

    gap_id: int
    text: str
    language: str


def open_gap_texts(session: Session, language: str, *, most: int = 500, each: int = 5) -> list[GapText]:
    """Give the most typical texts of the gaps that wait for an article in a language, those of the largest gaps first.

    Names, addresses and numbers are masked, so every writer may see them.

    :param language: its region does not matter.
    :param most: texts at most.
    :param each: texts of one gap at most.
    """
    member = members()
    wanted = select(Gap.id).join(member, member.c.gap_id == Gap.id).where(Gap.language == base(language), Gap.state.in_(WAITING))
    numbers = session.scalars(wanted.group_by(Gap.id).order_by(func.count().desc(), Gap.id).limit(-(-most // each))).all()
    found = typical(session, numbers, each)
    return [GapText(number, words.text, words.language) for number in numbers for words in found.get(number, ())][:most]


def typical(session: Session, gaps: Sequence[int], each: int) -> dict[int, list[Words]]:
    """Give the texts of each gap that are most like all of its texts, the most typical first."""
    member = members()
    place = func.row_number().over(partition_by=member.c.gap_id, order_by=(member.c.nearness.desc(), member.c.number))
    ranked = select(member.c.number, member.c.gap_id, member.c.reason, place.label("place")).where(member.c.gap_id.in_(gaps)).subquery()
    rows = session.execute(select(ranked).where(ranked.c.place <= each).order_by(ranked.c.gap_id, ranked.c.place)).all()
    read = words(session, {row.number: row.reason for row in rows})
    found: dict[int, list[Words]] = {}
    for row in rows:
        if row.number in read:
            found.setdefault(row.gap_id, []).append(read[row.number])
    return found


def latest(session: Session, gap: int, most: int, *, offset: int = 0) -> list[Words]:
    """Give the texts of a gap, the newest first."""
    member = members()
    rows = select(member.c.number, member.c.reason).where(member.c.gap_id == gap).order_by(member.c.sent_at.desc(), member.c.number.desc())
    told = {row.number: row.reason for row in session.execute(rows.offset(offset).limit(most))}
    read = words(session, told)
    return [read[number] for number in told if number in read]


def words(session: Session, told: Mapping[int, str]) -> dict[int, Words]:
    """Read what members of gaps wrote, by their numbers.

    :param told: why each belongs to its gap, by its number.
    """
    tickets = session.scalars(select(Ticket).where(Ticket.id.in_(split(told)[0])))
    found = {ticket.id: words_of(ticket, told[ticket.id]) for ticket in tickets}
    return found | {-question.id: words_of_old(question) for question in old_questions(session, told)}


def shown_articles_of(session: Session, gap: int, most: int = 200) -> list[tuple[int, int]]:
    """Tell which articles were shown for the newest requests of a gap and did not help, with how many they were shown for, most first."""
    newest = select(Ticket.visit_token).join(GapRequest, GapRequest.ticket_id == Ticket.id).where(GapRequest.gap_id == gap)
    tokens = session.scalars(newest.order_by(GapRequest.sent_at.desc(), Ticket.id.desc()).limit(most)).all()
    return Counter(article for articles in shown_articles(session, tokens).values() for article in sorted(articles)).most_common(MOST_SHOWN)


def words_of(ticket: Ticket, reason: str = "") -> Words:
    """Mask what a customer wrote."""
    names = (ticket.name, ticket.email)
    subject, message = mask(ticket.subject, names), mask(ticket.message, names)
    return Words(ticket.id, ticket.reference, base(ticket.language), subject, message, reason, ticket.created_at)


def words_of_old(question: BaselineQuestion) -> Words:
    """Give what stood in an old mail, which was masked before it was kept."""
    return Words(-question.id, "", question.language, question.subject, question.message, question.reason, question.asked_at)


def name(texts: Sequence[Words]) -> str:
    """Name a gap in a customer's words: those of its most typical text that say something."""
    return next(iter(titles(texts, 1)), next((words.text[:LONGEST_TITLE] for words in texts), ""))


def titles(texts: Iterable[Words], most: int = MOST_TITLES) -> list[str]:
    """Find words of customers that would make a title, the best first; no two that read the same.

    A subject, or the first sentence that says something, of each text; a phrase that several use comes first, then what
    stands in a more typical text.

    :param texts: the most typical first.
    """
    found: dict[str, tuple[int, str]] = {}
    for words in texts:
        if phrase := _phrase(words):
            count, first = found.get(normal(phrase), (0, phrase))
            found[normal(phrase)] = count + 1, first
    ordered = sorted(found.values(), key=lambda each: -each[0])
    return [phrase for _, phrase in ordered[:most]]


def _phrase(words: Words) -> str:
    sentences = (_without_greeting(piece.strip(_TRIMMED), words.language) for piece in _ENDS.split(words.text))
    fitting = (piece for piece in sentences if GAP not in piece and engaged(piece, words.language))
    phrase = next(fitting, "")
    if len(phrase) > LONGEST_TITLE:
        phrase = phrase[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(_TRIMMED) + "…"
    return phrase[:1].upper() + phrase[1:]


def _without_greeting(sentence: str, language: str) -> str:
    """Leave out a beginning that says nothing, as "Hello," or «Здравствуйте,»."""
    first, _, rest = sentence.replace("，", ",").partition(",")
    return rest.strip() if rest and content_count(first, language) == (0, 0) else sentence
