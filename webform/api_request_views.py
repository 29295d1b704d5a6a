"""Requests, as programs read and mark them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, current_app, json, request
from sqlalchemy.orm import Session

from kb.problem_web import problem
from kb.web import database
from webform import api_query, api_web, marking, ticket_feed, tickets
from webform.api_forms import read_texts
from webform.api_keys import Scope
from webform.api_query import Mark
from webform.marking import MARKS, Marker
from webform.submissions import terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus
from webform.web import tokens

PAGE = 100
READERS: dict[str, Callable[[str], Any]] = {"since": api_query.moment, "status": api_query.one_of(list(TicketStatus)), "topic": str, "cursor": api_query.cursor}
_REFERENCE = re.compile("T-[0-9A-Z]{6}")


def page() -> Response:
    """List requests by when they last changed, so that a program can go on where it stopped."""
    api_web.caller(Scope.READ)
    asked = api_query.read(request, READERS)
    after: Mark | None = asked.pop("cursor", None)
    wanted = ticket_feed.Asked(**asked, after=(after.moment, after.number) if after else None)
    with database().reading() as session:
        found = ticket_feed.changed(session, wanted, PAGE + 1)
        told = ticket_feed.objects(session, found[:PAGE])
    last = str(Mark(found[PAGE - 1].updated_at, found[PAGE - 1].id)) if len(found) > PAGE else None
    return as_json({"requests": told, "next": last})


def one(reference: str) -> Response:
    """Tell of a request how far it is and what it is about."""
    api_web.caller(Scope.READ)
    with database().reading() as session:
        return as_json(ticket_feed.objects(session, [_found(session, reference)])[0])


def set_status(reference: str) -> Response:
    """Note what became of a request; for the figures the team said it, on whose behalf the program has its key."""
    program = api_web.caller(Scope.STATUS)
    status = read_texts(request, {"status"}).get("status")
    if status not in MARKS:
        return problem(422, "Nothing was changed.", errors={"status": [f"Choose one of: {', '.join(MARKS)}."]})
    with database().writing() as session:
        ticket = _found(session, reference)
        said_by = Marker(Party.TEAM, program.title)
        marking.mark(session, ticket, TicketStatus(status), said_by, terms=terms(current_app.config, tokens()), now=datetime.now(UTC))
        return as_json({"reference": ticket.reference, "status": ticket.status, "updated_at": ticket_feed.moment(ticket.updated_at)})


def as_json(told: object) -> Response:
    """Answer with an object."""
    return Response(json.dumps(told), mimetype="application/json")


def _found(session: Session, reference: str) -> Ticket:
    found = tickets.find(session, reference) if _REFERENCE.fullmatch(reference) else None
    return found or abort(problem(404, "There is no request with this reference."))
