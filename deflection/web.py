"""What a request needs of the application to tell something: handed over by it, found here by the edge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from deflection.events import Kind
from deflection.surroundings import Surroundings
from deflection.visits import Visit

ADMISSION = "deflection.admission"


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may tell something about a visit.

    ``is_own`` says whether the request comes from a page of this site; ``may_tell`` counts it and says whether that
    is still within what one network may do; ``read_visit`` gives the random part of a signed token, or nothing for one
    that is forged or has expired. ``holdout_share`` and ``secret`` draw the arm of a visit that was not seen before.
    ``surroundings`` gives what a page tells of its place; ``is_robot`` says whether a program asks that says so, of which nothing is counted.
    ``tell`` is told each fact of a visit just before it is recorded, in the same transaction.
    """

    is_own: Callable[[], bool]
    may_tell: Callable[[], bool]
    read_visit: Callable[[str], str | None]
    holdout_share: float
    secret: str
    surroundings: Callable[[Mapping[str, str]], Surroundings]
    is_robot: Callable[[], bool]
    tell: Callable[[Session, Visit, Kind, Sequence[int], datetime], None]


def admission() -> Admission:
    """Give the application's rules."""
    return cast("Admission", current_app.extensions[ADMISSION])
