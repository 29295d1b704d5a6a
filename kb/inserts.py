"""Inserting rows that may be there already: one spelling for both databases."""

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kb.schema import Base


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert:
    """Begin an ``INSERT`` that can say ``on_conflict_do_nothing`` or ``on_conflict_do_update``.

    Both databases understand the same clauses; SQLAlchemy keeps them in each dialect's own ``insert``.
    """
    return insert_for(dialect_of(session), model)


def insert_for(dialect: str, model: type[Base]) -> postgresql.Insert:
    """Begin such an ``INSERT`` before there is a session: what is asked with every key that is pressed is put together once."""
    return cast("postgresql.Insert", sqlite.insert(model)) if dialect == "sqlite" else postgresql.insert(model)


def dialect_of(session: Session) -> str:
    """Name the database that a session writes to, ``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name
