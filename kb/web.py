"""What a request needs of the knowledge base: handed over by the application, found here by the edge."""

from collections.abc import Callable
from typing import cast

from flask import current_app

from kb.database import Database
from kb.suggest import Suggester

DATABASE = "kb.database"
SUGGESTER = "kb.suggester"
MAY_SEARCH = "kb.may_search"


def database() -> Database:
    """Give the application's database."""
    return cast("Database", current_app.extensions[DATABASE])


def suggester() -> Suggester:
    """Give the application's suggester."""
    return cast("Suggester", current_app.extensions[SUGGESTER])


def may_search() -> bool:
    """Count a search by whoever asks, and tell whether the application lets it happen."""
    return cast("Callable[[], bool]", current_app.extensions[MAY_SEARCH])()
