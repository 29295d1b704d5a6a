"""Raw events: every fact of a time with what is known of its visit, one row each, as they come; no person, and nothing that was typed."""

from collections.abc import Iterator
from datetime import UTC, datetime

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
Row = tuple[object, ...]


def stream(database: Database, *, since: datetime, until: datetime, batch: int = BATCH) -> Iterator[Row]:
    """Give the events that were recorded from ``since`` on and before ``until``, the first first.

    Each batch is a query of its own, so that neither a long transaction nor much memory is needed, however many there are.
    """
    last: tuple[datetime, int] | None = None
    while True:
        with database.reading() as session:
            wanted = select(Event, Visit).join(Visit, Visit.id == Event.visit_id).where(Event.recorded_at >= since, Event.recorded_at < until)
            if last is not None:
                wanted = wanted.where(or_(Event.recorded_at > last[0], and_(Event.recorded_at == last[0], Event.id > last[1])))
            found = session.execute(wanted.order_by(Event.recorded_at, Event.id).limit(batch)).all()
            rows = [_row(event, visit) for event, visit in found]
            last = (found[-1].Event.recorded_at, found[-1].Event.id) if found else None
        yield from rows
        if len(rows) < batch:
            return


def _row(event: Event, visit: Visit) -> Row:
    met = (event.kind, event.article_id or None, event.rank, event.seconds, event.reason, event.language)
    place = (visit.language, visit.topic, visit.device, visit.site, visit.release, visit.channel)
    return (_moment(event.recorded_at), event.id, visit.id, *met, visit.arm, visit.engaged, visit.straight, *place, visit.scripted, _moment(visit.started_at))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
