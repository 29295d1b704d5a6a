"""Where Alembic finds the tables of all packages."""

from typing import Literal

from alembic import context

from deflection import article_months, article_weeks, census, day_counts, efforts, events, incidents, put_aside, visits  # noqa: F401
from kb.schema import Base, UtcDateTime
from webform import (  # noqa: F401
    additions,
    arrangements,
    attachments,
    field_sets,
    flapping,
    idempotency,
    letter_book,
    outbox,
    rates,
    robot_questions,
    routing_rules,
    satisfaction,
    skips,
    spam_lessons,
    staff,
    ticket_changes,
    ticket_days,
    tickets,
    topics,
)


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own time type as what the database makes of it, so that old migrations never import the project."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
