"""The customer's page of a request that was sent, opened by a signed link."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from deflection import events, visits
from deflection.events import Kind
from kb.visibility import public_among
from kb.voices import take_back
from kb.web import database
from webform import acknowledgement, answer_time, attachments, hearing, hook_facts, letters, tickets, topics
from webform.answer_time import Promise
from webform.attachments import Attachment
from webform.i18n import choose_language, spoken
from webform.links import Links
from webform.submissions import terms
from webform.ticket_changes import Party
from webform.tickets import Ticket, TicketStatus
from webform.tokens import TokenError, TokenExpired
from webform.tried import Offer, TriedArticle, translations, tried_articles
from webform.web import learned_network, tokens

blueprint = Blueprint("requests", __name__, url_prefix="/requests")


@dataclass(frozen=True, slots=True)
class SentPage:
    """What a customer sees of a request: ``solved`` if the offered article was said to be the answer."""

    ticket: Ticket
    topic: str
    files: list[Attachment]
    looked_at: list[TriedArticle]
    offer: Offer | None
    solved: bool
    acknowledged: bool
    promise: Promise


class NotOpened(Exception):
    """A link opens no request; the page says so in words."""

    def __init__(self, status: int, heading: str, words: str) -> None:
        """Say why, and what to do."""
        super().__init__(heading)
        self.status, self.heading, self.words = status, heading, words


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
    """Show what was sent, and what happens next."""
    key = request.args.get("key", "")
    with database().reading() as session:
        page = _page(session, _find(session, reference, key))
    config = current_app.config
    return make_response(render_template("sent.html", page=page, ticket=page.ticket, key=key, terms=terms(config, tokens()), letters=letters))


@blueprint.post("/<reference>/solved")
def solved(reference: str) -> AnyResponse:
    """Note that the offered article was the answer, or take that back; the request is closed or opened again with it."""
    key, now = request.form.get("key", ""), datetime.now(UTC)
    with database().writing() as session:
        ticket = _find(session, reference, key)
        visit = visits.find_visit(session, ticket.visit_token)
        if visit is not None and ticket.offered_article_id is not None:
            taken_back = request.form.get("solved") == "no"
            kind = Kind.DECLINED if taken_back else Kind.SOLVED
            hook_facts.visit_tells(session, visit, kind, (ticket.offered_article_id,), now)
            events.record(session, visit, kind, articles=(ticket.offered_article_id,), now=now)
            _hear(session, ticket, ticket.offered_article_id, now, solved=not taken_back)
            before, after = (TicketStatus.CLOSED, TicketStatus.NEW) if taken_back else (TicketStatus.NEW, TicketStatus.CLOSED)
            if ticket.status == before:
                tickets.set_status(session, ticket, after, now, by=Party.CUSTOMER)
                hook_facts.status_changed(session, ticket, before, now)
    return redirect(url_for("requests.sent", reference=ticket.reference, key=key, lang=choose_language()), 303)


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


def _find(session: Session, reference: str, key: str) -> Ticket:
    try:
        opened = tokens().read_request_key(key, days=current_app.config["REQUEST_DAYS"])
    except TokenExpired as error:
        words = gettext("Your message is still with us. Reply to one of our e-mails about it if you want to add something.")
        raise NotOpened(410, gettext("This link is too old to open your request"), words) from error
    except TokenError as error:
        raise _unknown() from error
    ticket = tickets.find(session, opened) if opened == reference.upper() else None
    if ticket is None:
        raise _unknown()
    if not spoken(request.values.get("lang", "")):
        g.language = ticket.interface_language
    return ticket


def _unknown() -> NotOpened:
    words = gettext("Open it with the whole link in our e-mail: it must be complete, to its last character.")
    return NotOpened(404, gettext("This link opens no request"), words)


def _page(session: Session, ticket: Ticket) -> SentPage:
    links = Links(request.script_root)
    languages = (ticket.language, ticket.interface_language)
    tried = tried_articles(session, ticket.visit_token, languages=languages, links=links)
    topic = topics.find(session, ticket.topic) if ticket.topic else None
    return SentPage(
        ticket=ticket,
        topic=topic.name(choose_language()) if topic else "",
        files=attachments.of_ticket(session, ticket.id),
        looked_at=[article for article in tried if article.tried.opened and article.tried.article_id != ticket.offered_article_id],
        offer=_offer(session, ticket, languages, links),
        solved=any(article.tried.solved for article in tried if article.tried.article_id == ticket.offered_article_id),
        acknowledged=acknowledgement.was_sent(session, ticket),
        promise=answer_time.promise(session, topic, terms(current_app.config, tokens()), ticket.created_at),
    )


def _offer(session: Session, ticket: Ticket, languages: tuple[str, ...], links: Links) -> Offer | None:
    if ticket.offered_article_id is None:
        return None
    translation = translations(session, [ticket.offered_article_id], languages).get(ticket.offered_article_id)
    if translation is None or not public_among(session, [translation.id]):
        return None
    return Offer(translation.article_id, translation.title, links.article(translation.language, translation.slug))
