"""The replay: the last real requests, asked again now, and what is known of the answers that some gate would show."""

import threading
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import NO_ARTICLE, Event, Kind
from deflection.visits import Visit
from kb.database import Database
from kb.engine import Belief
from kb.placing import Weighed
from kb.rule_book import NO_TACT
from kb.suggest import Suggester
from webform.tickets import NO_REQUESTS, Ticket
from webform.topics import Topic

MOST = 1000
KEPT_SECONDS = 300.0
"""How long what was believed of a request is taken for what is believed now; a new generation ends it earlier."""


NOT_WEIGHED = Weighed(NO_TACT, Belief(0.0, ()), frozenset())
"""Of a request about a topic that only people answer."""


class Verdict(StrEnum):
    """What is known of what a gate would show for a request."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A request and what would be shown for it now.

    ``solved`` and ``declined`` are the articles of which the customer said so in the visit that the request was sent from.
    """

    reference: str
    text: str
    language: str
    sent_at: datetime
    weighed: Weighed
    solved: frozenset[int]
    declined: frozenset[int]

    def shown(self, gate: float) -> tuple[int, ...]:
        """Name the articles that a gate would show."""
        return self.weighed.shown(gate)

    def verdict(self, gate: float) -> Verdict:
        """Tell what is known of them: only the customer's own word counts."""
        shown = set(self.shown(gate))
        if not shown:
            return Verdict.NOTHING
        if shown & self.solved:
            return Verdict.RIGHT
        return Verdict.WRONG if shown <= self.declined else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Looked:
    """The requests that were asked again, newest first, of ``wanted``."""

    requests: tuple[Replayed, ...]
    wanted: int


class Replay:
    """Asks requests again, for a bounded time at a stretch, and remembers what was believed of them, not what they say."""

    def __init__(self, database: Database, suggester: Suggester) -> None:
        """Prepare; nothing is asked yet."""
        self._database, self._suggester = database, suggester
        self._turn = threading.Lock()
        self._generation: int | None = None
        self._believed: dict[int, tuple[float, Weighed]] = {}

    def look(self, last: int, *, seconds: float) -> Looked:
        """Ask the last requests again, those first that were not asked yet.

        :param last: how many; spam is left out.
        :param seconds: how long at most; what was not reached is left for the next look.
        """
        with self._database.reading() as session:
            quiet = set(session.scalars(select(Topic.slug).where(Topic.suggests.is_(False))))
            tickets = last_requests(session, min(last, MOST))
            said = said_in(session, [ticket.visit_token for ticket in tickets])
        if self._turn.acquire(timeout=seconds):
            try:
                self._ask(tickets, quiet, time.monotonic() + seconds)
            finally:
                self._turn.release()
        found = tuple(
            _replayed(ticket, known[1], said.get(ticket.visit_token, [])) for ticket in tickets if (known := self._believed.get(ticket.id)) is not None
        )
        return Looked(found, len(tickets))

    def _ask(self, tickets: Iterable[Ticket], quiet: Container[str], deadline: float) -> None:
        if self._generation != self._suggester.generation:
            self._generation, self._believed = self._suggester.generation, {}
        for ticket in tickets:
            now = time.monotonic()
            if now >= deadline:
                return
            known = self._believed.get(ticket.id)
            if known is not None and now - known[0] < KEPT_SECONDS:
                continue
            weighed = NOT_WEIGHED if ticket.topic in quiet else self._weigh(ticket)
            if weighed is None:
                return
            self._believed[ticket.id] = now, weighed

    def _weigh(self, ticket: Ticket) -> Weighed | None:
        return self._suggester.weigh(ticket.subject, ticket.message, language=ticket.interface_language, topic=ticket.topic)


def last_requests(session: Session, number: int) -> list[Ticket]:
    """Give the newest requests that are no spam, free of the session."""
    newest = select(Ticket).where(Ticket.status.not_in(NO_REQUESTS)).order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(number)
    tickets = list(session.scalars(newest))
    session.expunge_all()
    return tickets


def said_in(session: Session, tokens: list[str]) -> dict[str, list[tuple[str, int]]]:
    """Tell what customers said of articles, by visit."""
    wanted = select(Visit.token, Event.kind, Event.article_id).join(Visit, Visit.id == Event.visit_id)
    wanted = wanted.where(Visit.token.in_(tokens), Event.kind.in_((Kind.SOLVED, Kind.DECLINED)), Event.article_id != NO_ARTICLE)
    said: dict[str, list[tuple[str, int]]] = {}
    for token, kind, article in session.execute(wanted):
        said.setdefault(token, []).append((kind, article))
    return said


def _replayed(ticket: Ticket, weighed: Weighed, said: list[tuple[str, int]]) -> Replayed:
    solved, declined = (frozenset(article for each, article in said if each == kind) for kind in (Kind.SOLVED, Kind.DECLINED))
    text = ticket.message if not ticket.subject else f"{ticket.subject}. {ticket.message}"
    return Replayed(ticket.reference, text, ticket.language, ticket.created_at, weighed, solved, declined)
