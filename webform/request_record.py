"""The request as a machine reads it: the JSON document that goes with the mail to the team."""

from collections.abc import Sequence

from webform.dispatch import Dispatch
from webform.fields import FormField
from webform.links import Links
from webform.mailed_files import MailedFile
from webform.tickets import Ticket
from webform.topics import Topic
from webform.tried import TriedArticle

SCHEMA = "webform.request"
VERSION = 1


def record(
    ticket: Ticket,
    topic: Topic | None,
    tried: Sequence[TriedArticle],
    files: Sequence[MailedFile],
    links: Links,
    *,
    fields: Sequence[FormField] = (),
    going: Dispatch,
) -> dict[str, object]:
    """Say everything that the mail says as one document.

    A reader may rely on ``schema`` and ``version``: within a version fields are added, never changed or taken away.
    """
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "kind": ticket.kind,
        "call_back": _call(ticket),
        "reference": ticket.reference,
        "message_id": ticket.message_id,
        "sent_at": ticket.created_at.isoformat(),
        "customer": {"name": ticket.name, "email": ticket.email},
        "subject": ticket.subject,
        "message": ticket.message,
        "language": ticket.language,
        "interface_language": ticket.interface_language,
        "topic": {"slug": topic.slug, "names": topic.names, "priority": topic.priority} if topic else None,
        "priority": going.priority,
        "urgent": {"rule": ticket.urgent, "slug": ticket.urgent_slug} if ticket.urgent else None,
        "predicted_topic": {"name": ticket.predicted_topic, "share": ticket.predicted_share} if ticket.predicted_topic else None,
        "fields": [_answered(each, ticket) for each in fields if ticket.answers.get(each.key)],
        "routing": going.route.facts() | {"addresses": list(going.to), "copies": list(going.copies)},
        "tried": [_tried(article) for article in tried],
        "attachments": [file.facts() for file in files],
        "links": {"ticket": links.ticket(ticket.reference)},
    }


def _answered(field: FormField, ticket: Ticket) -> dict[str, object]:
    answer = ticket.answers[field.key]
    return {
        "key": field.key,
        "kind": str(field.kind),
        "question": field.label(ticket.interface_language),
        "answer": answer,
        "words": field.told(answer, ticket.interface_language),
    }


def _call(ticket: Ticket) -> dict[str, object] | None:
    if not ticket.phone:
        return None
    since, until = (at.isoformat() if at else None for at in (ticket.call_from, ticket.call_until))
    return {"number": ticket.phone, "from": since, "until": until, "zone": ticket.call_zone}


def _tried(article: TriedArticle) -> dict[str, object]:
    entry = article.tried
    return {
        "article": entry.article_id,
        "title": article.title,
        "url": article.url or None,
        "rank": entry.rank,
        "shown": entry.shown,
        "opened": entry.opened,
        "seconds_read": round(entry.seconds_read, 1),
        "solved": entry.solved,
        "declined": entry.declined,
        "reason": entry.reason or None,
    }
