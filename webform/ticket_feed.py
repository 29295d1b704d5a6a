"""Requests as programs read them: in the order in which they last changed, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webform.attachments import Attachment
from webform.lines import storable
from webform.ticket_changes import TicketChange
from webform.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requests are wanted: changed from ``since`` on, of one status, of one topic (empty: without any); nothing asks for all.

    ``after`` is the moment and the number of the last one that is known already.
    """

    since: datetime | None = None
    status: str | None = None
    topic: str | None = None
    after: tuple[datetime, int] | None = None


def changed(session: Session, asked: Asked, most: int) -> list[Ticket]:
    """List requests, the one that has not changed for longest first."""
    wanted = select(Ticket)
    if asked.since is not None:
        wanted = wanted.where(Ticket.updated_at >= asked.since)
    if asked.status is not None:
        wanted = wanted.where(Ticket.status == asked.status)
    if asked.topic is not None:
        wanted = wanted.where(Ticket.topic == storable(asked.topic))
    if asked.after is not None:
        moment, number = asked.after
        wanted = wanted.where(or_(Ticket.updated_at > moment, and_(Ticket.updated_at == moment, Ticket.id > number)))
    return list(session.scalars(wanted.order_by(Ticket.updated_at, Ticket.id).limit(most)))


def objects(session: Session, found: Sequence[Ticket]) -> list[dict[str, object]]:
    """Give requests as plain values: how far they are, when they came there, what they are about, answers, files.

    Neither the message nor who sent it: a program that needs those gets the mail.
    """
    ids = [ticket.id for ticket in found]
    files, changes = _files(session, ids), _changes(session, ids)
    return [
        {
            "reference": ticket.reference,
            "status": ticket.status,
            "created_at": moment(ticket.created_at),
            "updated_at": moment(ticket.updated_at),
            "changes": changes[ticket.id],
            "kind": ticket.kind,
            "channel": ticket.channel,
            "topic": ticket.topic,
            "language": ticket.language,
            "urgent": ticket.urgent_slug or None,
            "fields": dict(ticket.answers),
            "files": files[ticket.id],
        }
        for ticket in found
    ]


def _files(session: Session, ids: Sequence[int]) -> dict[int, list[dict[str, object]]]:
    told: dict[int, list[dict[str, object]]] = {number: [] for number in ids}
    for file in session.scalars(select(Attachment).where(Attachment.ticket_id.in_(ids)).order_by(Attachment.id)):
        told[file.ticket_id or 0].append({"name": file.filename, "size": file.size})
    return told


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[dict[str, object]]]:
    told: dict[int, list[dict[str, object]]] = {number: [] for number in ids}
    for change in session.scalars(select(TicketChange).where(TicketChange.ticket_id.in_(ids)).order_by(TicketChange.id)):
        told[change.ticket_id].append({"status": change.status, "at": moment(change.changed_at), "by": change.party})
    return told


def moment(when: datetime) -> str:
    """Write a moment as programs read it."""
    return when.isoformat().replace("+00:00", "Z")
