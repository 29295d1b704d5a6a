"""Offers: what a visit is shown of an answer, and the note that it was shown or withheld."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deflection.events import Kind, record
from deflection.visits import Arm, Visit, draw_arm, see
from kb.suggest import Answer, Suggestion


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offer is made: in which visit, about which topic, and whether a script shows it."""

    visit: str
    topic: str
    scripted: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """How the two arms are drawn."""

    holdout_share: float
    secret: str


def terms(config: Mapping[str, Any]) -> Terms:
    """Read the terms from the settings."""
    return Terms(holdout_share=config["HOLDOUT_SHARE"], secret=config["SECRET_KEY"])


def sees_plain_form(visit: str, terms: Terms) -> bool:
    """Tell whether a visit belongs to those who see no suggestions."""
    return draw_arm(visit, holdout_share=terms.holdout_share, secret=terms.secret) is Arm.HOLDOUT


def for_later(answer: Answer, visit: str, *, terms: Terms) -> tuple[int, ...]:
    """Give the articles that may be offered once a request is sent, best first: each is by itself as probable as the gate demands.

    While somebody types, three that are probable together may stand side by side; a mail names only one.
    """
    if sees_plain_form(visit, terms):
        return ()
    return tuple(suggestion.article_id for suggestion in answer.suggestions if suggestion.score >= answer.gate)


def meet(session: Session, answer: Answer, place: Place, *, terms: Terms, now: datetime) -> Visit:
    """Note that a visit is going on, and whether a real question was typed in it."""
    return see(
        session,
        token=place.visit,
        language=answer.language,
        topic=place.topic,
        scripted=place.scripted,
        engaged=answer.engaged,
        holdout_share=terms.holdout_share,
        secret=terms.secret,
        now=now,
    )


def offer(session: Session, answer: Answer, place: Place, *, without: Collection[int] = (), terms: Terms, now: datetime) -> tuple[Suggestion, ...]:
    """Note what a visit is shown of an answer, or what is withheld from it, and give what may be shown.

    :param without: articles the customer has put away; the others move up.
    """
    if not answer.engaged:
        return ()
    visit = meet(session, answer, place, terms=terms, now=now)
    wanted = [suggestion for suggestion in answer.suggestions if suggestion.article_id not in without]
    shown = tuple(replace(suggestion, rank=rank) for rank, suggestion in enumerate(wanted, 1))
    if not shown:
        return ()
    withheld = visit.arm == Arm.HOLDOUT
    record(session, visit, Kind.WITHHELD if withheld else Kind.SHOWN, articles=[suggestion.article_id for suggestion in shown], now=now)
    return () if withheld else shown
