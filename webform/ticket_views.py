"""Requests, as staff find, read and sort them."""

from datetime import UTC, datetime

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from sqlalchemy.orm import Session

from kb import casebook
from kb.web import database
from webform import (
    additions,
    answer_views,
    attachments,
    desk,
    field_sets,
    fields,
    letter_templates,
    links,
    marking,
    outbox,
    robots_web,
    route_words,
    routing_rules,
    satisfaction,
    tickets,
    topics,
)
from webform.given_files import give
from webform.i18n import choose_language
from webform.marking import MARKS, Marker
from webform.satisfaction_views import score_words
from webform.sign_in import require
from webform.staff import RoleName
from webform.submissions import terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus
from webform.tried import reason_words, seen_words, tried_articles
from webform.web import tokens


@require(RoleName.LEAD)
def requests() -> ResponseReturnValue:
    """List requests, newest first."""
    with database().reading() as session:
        names = topics.names(session, choose_language())
        chosen = {"q": desk.asked("q"), "status": desk.asked("status", list(TicketStatus)), "topic": desk.asked("topic", names)}
        chosen["urgent"] = desk.asked("urgent", ("1",))
        asked = {"text": chosen["q"], "status": chosen["status"], "topic": chosen["topic"]}
        page = tickets.page(session, urgent=bool(chosen["urgent"]), number=desk.page_number(), per_page=desk.PAGE, **asked)
        urgent = tickets.urgent_count(session)
        return render_template("desk-requests.html", page=page, chosen=chosen, topics=names, tally=tickets.tally(session), urgent=urgent)


@require(RoleName.LEAD)
def request_page(reference: str) -> ResponseReturnValue:
    """Show one request: the customer's words, contact, files, what was tried, and its mails."""
    with database().reading() as session:
        ticket = _found(session, reference)
        language = choose_language()
        called = topics.names(session, language)
        return render_template(
            "desk-request.html",
            ticket=ticket,
            topic=called.get(ticket.topic, ticket.topic),
            answers=_answers(session, ticket, language),
            route=(route := routing_rules.of_ticket(session, ticket.id)),
            deeds=route_words.deeds(route, gettext, route_words.letter_names(called, letter_templates.names(session), gettext)),
            faults=route_words.faults(route, gettext),
            files=attachments.of_ticket(session, ticket.id),
            trail=tried_articles(session, ticket.visit_token, languages=[language, ticket.language], links=links.Links("")),
            answer=answer_views.answer_of(session, ticket),
            articles=casebook.articles(session, [language]),
            seen=lambda tried: seen_words(tried, gettext),
            said=lambda tried: reason_words(tried, gettext),
            messages=outbox.of_ticket(session, ticket.id),
            suspicion=robots_web.reasons(ticket.suspicion),
            added=additions.of_ticket(session, ticket.id),
            satisfied=satisfaction.of_ticket(session, ticket.id),
            scores=score_words(),
            reply=links.reply(ticket.email, f"[{ticket.reference}] {ticket.subject}"),
        )


@require(RoleName.LEAD)
def set_status(reference: str) -> ResponseReturnValue:
    """Note what became of a request."""
    status = request.form.get("status", "")
    if status not in MARKS:
        abort(400)
    with database().writing() as session:
        ticket = _found(session, reference)
        said_by = Marker(Party.TEAM, current_user.email)
        marking.mark(session, ticket, TicketStatus(status), said_by, terms=terms(current_app.config, tokens()), now=datetime.now(UTC))
        flash(gettext("%(reference)s is now marked: %(status)s.", reference=ticket.reference, status=desk.ticket_states()[status]))
        return redirect(url_for("staff.request", reference=ticket.reference), 303)


@require(RoleName.LEAD)
def file(reference: str, number: int) -> Response:
    """Give a file of a request, to be saved; a file of another request is not found here."""
    with database().reading() as session:
        ticket = _found(session, reference)
        found = attachments.content(session, number) if number < 2**31 else None
        if found is None or found.ticket_id != ticket.id:
            abort(404)
    return give(found, unscanned=request.args.get("unscanned") == "1")


def _found(session: Session, reference: str) -> Ticket:
    return tickets.find(session, reference) or abort(404)


def _answers(session: Session, ticket: Ticket, language: str) -> list[tuple[str, str]]:
    """Pair questions with answers in the words of the form that was sent."""
    shown = field_sets.find(session, ticket.field_set_id)
    return fields.told(shown.questions if shown else [], ticket.answers, language)
