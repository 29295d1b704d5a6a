"""What a request needs of the knowledge base: handed over by the application, found here by the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import current_app

from kb.database import Database
from kb.nearness import Nearness
from kb.openings import Openings
from kb.suggest import Suggester

DATABASE = "kb.database"
SUGGESTER = "kb.suggester"
MAY_SEARCH = "kb.may_search"
MAY_LOOK = "kb.may_look"
OPENINGS = "kb.openings"
POLL = "kb.poll"
LOOKERS = "kb.lookers"
NEARNESS = "kb.nearness"


@dataclass(frozen=True, slots=True)
class Poll:
    """Who may say whether an article helped.

    ``is_own`` says whether the request comes from a page of this site; ``may_vote`` counts it and says whether that is still within
    what one network may do; ``token`` is what a page of this installation carries for an article, and ``mark`` a keyed hash of the
    network that asks, the article and the day.
    """

    is_own: Callable[[], bool]
    may_vote: Callable[[], bool]
    token: Callable[[int], str]
    mark: Callable[[int, date], str]


@dataclass(frozen=True, slots=True)
class Lookers:
    """How searches are counted without being kept: ``key`` hashes their words, ``mark`` such a key with the network that asks."""

    key: Callable[[str], str]
    mark: Callable[[str], str]


def database() -> Database:
    """Give the application's database."""
    return cast("Database", current_app.extensions[DATABASE])


def suggester() -> Suggester:
    """Give the application's suggester."""
    return cast("Suggester", current_app.extensions[SUGGESTER])


def may_search() -> bool:
    """Count a search by whoever asks, and tell whether the application lets it happen."""
    return cast("Callable[[], bool]", current_app.extensions[MAY_SEARCH])()


def openings() -> Openings:
    """Give the application's count of articles that were opened."""
    return cast("Openings", current_app.extensions[OPENINGS])


def poll() -> Poll:
    """Give the application's rules of saying whether an article helped."""
    return cast("Poll", current_app.extensions[POLL])


def lookers() -> Lookers:
    """Give the application's hashes of what is looked for and by whom."""
    return cast("Lookers", current_app.extensions[LOOKERS])


def nearness() -> Nearness:
    """Give what this process knows of articles that are about much the same."""
    return cast("Nearness", current_app.extensions.setdefault(NEARNESS, Nearness()))


def may_look() -> bool:
    """Count a look at what is found while somebody types, and tell whether the application lets it happen."""
    return cast("Callable[[], bool]", current_app.extensions[MAY_LOOK])()
