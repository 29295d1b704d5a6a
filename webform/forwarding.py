"""Forwarding: the two mails that come of a request, one to the team and one to the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webform import acknowledgement, answer_time, field_sets, letter_book, mailed_files, outbox, request_mail
from webform.attachments import Attachment
from webform.dispatch import Dispatch
from webform.outbox import MessageKind
from webform.terms import Terms
from webform.tickets import Ticket
from webform.topics import Topic
from webform.tried import Offer, tried_articles


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What goes with a request: its topic, where it goes, its files, and the article that the customer is offered meanwhile."""

    topic: Topic | None
    going: Dispatch
    files: Sequence[Attachment]
    offer: Offer | None = None


def forward(session: Session, ticket: Ticket, what: Forwarded, terms: Terms, now: datetime, *, acknowledge: bool = True) -> None:
    """Put the mails of a request in line: to the team, and unless told otherwise the confirmation to the customer."""
    topic, going, offer = what.topic, what.going, what.offer
    tried = tried_articles(session, ticket.visit_token, languages=(ticket.language, ticket.interface_language), links=terms.links)
    shown = field_sets.find(session, ticket.field_set_id)
    fields = shown.questions if shown else []
    request = request_mail.compose(ticket, going=going, topic=topic, fields=fields, tried=tried, files=mailed_files.divide(what.files, terms, now), terms=terms)
    everybody = [*going.to, *going.copies]
    outbox.enqueue(session, ticket=ticket, kind=MessageKind.REQUEST, sender=terms.bounce, recipients=everybody, message=request, now=now)
    ours = (*everybody, terms.team_address, terms.sender, terms.bounce)
    if acknowledge and acknowledgement.is_due(session, ticket, ours=ours, most=terms.acknowledgements_per_hour, now=now):
        promise, language = answer_time.promise(session, topic, terms, now), ticket.interface_language
        about = acknowledgement.occasion(ticket, topic=topic.name(language) if topic else "", offer=offer, promise=promise, terms=terms, now=now)
        letter = letter_book.in_force(session, language, topic.slug if topic else "", template=going.route.template)
        answer = acknowledgement.compose(ticket, reply_to=going.to[0], letter=letter, about=about, terms=terms)
        outbox.enqueue(session, ticket=ticket, kind=MessageKind.ACKNOWLEDGEMENT, sender="", recipients=[ticket.email], message=answer, now=now)
