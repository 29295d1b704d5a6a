"""Inserting rows that may be there already: one spelling for both databases."""

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kb.schema import Base


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert:
    """Begin an ``INSERT`` that can say ``on_conflict_do_nothing`` or ``on_conflict_do_update``.

    Both databases understand the same clauses; SQLAlchemy keeps them in each dialect's own ``insert``.
    """
    if session.get_bind().dialect.name == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(model))
    return postgresql.insert(model)
