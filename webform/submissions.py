"""Submissions: the one transaction that makes a ticket of what a customer sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from deflection import events, visits
from deflection.events import Kind
from deflection.surroundings import UNKNOWN, Surroundings
from kb.languages import language_of
from webform import acknowledgement, answer_time, attachments, hearing, hook_facts, letter_book, outbox, request_mail, topics
from webform.attachments import Attachment
from webform.lines import one_line, storable
from webform.outbox import MessageKind
from webform.terms import Terms, terms
from webform.tickets import Channel, Ticket, find_submission, open_ticket
from webform.tokens import Tokens
from webform.topics import Topic
from webform.tried import Offer, tried_articles, unread

__all__ = ["Submission", "Terms", "accept", "terms"]

LONGEST_NAME, LONGEST_EMAIL, LONGEST_SUBJECT = 200, 320, 300
LONGEST_MESSAGE, LONGEST_SLUG = 2_000_000, 64


@dataclass(frozen=True, slots=True)
class Submission:
    """What a customer sent from one visit.

    ``visit`` is the random part of the visit's token, ``topic`` a slug, ``uploads`` are tokens of waiting attachments,
    ``urgent`` and ``urgent_slug`` are the names of the rule that sends the text straight to a person, if any;
    ``suggested`` the articles that pass the gate for the whole text, each by itself, best first: none for a visit of the holdout;
    ``around`` is what is known of its place.
    ``network`` is the one it came over, if what was put away is to be learned from.
    """

    visit: str
    name: str
    email: str
    subject: str
    message: str
    topic: str
    interface_language: str
    scripted: bool
    uploads: tuple[str, ...] = ()
    predicted_topic: str = ""
    predicted_share: float | None = None
    network: str = ""
    suggested: tuple[int, ...] = ()
    urgent: str = ""
    urgent_slug: str = ""
    around: Surroundings = UNKNOWN
    channel: str = Channel.FORM


def accept(session: Session, submission: Submission, *, terms: Terms, now: datetime) -> Ticket:
    """Store a request with its event and both mails: all of it is committed, or nothing.

    The same texts and files from the same visit give the ticket that exists already; other ones give another ticket,
    because a message must never be lost.

    :param submission: its address is one that the form has validated.
    """
    sent = _storable(submission)
    files = attachments.waiting(session, sent.visit, sent.uploads)
    key = _submission_key(sent, files, terms.tokens)
    if stored := find_submission(session, key):
        return stored
    visit = visits.see(
        session,
        token=sent.visit,
        language=sent.interface_language,
        topic=sent.topic,
        scripted=sent.scripted,
        surroundings=sent.around,
        holdout_share=terms.holdout_share,
        secret=terms.secret,
        now=now,
    )
    language = language_of(f"{sent.subject}\n{sent.message}", sent.interface_language)
    topic = topics.find(session, sent.topic) if sent.topic else None
    sent = _urgent(sent, topic, terms.language)
    offer = None if sent.urgent else unread(session, sent.visit, languages=(language, sent.interface_language), links=terms.links, suggested=sent.suggested)
    ticket, is_new = open_ticket(session, _ticket(sent, key, language, offer), mail_domain=terms.mail_domain, now=now)
    if not is_new:
        return ticket
    visits.identify(session, visit, terms.tokens.digest("person", sent.email.casefold()))
    hook_facts.visit_tells(session, visit, Kind.SUBMITTED, (), now)
    hook_facts.returns(session, visit, now)
    hook_facts.request_opened(session, ticket, now)
    events.record(session, visit, Kind.SUBMITTED, now=now)
    if sent.network:
        said = hearing.Description(sent.subject, sent.message, sent.interface_language, (sent.name, sent.email))
        hearing.hear_declined(session, sent.visit, said, hearing.speaker(terms.tokens, sent.visit, sent.network), now)
    _enqueue(session, ticket, topic, attachments.attach(session, ticket, files), offer, terms, now)
    return ticket


def _enqueue(session: Session, ticket: Ticket, topic: Topic | None, files: Sequence[Attachment], offer: Offer | None, terms: Terms, now: datetime) -> None:
    team = (topic.address if topic else "") or terms.team_address
    tried = tried_articles(session, ticket.visit_token, languages=(ticket.language, ticket.interface_language), links=terms.links)
    request = request_mail.compose(ticket, to=team, topic=topic, tried=tried, files=files, terms=terms)
    outbox.enqueue(session, ticket=ticket, kind=MessageKind.REQUEST, sender=terms.bounce, recipients=[team], message=request, now=now)
    if acknowledgement.is_due(session, ticket, ours=(team, terms.team_address, terms.sender, terms.bounce), most=terms.acknowledgements_per_hour, now=now):
        promise, language = answer_time.promise(session, topic, terms, now), ticket.interface_language
        about = acknowledgement.occasion(ticket, topic=topic.name(language) if topic else "", offer=offer, promise=promise, terms=terms, now=now)
        letter = letter_book.in_force(session, language, topic.slug if topic else "")
        answer = acknowledgement.compose(ticket, reply_to=team, letter=letter, about=about, terms=terms)
        outbox.enqueue(session, ticket=ticket, kind=MessageKind.ACKNOWLEDGEMENT, sender="", recipients=[ticket.email], message=answer, now=now)


def _storable(submission: Submission) -> Submission:
    """Take out what neither a database nor a mail can hold; the form has set the limits before, these are the last ones."""
    return replace(
        submission,
        name=one_line(submission.name, LONGEST_NAME),
        email=one_line(submission.email, LONGEST_EMAIL),
        subject=one_line(submission.subject, LONGEST_SUBJECT),
        message=storable(submission.message)[:LONGEST_MESSAGE].strip("\n"),
        topic=one_line(submission.topic, LONGEST_SLUG),
        predicted_topic=one_line(submission.predicted_topic, 100),
        urgent=one_line(submission.urgent, 100),
    )


def _urgent(sent: Submission, topic: Topic | None, language: str) -> Submission:
    """Make a request urgent whose topic is answered by people only, unless a rule did so before."""
    if sent.urgent or topic is None or topic.suggests:
        return sent
    return replace(sent, urgent=topic.name(language)[:100], urgent_slug=f"topic-{topic.slug}")


def _submission_key(sent: Submission, files: Sequence[Attachment], tokens: Tokens) -> str:
    parts = (sent.visit, sent.name, sent.email, sent.subject, sent.message, sent.topic, attachments.fingerprint(files))
    return tokens.digest("submission", "\0".join(parts))


def _ticket(sent: Submission, key: str, language: str, offer: Offer | None) -> Ticket:
    return Ticket(
        submission_key=key,
        visit_token=sent.visit,
        name=sent.name,
        email=sent.email,
        subject=sent.subject,
        message=sent.message,
        topic=sent.topic,
        language=language,
        interface_language=sent.interface_language,
        predicted_topic=sent.predicted_topic,
        predicted_share=sent.predicted_share,
        offered_article_id=offer.article_id if offer else None,
        urgent=sent.urgent,
        urgent_slug=sent.urgent_slug,
        channel=sent.channel,
    )
