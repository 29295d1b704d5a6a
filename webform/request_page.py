"""What a customer sees of a request that was sent, and how it is found by a signed link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app, g, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from kb.visibility import public_among
from webform import acknowledgement, additions, answer_time, attachments, field_sets, fields, ticket_changes, tickets, topics
from webform.additions import Addition
from webform.answer_time import Promise
from webform.attachments import Attachment
from webform.i18n import choose_language, spoken
from webform.links import Links
from webform.submissions import terms
from webform.ticket_changes import Party, TicketChange
from webform.tickets import Ticket, TicketStatus
from webform.tokens import TokenError, TokenExpired
from webform.tried import Offer, TriedArticle, translations, tried_articles
from webform.web import tokens


class Standing(StrEnum):
    """How far a request is, as its sender may know it."""

    WAITING = "waiting"
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class SentPage:
    """What a customer sees of a request: ``solved`` if the offered article was said to be the answer; ``since`` is when it came to its standing.

    ``answers`` are those to the topic's questions, in the words of the form that was sent.
    """

    ticket: Ticket
    topic: str
    answers: list[tuple[str, str]]
    files: list[Attachment]
    looked_at: list[TriedArticle]
    offer: Offer | None
    solved: bool
    acknowledged: bool
    promise: Promise
    standing: Standing
    since: datetime
    added: list[Addition]

    @property
    def own_files(self) -> list[Attachment]:
        """The files that came with the request itself."""
        return [file for file in self.files if file.addition_id is None]

    def files_of(self, addition: Addition) -> list[Attachment]:
        """Give the files that came with an addition."""
        return [file for file in self.files if file.addition_id == addition.id]


class NotOpened(Exception):
    """A link opens no request; the page says so in words."""

    def __init__(self, status: int, heading: str, words: str) -> None:
        """Say why, and what to do."""
        super().__init__(heading)
        self.status, self.heading, self.words = status, heading, words


def find(session: Session, reference: str, key: str) -> Ticket:
    """Find the request that a key opens, and speak its language unless another is asked for.

    :raises NotOpened: if the key opens none, or not this one, or not any more.
    """
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


def page_of(session: Session, ticket: Ticket, now: datetime) -> SentPage:
    """Gather what the page of a request shows."""
    links, languages = Links(request.script_root), (ticket.language, ticket.interface_language)
    tried = tried_articles(session, ticket.visit_token, languages=languages, links=links)
    topic = topics.any_of(session, ticket.topic) if ticket.topic else None
    shown = field_sets.find(session, ticket.field_set_id)
    solved = any(article.tried.solved for article in tried if article.tried.article_id == ticket.offered_article_id)
    promise = answer_time.promise(session, topic, terms(current_app.config, tokens()), ticket.created_at)
    changes = ticket_changes.of_ticket(session, ticket.id)
    return SentPage(
        ticket=ticket,
        topic=topic.name(choose_language()) if topic else "",
        answers=fields.told(shown.questions if shown else [], ticket.answers, choose_language()),
        files=attachments.of_ticket(session, ticket.id),
        looked_at=[article for article in tried if article.tried.opened and article.tried.article_id != ticket.offered_article_id],
        offer=_offer(session, ticket, languages, links),
        solved=solved,
        acknowledged=acknowledgement.was_sent(session, ticket),
        promise=promise,
        standing=standing(ticket, changes, promise, now, solved=solved),
        since=changes[-1].changed_at if changes else ticket.created_at,
        added=additions.of_ticket(session, ticket.id),
    )


def standing(ticket: Ticket, changes: list[TicketChange], promise: Promise, now: datetime, *, solved: bool) -> Standing:
    """Tell how far a request is. That it was taken for spam is nobody's business but the team's."""
    if ticket.status == TicketStatus.ANSWERED:
        return Standing.ANSWERED
    if ticket.status == TicketStatus.CLOSED:
        if not (changes and changes[-1].party == Party.CUSTOMER):
            return Standing.CLOSED
        return Standing.SOLVED if solved else Standing.WITHDRAWN
    return Standing.LATE if promise.is_late(now) and not changes else Standing.WAITING


def standing_of(session: Session, ticket: Ticket) -> Standing:
    """Tell how far a request is that is closed; of others only whether it was answered."""
    changes = ticket_changes.of_ticket(session, ticket.id)
    return standing(ticket, changes, Promise(0), ticket.updated_at, solved=False)


def _unknown() -> NotOpened:
    words = gettext("Open it with the whole link in our e-mail: it must be complete, to its last character.")
    return NotOpened(404, gettext("This link opens no request"), words)


def _offer(session: Session, ticket: Ticket, languages: tuple[str, ...], links: Links) -> Offer | None:
    if ticket.offered_article_id is None:
        return None
    translation = translations(session, [ticket.offered_article_id], languages).get(ticket.offered_article_id)
    if translation is None or not public_among(session, [translation.id]):
        return None
    return Offer(translation.article_id, translation.title, links.article(translation.language, translation.slug))
