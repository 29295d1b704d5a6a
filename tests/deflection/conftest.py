"""Visits as the form would make them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deflection.visits import Visit, see

Begin = Callable[..., Visit]


@pytest.fixture
def begin(now: datetime) -> Begin:
    """Make an engaged visit of the treatment arm under a token; keywords change what `see` is told."""

    def visit(session: Session, token: str = "one", **changed: object) -> Visit:
        told: dict[str, object] = {"language": "en", "scripted": True, "engaged": True, "holdout_share": 0.0, "secret": "a key for tests", "now": now}
        return see(session, token=token, **(told | changed))  # type: ignore[arg-type]

    return visit
