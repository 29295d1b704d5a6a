"""The customer's page of a request that was sent, opened by a signed link: looking changes nothing, posting does."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from deflection import events, visits
from deflection.events import Kind
from kb.voices import take_back
from kb.web import database
from webform import additions, attachments, contact_files, hearing, hook_facts, letters, satisfaction_views, tickets
from webform.attachments import Attachment
from webform.contact_forms import clean_text
from webform.given_files import give
from webform.i18n import choose_language
from webform.request_page import NotOpened, Standing, find, page_of, standing_of
from webform.submissions import terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus
from webform.web import HOUR, learned_network, may, rates, tokens

ADDITIONS_PER_HOUR = 10
blueprint = Blueprint("requests", __name__, url_prefix="/requests")
blueprint.add_url_rule("/<reference>/satisfaction", "asked", satisfaction_views.asked)
blueprint.add_url_rule("/<reference>/satisfaction", "answer", satisfaction_views.answer, methods=["POST"])
blueprint.add_url_rule("/<reference>/quiet", "quiet", satisfaction_views.quiet, methods=["GET", "POST"])


@dataclass(slots=True)
class More:
    """What a customer is about to add, as it was left; ``once`` tells a second press of the button from a second message."""

    message: str = ""
    files: list[Attachment] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    wrong_files: list[str] = field(default_factory=list)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@blueprint.before_request
def bound() -> None:
    """Read no more words than somebody can write."""
    contact_files.bound_words()


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nobody keep the page, index it, or learn its address from a link on it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.errorhandler(NotOpened)
def not_opened(error: NotOpened) -> Response:
    """Say why a link opens nothing."""
    return make_response(render_template("not-opened.html", heading=error.heading, words=error.words), error.status)


@blueprint.get("/<reference>")
def sent(reference: str) -> Response:
    """Show what was sent, how far it is, and what happens next; files that wait to be added are still there."""
    key = request.args.get("key", "")
    with database().reading() as session:
        files = attachments.all_waiting(session, additions.holder(find(session, reference, key)), datetime.now(UTC))
    return _page(reference, key, More(files=files))


@blueprint.get("/<reference>/files/<int:number>")
def file(reference: str, number: int) -> Response:
    """Give a file of the request back to its sender, to be saved."""
    with database().reading() as session:
        ticket = find(session, reference, request.args.get("key", ""))
        found = attachments.content(session, number) if number < 2**31 else None
        if found is None or found.ticket_id != ticket.id:
            abort(404)
    return give(found)


@blueprint.post("/<reference>/solved")
def solved(reference: str) -> AnyResponse:
    """Note that the offered article was the answer, or take that back; the request is closed or opened again with it."""
    key, now = request.form.get("key", ""), datetime.now(UTC)
    with database().writing() as session:
        ticket = find(session, reference, key)
        visit = visits.find_visit(session, ticket.visit_token)
        if visit is not None and ticket.offered_article_id is not None:
            taken_back = request.form.get("solved") == "no"
            kind = Kind.DECLINED if taken_back else Kind.SOLVED
            hook_facts.visit_tells(session, visit, kind, (ticket.offered_article_id,), now)
            events.record(session, visit, kind, articles=(ticket.offered_article_id,), now=now)
            _hear(session, ticket, ticket.offered_article_id, now, solved=not taken_back)
            _change(session, ticket, TicketStatus.CLOSED if not taken_back else TicketStatus.NEW, now)
    return _back(ticket, key)


@blueprint.post("/<reference>/close")
def close(reference: str) -> AnyResponse:
    """Close a request whose sender does not need an answer any more, or open it again."""
    key, now = request.form.get("key", ""), datetime.now(UTC)
    with database().writing() as session:
        ticket = find(session, reference, key)
        again = request.form.get("closed") == "no"
        if not again or standing_of(session, ticket) in {Standing.WITHDRAWN, Standing.SOLVED}:
            _change(session, ticket, TicketStatus.NEW if again else TicketStatus.CLOSED, now)
    return _back(ticket, key)


@blueprint.post("/<reference>/additions")
def add(reference: str) -> AnyResponse:
    """Add words and files to a request; the team gets them as a reply in the same thread."""
    contact_files.read_generously()
    key, now = request.form.get("key", ""), datetime.now(UTC)
    with database().reading() as session:
        ticket = find(session, reference, key)
    more = More(clean_text(request.form.get("message")), once=request.form.get("once", "")[:40] or secrets.token_urlsafe(12))
    if not _may_add(ticket):
        more.wrong = [gettext("Too much was added in an hour. Wait an hour, then press the button again; what you wrote is still here.")]
        return _page(reference, key, more, 429)
    more.files, more.wrong_files = contact_files.receive(additions.holder(ticket), now)
    more.wrong = _wrong(more)
    if more.wrong or more.wrong_files:
        return _page(reference, key, more, 422)
    with database().writing() as session:
        ticket = find(session, reference, key)
        files = attachments.waiting(session, additions.holder(ticket), [each.token for each in more.files])
        additions.add(session, ticket, more.message, files, once=more.once, terms=terms(current_app.config, tokens()), now=now)
    return _back(ticket, key, anchor="added")


def _page(reference: str, key: str, more: More, status: int = 200) -> Response:
    with database().reading() as session:
        page = page_of(session, find(session, reference, key), datetime.now(UTC))
    said = {"page": page, "ticket": page.ticket, "key": key, "more": more, "terms": terms(current_app.config, tokens()), "letters": letters}
    return make_response(render_template("sent.html", **said), status)


def _back(ticket: Ticket, key: str, anchor: str | None = None) -> AnyResponse:
    return redirect(url_for("requests.sent", reference=ticket.reference, key=key, lang=choose_language(), _anchor=anchor), 303)


def _may_add(ticket: Ticket) -> bool:
    return rates().spend("additions", ticket.reference, ADDITIONS_PER_HOUR, HOUR) and may("added", ADDITIONS_PER_HOUR * 5, HOUR)


def _wrong(more: More) -> list[str]:
    surplus = len(more.message) - current_app.config["MAX_MESSAGE"]
    if not more.message and not more.files:
        return [gettext("Write what you want to add, or choose a file")]
    if surplus > 0:
        limit = current_app.config["MAX_MESSAGE"]
        return [ngettext("Shorten this by %(num)s character; %(limit)s fit", "Shorten this by %(num)s characters; %(limit)s fit", surplus, limit=limit)]
    return []


def _change(session: Session, ticket: Ticket, after: TicketStatus, now: datetime) -> None:
    """Close or open a request for its sender; what the team decided stays."""
    before = TicketStatus.NEW if after == TicketStatus.CLOSED else TicketStatus.CLOSED
    if ticket.status == before:
        tickets.set_status(session, ticket, after, now, by=Party.CUSTOMER)
        hook_facts.status_changed(session, ticket, before, now)


def _hear(session: Session, ticket: Ticket, article: int, now: datetime, *, solved: bool) -> None:
    """Keep that the offered article answers what was sent, or delete that again."""
    if not (network := learned_network()):
        return
    said_by = hearing.speaker(tokens(), ticket.visit_token, network)
    if solved:
        said = hearing.Description(ticket.subject, ticket.message, ticket.interface_language, (ticket.name, ticket.email))
        hearing.hear_solved(session, ticket.visit_token, said, article, said_by, now)
    else:
        take_back(session, said_by.origin, article)
