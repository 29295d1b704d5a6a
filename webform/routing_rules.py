"""Routing rules as leads keep them, in their order; and what they did to each request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.ready import Ready
from kb.rule_lines import PhraseError, read
from kb.schema import Base
from kb.tact import Phrasebook, RulePhrases
from webform import places, routing
from webform.routing import Actions, Conditions, Route, RoutingRule

LONGEST_NAME = 100


class KeptRule(Base):
    """A rule as a lead wrote it. ``version`` grows with each change, so that nobody overwrites what they have not seen."""

    __tablename__ = "routing_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    active: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    actions: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(320))

    @property
    def rule(self) -> RoutingRule:
        """Give the rule as it is applied."""
        return RoutingRule(self.id, self.name, Conditions(**_tuples(self.conditions)), Actions(**_tuples(self.actions)))

    def facts(self) -> dict[str, object]:
        """Tell what the rule says, for the trace."""
        return {"name": self.name, "active": self.active, **self.conditions, **self.actions}


class RequestRoute(Base):
    """What the rules did to a request, as it was then."""

    __tablename__ = "request_route"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    route: Mapped[dict[str, Any]] = mapped_column(JSON)


class Overtaken(Exception):
    """Somebody else has changed or deleted the rule meanwhile."""


def every(session: Session) -> list[KeptRule]:
    """List all rules in their order."""
    return list(session.scalars(select(KeptRule).order_by(KeptRule.position, KeptRule.id)))


def in_force(session: Session) -> list[RoutingRule]:
    """List the rules that are applied, in their order; one that cannot be read is passed over."""
    found = []
    for kept in session.scalars(select(KeptRule).where(KeptRule.active).order_by(KeptRule.position, KeptRule.id)):
        try:
            found.append(kept.rule)
        except (TypeError, ValueError):
            continue
    return found


MARKS = Ready(select(KeptRule.id, KeptRule.version, KeptRule.position, KeptRule.changed_at).where(KeptRule.active).order_by(KeptRule.position, KeptRule.id))
"""Tells whether the rules that are applied have changed."""


def find(session: Session, number: int) -> KeptRule | None:
    """Find a rule."""
    return session.get(KeptRule, number)


def add(session: Session, draft: RoutingRule, *, active: bool, author: str, now: datetime) -> KeptRule:
    """Keep a new rule, below all others."""
    position = (session.scalar(select(func.max(KeptRule.position))) or 0) + 1
    kept = KeptRule(position=position, version=1)
    _fill(kept, draft, author, now, active=active)
    session.add(kept)
    session.flush()
    return kept


def change(session: Session, draft: RoutingRule, *, version: int, active: bool, author: str, now: datetime) -> KeptRule:
    """Change a rule that nobody else has changed since it was read.

    :raises Overtaken: if it has another version now, or is gone.
    """
    mine = update(KeptRule).where(KeptRule.id == draft.number, KeptRule.version == version).values(version=version + 1).returning(KeptRule.id)
    if session.execute(mine).scalar() is None:
        raise Overtaken
    kept = session.get_one(KeptRule, draft.number, populate_existing=True)
    _fill(kept, draft, author, now, active=active)
    session.flush()
    return kept


def remove(session: Session, number: int, *, version: int) -> None:
    """Delete a rule that nobody else has changed since it was read.

    :raises Overtaken: if it has another version now, or is gone.
    """
    if session.execute(delete(KeptRule).where(KeptRule.id == number, KeptRule.version == version).returning(KeptRule.id)).scalar() is None:
        raise Overtaken


def move(session: Session, number: int, *, up: bool) -> bool:
    """Change places with the rule above or below; False where there is none."""
    ordered = places.moved(every(session), lambda kept: kept.id == number, up=up)
    if ordered is None:
        return False
    for position, kept in enumerate(ordered, start=1):
        kept.position = position
    session.flush()
    return True


def book(wordings: Iterable[tuple[int, Mapping[str, str]]]) -> Phrasebook:
    """Lay out the phrases of rules, by their numbers, to be found in texts; a language whose lines cannot be read is left out."""
    laid = []
    for number, words in wordings:
        for language, lines in words.items():
            try:
                laid.append(RulePhrases(number, language, tuple(read(lines, language))))
            except PhraseError:
                continue
    return Phrasebook(laid)


def note(session: Session, ticket_id: int, route: Route) -> None:
    """Keep what the rules did to a request; nothing is kept where they did nothing."""
    if route != routing.NO_ROUTE:
        session.add(RequestRoute(ticket_id=ticket_id, route=route.facts()))


def of_tickets(session: Session, tickets: Sequence[int]) -> dict[int, Route]:
    """Give what the rules did to some requests when these came in."""
    rows = session.scalars(select(RequestRoute).where(RequestRoute.ticket_id.in_(tickets)))
    return {row.ticket_id: routing.of_facts(row.route) for row in rows}


def of_ticket(session: Session, ticket_id: int) -> Route:
    """Give what the rules did to a request when it came in."""
    return of_tickets(session, [ticket_id]).get(ticket_id, routing.NO_ROUTE)


def _fill(kept: KeptRule, draft: RoutingRule, author: str, now: datetime, *, active: bool) -> None:
    kept.name, kept.active = draft.name[:LONGEST_NAME], active
    kept.conditions, kept.actions = _lists(asdict(draft.conditions)), _lists(asdict(draft.actions))
    kept.changed_at, kept.changed_by = now, author


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
