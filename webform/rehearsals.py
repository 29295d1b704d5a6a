"""Rehearsals: past requests asked again as if a draft were published, and what is known of their right answers."""

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import Kind
from kb.askings import SILENT, Asking, ask
from kb.database import Database
from kb.engine import Engine
from kb.examples import Example, Standing
from kb.holdings import Entry
from kb.placing import Weighed
from kb.rehearsal import Rehearsal, rehearse
from kb.suggest import Suggester
from kb.turns import small_turns
from webform.gap_texts import WAITING
from webform.gaps import Gap, GapRequest
from webform.replay import last_requests, said_in
from webform.tickets import Ticket
from webform.topics import Topic

LAST, OF_GAPS, LABELLED = 500, 100, 240
"""Requests, further ones of gaps that wait, and labelled texts that are asked again."""
KEPT_SECONDS = 300.0
"""How long what was believed of a text is taken for what is believed now: rules may have changed since."""
GIVE_WAY_SECONDS, MOST_GIVEN = 0.002, 25
"""How long at a time, and how often for each text, those who type are let go first."""


class Source(StrEnum):
    """Where a text comes from: one of the last requests, an older one of a gap that waits for an article, or an example."""

    REQUEST = "request"
    GAP = "gap"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class PastText:
    """A request, or a labelled text, as it was sent.

    ``right`` and ``wrong`` are the articles of which the customer, or our people, said so; ``is_unanswerable`` that they said no
    article answers. Where nobody said anything, nothing is known. ``gap`` is the one that waits for an article about it, if any.
    """

    source: Source
    number: int
    subject: str
    message: str
    interface: str
    language: str
    sent_at: datetime
    topic: str = ""
    reference: str = ""
    person: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    wrong: frozenset[int] = frozenset()
    is_unanswerable: bool = False
    gap: int = 0

    @property
    def text(self) -> str:
        """The text as it is read."""
        return f"{self.subject}\n{self.message}".strip()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A text, what is shown for it now, and what would be."""

    past: PastText
    before: Weighed
    after: Weighed


@dataclass(frozen=True, slots=True)
class Account:
    """What came of a rehearsal: the texts that were reached in time, newest first, of ``wanted``; the requests among those are ``requests`` of ``last``.

    ``is_busy`` tells that another rehearsal is under way in this process, so that nothing was asked.
    """

    rehearsal: Rehearsal | None
    texts: tuple[Rehearsed, ...]
    wanted: int
    last: int
    gate: float
    seconds: float
    is_busy: bool = False

    @property
    def requests(self) -> int:
        """How many requests were asked again."""
        return sum(each.past.source is Source.REQUEST for each in self.texts)


class Rehearsals:
    """Asks past texts again as if a draft were published: one draft at a time, within a bounded time, after everybody who types."""

    def __init__(self, database: Database, suggester: Suggester) -> None:
        """Prepare; nothing is asked yet."""
        self._database, self._suggester = database, suggester
        self._turn = threading.Lock()
        self._engine: Callable[[], Engine | None] = lambda: None
        self._known: dict[tuple[Source, int], tuple[float, Asking]] = {}

    def look(self, entry: Entry, *, origin: Callable[[str], str], seconds: float, last: int = LAST) -> Account:
        """Ask past texts again as if a draft were published; what was believed of them before is kept from look to look, without their words.

        :param origin: names where an example comes from that says what answers a request.
        :param seconds: how long at most; what was not reached is left for the next look.
        """
        begun = time.monotonic()
        engine = self._suggester.engine
        gate = self._suggester.gate_in_force
        if engine is None or not self._turn.acquire(timeout=seconds):
            return Account(None, (), 0, last, gate, time.monotonic() - begun, is_busy=True)
        try:
            with self._database.reading() as session:
                quiet = frozenset(session.scalars(select(Topic.slug).where(Topic.suggests.is_(False))))
                recent = past_requests(session, last, origin)
                older = gap_requests(session, entry.language, OF_GAPS, {past.number for past in recent})
                pasts = [*recent, *older, *labelled_texts(session, LABELLED)]
                rehearsal = rehearse(session, engine, entry)
            with small_turns():
                texts = tuple(self._ask(rehearsal, pasts, quiet, gate, begun + seconds))
            return Account(rehearsal, texts, len(pasts), len(recent), gate, time.monotonic() - begun)
        finally:
            self._turn.release()

    def _ask(self, rehearsal: Rehearsal, pasts: Iterable[PastText], quiet: frozenset[str], gate: float, deadline: float) -> Iterable[Rehearsed]:
        if self._engine() is not rehearsal.before:
            self._engine, self._known = weakref.ref(rehearsal.before), {}
        for past in pasts:
            self._give_way(deadline)
            if time.monotonic() >= deadline:
                return
            known = SILENT if past.topic in quiet else self._recall(rehearsal.before, past)
            yield Rehearsed(past, known.weighed, rehearsal.ask(past.text, known, gate))

    def _recall(self, engine: Engine, past: PastText) -> Asking:
        key, now = (past.source, past.number), time.monotonic()
        kept = self._known.get(key)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        tact = self._suggester.tact(past.subject, past.message, language=past.interface, topic=past.topic)
        known = ask(engine, past.text, past.interface, tact)
        self._known[key] = now, known
        return known

    def _give_way(self, deadline: float) -> None:
        for _ in range(MOST_GIVEN):
            if not self._suggester.is_asked or time.monotonic() >= deadline:
                return
            time.sleep(GIVE_WAY_SECONDS)


def past_requests(session: Session, number: int, origin: Callable[[str], str]) -> list[PastText]:
    """Give the last requests, newest first, with what customers and our people said of them."""
    tickets = last_requests(session, number)
    said = said_in(session, [ticket.visit_token for ticket in tickets])
    origins = {origin(ticket.reference): ticket.id for ticket in tickets}
    labels = {
        origins[str(name)]: article
        for name, article in session.execute(select(Example.origin, Example.article_id).where(Example.origin.in_(origins), Example.fits))
    }
    waiting = select(GapRequest.ticket_id, GapRequest.gap_id).join(Gap, Gap.id == GapRequest.gap_id).where(Gap.state.in_(WAITING))
    gaps = {ticket: gap or 0 for ticket, gap in session.execute(waiting.where(GapRequest.ticket_id.in_([ticket.id for ticket in tickets])))}
    return [_past(ticket, said.get(ticket.visit_token, ()), labels, gaps.get(ticket.id, 0)) for ticket in tickets]


def gap_requests(session: Session, language: str, number: int, without: set[int]) -> list[PastText]:
    """Give further requests of the gaps that wait for an article in a language, the most typical first."""
    rows = select(Ticket, Gap.id).join(GapRequest, GapRequest.ticket_id == Ticket.id).join(Gap, Gap.id == GapRequest.gap_id)
    rows = rows.where(Gap.state.in_(WAITING), Gap.language == language).order_by(GapRequest.nearness.desc(), Ticket.id.desc())
    found = [(ticket, gap) for ticket, gap in session.execute(rows.limit(number + len(without))) if ticket.id not in without]
    return [replace(_past(ticket, (), {}, gap), source=Source.GAP) for ticket, gap in found[:number]]


def labelled_texts(session: Session, number: int) -> list[PastText]:
    """Give the newest texts that our people gave, or confirmed, an answer for, or said that there is none."""
    found = select(Example).where(Example.fits, Example.standing == Standing.TRUSTED, Example.origin.is_(None)).order_by(Example.id.desc()).limit(number)
    return [
        PastText(
            Source.EXAMPLE, each.id, "", each.text, each.language, each.language, each.created_at,
            right=frozenset() if each.article_id is None else frozenset((each.article_id,)), is_unanswerable=each.article_id is None,
        )
        for each in session.scalars(found)
    ]  # fmt: skip


def _past(ticket: Ticket, said: Sequence[tuple[str, int]], labels: dict[int, int | None], gap: int) -> PastText:
    right = {article for kind, article in said if kind == Kind.SOLVED}
    wrong = {article for kind, article in said if kind == Kind.DECLINED} - right
    label = labels.get(ticket.id)
    return PastText(
        Source.REQUEST, ticket.id, ticket.subject, ticket.message, ticket.interface_language, ticket.language, ticket.created_at, ticket.topic,
        ticket.reference, (ticket.name, ticket.email), frozenset(right | {label} if label is not None else right),
        frozenset(wrong), ticket.id in labels and label is None, gap,
    )  # fmt: skip
