"""Submissions: the one transaction that makes a ticket of what a customer sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from deflection import events, visits
from deflection.events import Kind
from deflection.surroundings import UNKNOWN, Surroundings
from deflection.visits import Visit
from kb.languages import language_of
from webform import (
    attachments,
    dispatch,
    forwarding,
    hearing,
    hook_facts,
    routing,
    routing_rules,
    topics,
)
from webform.attachments import Attachment
from webform.call_back import Call
from webform.fields import Answers
from webform.forwarding import Forwarded
from webform.lines import one_line, storable
from webform.routing import Facts, Route
from webform.skips import Skipping
from webform.terms import Terms, terms
from webform.tickets import Channel, Ticket, TicketStatus, find_said, find_submission, open_ticket
from webform.tokens import Tokens
from webform.topics import Topic
from webform.tried import Offer, unread

__all__ = ["Submission", "Terms", "accept", "terms"]

LONGEST_NAME, LONGEST_EMAIL, LONGEST_SUBJECT = 200, 320, 300
LONGEST_MESSAGE, LONGEST_SLUG = 2_000_000, 64


@dataclass(frozen=True, slots=True)
class Submission:
    """What a customer sent from one visit.

    ``visit`` is the random part of the visit's token, ``topic`` a slug, ``uploads`` are tokens of waiting attachments,
    ``urgent`` and ``urgent_slug`` are the names of the rule that sends the text straight to a person, if any;
    ``suggested`` the articles that pass the gate for the whole text, each by itself, best first: none for a visit of the holdout;
    ``around`` is what is known of its place. ``suspicion`` are the signs for which it is held, if it is.
    ``network`` is the one it came over, if what was put away is to be learned from. ``answers`` are those to the topic's fields, of
    the version ``field_set``; ``skipping`` is who may skip and sent it. ``call`` makes it a call-back.
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
    answers: Answers = field(default_factory=dict)
    field_set: int | None = None
    skipping: Skipping | None = None
    around: Surroundings = UNKNOWN
    channel: str = Channel.FORM
    call: Call | None = None
    suspicion: str = ""


def accept(session: Session, submission: Submission, *, terms: Terms, now: datetime) -> Ticket:
    """Store a request with its event and both mails: all of it is committed, or nothing.

    The same texts and files from the same visit give the ticket that exists already, and so do the same texts without the
    files, which a form loses when somebody goes back to it; other ones give another ticket, because a message must never be lost.

    :param submission: its address is one that the form has validated.
    """
    sent = _storable(submission)
    files = attachments.waiting(session, sent.visit, sent.uploads)
    key = _submission_key(sent, files, terms.tokens)
    if stored := find_submission(session, key) or (None if files or sent.call else find_said(session, _ticket(sent, key, "", None))):
        return stored
    visit = _see(session, sent, terms, now)
    language = language_of(f"{sent.subject}\n{sent.message}", sent.interface_language)
    topic = topics.find(session, sent.topic) if sent.topic else None
    predicted = topics.of_category(session, sent.predicted_topic)
    route = _route(session, sent, language, predicted, now)
    sent = _urgent(_named(sent, predicted, terms.language), topic, terms.language)
    straight = sent.urgent or sent.skipping or route.never_suggest
    offer = None if straight else unread(session, sent.visit, languages=(language, sent.interface_language), links=terms.links, suggested=sent.suggested)
    ticket, is_new = open_ticket(session, _ticket(sent, key, language, offer), mail_domain=terms.mail_domain, now=now)
    if not is_new:
        return ticket
    _tell(session, sent, ticket, visit, terms, now)
    going = dispatch.dispatch(route, topic, urgent=bool(sent.urgent), team=terms.team_address, ours=(terms.sender, terms.bounce))
    routing_rules.note(session, ticket.id, going.route)
    hook_facts.routed(session, ticket, going.route, now)
    attached = attachments.attach(session, ticket, files)
    if ticket.status != TicketStatus.HELD:
        forwarding.forward(session, ticket, Forwarded(topic, going, attached, offer), terms, now)
    return ticket


def _see(session: Session, sent: Submission, terms: Terms, now: datetime) -> Visit:
    return visits.see(
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


def _tell(session: Session, sent: Submission, ticket: Ticket, visit: Visit, terms: Terms, now: datetime) -> None:
    """Note what became of the visit, and tell whoever listens."""
    visits.identify(session, visit, terms.tokens.digest("person", sent.email.casefold()))
    hook_facts.visit_tells(session, visit, Kind.SUBMITTED, (), now)
    hook_facts.returns(session, visit, now)
    hook_facts.request_opened(session, ticket, now)
    events.record(session, visit, Kind.SUBMITTED, now=now)
    if sent.network:
        said = hearing.Description(sent.subject, sent.message, sent.interface_language, (sent.name, sent.email))
        hearing.hear_declined(session, sent.visit, said, hearing.speaker(terms.tokens, sent.visit, sent.network), now)


def _route(session: Session, sent: Submission, language: str, predicted: Topic | None, now: datetime) -> Route:
    """Let the rules act on what was sent."""
    guess = predicted.slug if predicted else ""
    facts = Facts(sent.topic, language, now, routing.domain_of(sent.email), sent.answers, guess, sent.predicted_share or 0.0)
    route = dispatch.route(session, facts, f"{sent.subject}\n\n{sent.message}")
    return replace(route, skip=sent.skipping.name) if sent.skipping else route


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


def _named(sent: Submission, predicted: Topic | None, language: str) -> Submission:
    """Call the predicted topic as the team does, where a category of articles stands for one."""
    return replace(sent, predicted_topic=predicted.name(language)[:100]) if predicted is not None else sent


def _urgent(sent: Submission, topic: Topic | None, language: str) -> Submission:
    """Make a request urgent of somebody whose requests are, or whose topic is answered by people only, unless a rule did so before."""
    if sent.skipping and sent.skipping.urgent and not sent.urgent:
        return replace(sent, urgent=sent.skipping.name[:100], urgent_slug=f"skip-{sent.skipping.number}")
    if sent.urgent or topic is None or topic.suggests:
        return sent
    return replace(sent, urgent=topic.name(language)[:100], urgent_slug=f"topic-{topic.slug}")


def _submission_key(sent: Submission, files: Sequence[Attachment], tokens: Tokens) -> str:
    called = (sent.call.number, sent.call.slot.name if sent.call.slot else "") if sent.call else ()
    parts = (sent.visit, sent.name, sent.email, sent.subject, sent.message, sent.topic, attachments.fingerprint(files), *called, *_answered(sent))
    return tokens.digest("submission", "\0".join(parts))


def _answered(sent: Submission) -> list[str]:
    """Write the answers down for the key, nothing where there are none, so that keys stay what they were."""
    return [json.dumps(sent.answers, sort_keys=True)] if sent.answers else []


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
        suspicion=sent.suspicion,
        field_set_id=sent.field_set if sent.answers else None,
        answers=dict(sent.answers),
        channel=sent.channel,
        **_called(sent.call),
    )


def _called(call: Call | None) -> dict[str, Any]:
    if call is None:
        return {}
    since, until = (call.slot.since.astimezone(UTC), call.slot.until.astimezone(UTC)) if call.slot else (None, None)
    return {"phone": call.number, "call_from": since, "call_until": until, "call_zone": call.zone}
