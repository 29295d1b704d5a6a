"""Offers: what a visit is shown of an answer, and the note that it was shown or withheld."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deflection.events import Kind, note, record, was_offered
from deflection.surroundings import UNKNOWN, Surroundings
from deflection.trails import read_articles
from deflection.visits import Arm, Visit, draw_arm, find_visit, see_in_passing
from kb.ready import Line
from kb.suggest import Answer, Suggestion
from webform import topics


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offer is made: in which visit, about which topic, whether a script shows it, and what is around.

    ``straight`` tells that it goes to a person whatever its text says: its sender may skip, or a routing rule says so.
    """

    visit: str
    topic: str
    scripted: bool
    straight: bool = False
    around: Surroundings = UNKNOWN


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a visit does not want to see: articles that it has put away, and articles that it has read elsewhere just before."""

    declined: frozenset[int] = frozenset()
    read: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Offered:
    """What a visit is shown: suggestions; or that its text goes ``straight`` to a person; or that it has ``read`` every good answer.

    ``calm`` tells that what goes straight to a person is not urgent for it.
    """

    suggestions: tuple[Suggestion, ...] = ()
    straight: bool = False
    calm: bool = False
    read: tuple[Suggestion, ...] = ()


NO_WISHES, NOTHING = Wishes(), Offered()


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


def meet(line: Line, answer: Answer, place: Place, *, terms: Terms, now: datetime) -> Visit:
    """Note that a visit is going on, and whether a real question was typed in it."""
    return see_in_passing(
        line,
        token=place.visit,
        language=answer.language,
        topic=place.topic,
        scripted=place.scripted,
        surroundings=place.around,
        engaged=answer.engaged,
        straight=goes_straight(line, answer, place) if answer.engaged else None,
        holdout_share=terms.holdout_share,
        secret=terms.secret,
        now=now,
    )


def note_unasked(session: Session, answer: Answer, token: str, *, now: datetime) -> None:
    """Note what would have been shown to somebody whose program sent a request without asking first: such a request was no gap.

    A visit in which something was shown or withheld has asked.
    """
    visit = find_visit(session, token)
    if visit is not None and answer.suggestions and not was_offered(session, visit.id):
        articles, languages = [each.article_id for each in answer.suggestions], [each.language for each in answer.suggestions]
        record(session, visit, Kind.WITHHELD, articles=articles, languages=languages, now=now)


def goes_straight(line: Line, answer: Answer, place: Place) -> bool:
    """Tell whether a text goes straight to a person: by a rule, because of its topic, or because its sender may skip."""
    return place.straight or _is_urgent(line, answer, place)


def _is_urgent(line: Line, answer: Answer, place: Place) -> bool:
    return answer.tact.urgent is not None or topics.goes_straight(line, place.topic)


def preview(line: Line, answer: Answer, place: Place) -> Offered:
    """Tell what somebody would be shown of an answer, outside of any visit, and note nothing."""
    if not answer.engaged and answer.tact.urgent is None and not place.straight:
        return NOTHING
    if goes_straight(line, answer, place):
        return Offered(straight=True, calm=not _is_urgent(line, answer, place))
    return Offered(answer.suggestions) if answer.engaged else NOTHING


def offer(line: Line, answer: Answer, place: Place, wishes: Wishes = NO_WISHES, *, terms: Terms, now: datetime) -> Offered:
    """Note what a visit is shown of an answer, or what is withheld from it, and give what may be shown.

    What goes straight to a person is neither shown nor withheld anything. An article that was read is not shown again.
    """
    plain = sees_plain_form(place.visit, terms)
    straight = goes_straight(line, answer, place)
    calm = straight and not _is_urgent(line, answer, place)
    if not answer.engaged:
        return Offered(straight=straight and not plain, calm=calm)
    visit = meet(line, answer, place, terms=terms, now=now)
    if straight:
        return Offered(straight=not plain, calm=calm)
    wanted = [suggestion for suggestion in answer.suggestions if suggestion.article_id not in wishes.declined]
    read = wishes.read | read_articles(line, place.visit)
    fresh = tuple(replace(each, rank=rank) for rank, each in enumerate((each for each in wanted if each.article_id not in read), 1))
    if fresh:
        articles, languages = [each.article_id for each in fresh], [each.language for each in fresh]
        note(line, visit, Kind.WITHHELD if plain else Kind.SHOWN, articles=articles, languages=languages, now=now)
    if plain:
        return NOTHING
    return Offered(fresh) if fresh else Offered(read=tuple(wanted))
