"""Raw events: every fact of a time with what is known of its visit, one row each, as they come; no person, and nothing that was typed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, or_, select

from deflection.events import Event
from deflection.visits import Visit
from kb.database import Database

COLUMNS = (
    "at", "event", "visit", "kind", "article", "rank", "seconds", "reason", "article_language",
    "arm", "engaged", "straight", "language", "topic", "device", "site", "release", "channel", "scripted", "visit_started_at",
)  # fmt: skip
"""The columns, in their order; new ones are only ever added at the end."""
BATCH = 1000
Values = tuple[object, ...]


def stream(database: Database, *, since: datetime, until: datetime, batch: int = BATCH) -> Iterator[Values]:
    """Give the events that were recorded from ``since`` on and before ``until``, the first first.

    Each batch is a query of its own, so that neither a long transaction nor much memory is needed, however many there are.
    """
    last: tuple[datetime, int] = since, 0
    while True:
        with database.reading() as session:
            after = or_(Event.recorded_at > last[0], Event.id > last[1])
            within = and_(Event.recorded_at >= last[0], Event.recorded_at < until, after)  # Its beginning moves along: nothing is looked through again.
            found = session.execute(_WANTED.where(within).order_by(Event.recorded_at, Event.id).limit(batch)).all()
        for row in found:
            yield _row(row)
        if len(found) < batch:
            return
        last = found[-1].recorded_at, found[-1].event_id


def _row(row: Any) -> Values:
    met = (row.kind, row.article_id or None, row.rank, row.seconds, row.reason, row.article_language)
    place = (row.language, row.topic, row.device, row.site, row.release, row.channel)
    return (_moment(row.recorded_at), row.event_id, row.visit_id, *met, row.arm, row.engaged, row.straight, *place, row.scripted, _moment(row.started_at))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_WANTED = select(
    Event.id.label("event_id"), Event.visit_id, Event.kind, Event.article_id, Event.rank, Event.seconds, Event.reason,
    Event.language.label("article_language"), Event.recorded_at,
    Visit.arm, Visit.engaged, Visit.straight, Visit.language, Visit.topic, Visit.device, Visit.site, Visit.release, Visit.channel,
    Visit.scripted, Visit.started_at,
).join(Visit, Visit.id == Event.visit_id)  # fmt: skip
