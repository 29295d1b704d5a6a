"""Walking the map of URLs: an address for every rule, and all that the database holds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Article, Status, Translation
from kb.revisions import Revision
from kb.schema import Base
from webform import attachments, outbox, web
from webform.api_keys import ApiKey
from webform.gaps import Gap
from webform.hook_queue import HookDelivery
from webform.hooks import Hook
from webform.probes import Probe
from webform.subscriptions import Subscription
from webform.tickets import Ticket

# Counting how often somebody asks, or something is asked for or opened, is the one thing that any request may write.
COUNTED_ANYWAY = {"rate_window", "opening", "looked_for", "looker", "found_by"}


@dataclass(frozen=True, slots=True)
class Step:
    """One way to ask one route."""

    endpoint: str
    method: str
    path: str


def steps(app: Flask, session: Session, ticket: Ticket) -> Iterator[Step]:
    """Give every method of every rule with an address that exists, made of a ticket with a file and a mail."""
    arguments = {
        "reference": ticket.reference,
        "token": app.extensions[web.TOKENS].new_visit(),
        "lang": "en",
        "language": "en",
        "slug": "slug",
        "requests.file:number": attachments.of_ticket(session, ticket.id)[0].id,
        "staff.file:number": attachments.of_ticket(session, ticket.id)[0].id,
        "files.file:key": app.extensions[web.TOKENS].file_key(attachments.of_ticket(session, ticket.id)[0].id),
        "kind": "person",
        "rules.topic:slug": "pump",
        **{f"topics.{name}:slug": "pump" for name in ("change", "move")},
        **{f"topics.fields.{name}:slug": "pump" for name in ("page", "new", "change", "move", "delete")},
        **{f"topics.fields.{name}:key": "model" for name in ("change", "move", "delete")},
        **{f"routing.{name}:number": 1 for name in ("change", "move", "delete")},
        "skips.revoke:number": 1,
        "article": session.scalar(select(func.min(Article.id))),
        "visibility.read:slug": session.scalar(select(func.min(Translation.slug)).where(Translation.language == "en", Translation.status == Status.PUBLISHED)),
        **{f"history.{name}:number": session.scalar(select(func.min(Revision.id))) for name in ("revision", "restore")},
        "rules.change:number": 1,
        "rules.delete:number": 1,
        **{f"gaps.{name}:number": session.scalar(select(Gap.id)) or 0 for name in ("gap", "decide", "answer", "write")},
        **{f"hooks.{name}:number": session.scalar(select(func.min(Hook.id))) for name in ("change", "renew", "delete", "trial")},
        "keys.revoke:number": session.scalar(select(func.min(ApiKey.id))),
        "hooks.retry:number": session.scalar(select(func.min(HookDelivery.id))),
        "self_check.delete:number": session.scalar(select(func.min(Probe.id))),
        "raw_events.export:form": "csv",
        "weekly.delete:number": session.scalar(select(func.min(Subscription.id))),
        "weekly.stop:key": "no key",
        "weekly.stopped:key": "no key",
        "imports.job:number": 1,
        **{f"baseline.{name}:number": 1 for name in ("result", "export")},
        "baseline.delete:number": 2,
        **{f"baseline_pairs.{name}:number": 1 for name in ("page", "judge")},
        "baseline.export:form": "csv",
        "imports.decide:number": 1,
        **{f"letters.{name}:topic": "every" for name in ("write", "restore")},
        "letters.delete:topic": "own.outage",
        "number": outbox.of_ticket(session, ticket.id)[0].id,
        "tile": "rate",
        "static:filename": "desk.css",
        "help.static:filename": "base.css",
        "help.picture:name": "0" * 32 + "-1x1.png",
    }
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            values = {name: arguments[f"{rule.endpoint}:{name}" if f"{rule.endpoint}:{name}" in arguments else name] for name in rule.arguments}
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Step(rule.endpoint, method, app.url_for(rule.endpoint, **values))


def contents(session: Session) -> dict[str, tuple[int, str]]:
    """Take down every table: how many rows, and a digest of what is in them."""
    taken = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in COUNTED_ANYWAY:
            rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
            taken[table.name] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return taken
