"""Letter templates: letters that belong to no topic, which routing rules choose, each with a name of the team's."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from kb.slugs import slugify
from webform import arrangements, routing_rules

ARRANGEMENT = "letters"
OWN = "own."
"""With it begins the place of such a letter in the book; no topic's does."""
MOST_TEMPLATES, LONGEST_NAME, LONGEST_SLUG = 50, 60, 30


def names(session: Session) -> dict[str, str]:
    """Name them all by their places, in order of names."""
    kept = arrangements.find(session, ARRANGEMENT)
    return dict(sorted((kept.content if kept else {}).items(), key=lambda named: named[1].casefold()))


def add(session: Session, name: str, *, author: str, now: datetime) -> str:
    """Make one, empty in every language.

    :return: its place in the book.
    :raises webform.arrangements.Overtaken: if somebody else makes or deletes one at the same time.
    """
    place = _place(name, names(session))
    _keep(session, {**names(session), place: name[:LONGEST_NAME]}, author, now)
    return place


def remove(session: Session, place: str, *, author: str, now: datetime) -> None:
    """Take one away; its versions stay in the book.

    :raises webform.arrangements.Overtaken: if somebody else makes or deletes one at the same time.
    """
    _keep(session, {each: name for each, name in names(session).items() if each != place}, author, now)


def used_by(session: Session, place: str) -> list[str]:
    """Name the routing rules that choose it, whether or not they are in force."""
    return [kept.name for kept in routing_rules.every(session) if kept.rule.actions.template == place]


def _keep(session: Session, content: dict[str, str], author: str, now: datetime) -> None:
    kept = arrangements.find(session, ARRANGEMENT)
    arrangements.keep(session, ARRANGEMENT, content, version=kept.version if kept else 0, author=author, now=now)


def _place(name: str, taken: Collection[str]) -> str:
    made = slugify(name, longest=LONGEST_SLUG)
    made = made if made and made.isascii() else "letter"
    return next(place for place in (OWN + made, *(f"{OWN}{made}-{count}" for count in range(2, len(taken) + 3))) if place not in taken)
