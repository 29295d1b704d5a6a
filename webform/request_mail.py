"""The request as the team gets it: one mail with the customer's words, the facts, and what was already tried."""

import json
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from webform import call_words, letters, links
from webform.dispatch import Dispatch
from webform.fields import FormField, told
from webform.lines import header_text, one_line
from webform.mailed_files import MailedFile, put_inside
from webform.request_record import record
from webform.route_words import deeds, faults
from webform.terms import Terms
from webform.tickets import Ticket
from webform.topics import Topic
from webform.tried import TriedArticle, reason_words, seen_words, verdict

NAME_LETTERS = 60
SUBJECT_LETTERS = 300
SUBJECT_FROM_MESSAGE = 80


def compose(
    ticket: Ticket,
    *,
    going: Dispatch,
    topic: Topic | None,
    fields: Sequence[FormField],
    tried: Sequence[TriedArticle],
    files: Sequence[MailedFile],
    terms: Terms,
) -> EmailMessage:
    """Make the mail that carries a request to the team.

    It is a person's message: nothing in it says automatic, because help desks skip or mute such mail. The customer is
    in Reply-To and never in From, which would fail their domain's DMARC policy.

    :param going: where it goes, and what the routing rules said.
    :param fields: the topic's questions in the version that was shown.
    :param tried: in rank order.
    """
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    subject = subject_line(ticket, terms.language)
    _address(message, ticket, going, subject, terms)
    label(message, ticket, topic, going, ticket.kind)
    message["X-Webform-Deflection"] = verdict([article.tried for article in tried])
    values = _values(ticket, topic, tried, files, subject, terms) | _more(ticket, fields, going, terms)
    message.set_content(letters.render("request.txt", terms.language, **values), cte="quoted-printable")
    message.add_alternative(letters.render("request.html", terms.language, **values), subtype="html", cte="quoted-printable")
    document = json.dumps(record(ticket, topic, tried, files, terms.links, fields=fields, going=going), ensure_ascii=True, indent=2).encode()
    message.add_attachment(document, maintype="application", subtype="json", filename="request.json")
    put_inside(message, files)
    return message


def subject_line(ticket: Ticket, language: str) -> str:
    """Give the subject of every mail about a ticket to the team; a call-back says when, and without a subject the message begins it."""
    if call := call_words.call_of(ticket):
        return f"[{ticket.reference}] {call_words.subject(call.slot, language)}"
    words = header_text(ticket.subject, SUBJECT_LETTERS) or header_text(ticket.message[:1000], SUBJECT_FROM_MESSAGE)
    return f"[{ticket.reference}] {words}".rstrip()


def _address(message: EmailMessage, ticket: Ticket, going: Dispatch, subject: str, terms: Terms) -> None:
    _ = letters.translator(terms.language)
    name = header_text(ticket.name, NAME_LETTERS) or _("A customer")
    shown = _("%(name)s via %(company)s", name=name, company=header_text(terms.company, NAME_LETTERS))
    message["From"] = Address(shown, addr_spec=terms.sender)
    message["To"] = [Address(addr_spec=address) for address in going.to]
    if going.copies:
        message["Cc"] = [Address(addr_spec=address) for address in going.copies]
    message["Reply-To"] = Address(addr_spec=ticket.email)
    message["Subject"] = subject
    message["Date"] = format_datetime(ticket.created_at)
    message["Message-ID"] = ticket.message_id


def label(message: EmailMessage, ticket: Ticket, topic: Topic | None, going: Dispatch, kind: str) -> None:
    """Set the headers made for mail rules on any mail of a request to the team: ASCII, short, nothing about the person."""
    message["X-Webform-Reference"] = ticket.reference
    message["X-Webform-Topic"] = topic.slug if topic else "none"
    message["X-Webform-Priority"] = going.priority
    if ticket.urgent:
        message["X-Webform-Rule"] = ticket.urgent_slug
        message["X-Priority"] = "1"
        message["Importance"] = "high"
    if going.route.rules:
        message["X-Webform-Routing"] = ",".join(str(number) for number, _ in going.route.rules)
    if going.route.tags:
        message["X-Webform-Tags"] = ",".join(going.route.tags)
    message["X-Webform-Kind"] = kind
    if ticket.suspicion:
        message["X-Webform-Suspicion"] = ticket.suspicion
    message["X-Webform-Language"] = ticket.language


def _values(ticket: Ticket, topic: Topic | None, tried: Sequence[TriedArticle], files: Sequence[MailedFile], subject: str, terms: Terms) -> dict[str, object]:
    translate = letters.translator(terms.language)
    return {
        "ticket": ticket,
        "call_when": call_words.when(call.slot, terms.language) if (call := call_words.call_of(ticket)) else "",
        "name": one_line(ticket.name, NAME_LETTERS),
        "company": terms.company,
        "lang": terms.language,
        "topic": topic.name(terms.language) if topic else "",
        "tried": [(article, seen_words(article.tried, translate), reason_words(article.tried, translate)) for article in tried],
        "files": files,
        "subject": subject,
        "reply_url": links.reply(ticket.email, subject),
        "ticket_url": terms.links.ticket(ticket.reference),
    }


def _more(ticket: Ticket, fields: Sequence[FormField], going: Dispatch, terms: Terms) -> dict[str, object]:
    """What topics and rules add: answers, and what the rules did."""
    translate = letters.translator(terms.language)
    return {
        "answers": told(fields, ticket.answers, terms.language),
        "route": going.route,
        "deeds": deeds(going.route, translate),
        "faults": faults(going.route, translate),
    }
