"""The request as the team gets it: one mail with the customer's words, the facts, and what was already tried."""

import json
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from webform import call_words, letters, links
from webform.attachments import Attachment
from webform.lines import header_text, one_line
from webform.request_record import record
from webform.terms import Terms
from webform.tickets import Ticket
from webform.topics import Topic
from webform.tried import TriedArticle, reason_words, seen_words, verdict

NAME_LETTERS = 60
SUBJECT_LETTERS = 300
SUBJECT_FROM_MESSAGE = 80


def compose(ticket: Ticket, *, to: str, topic: Topic | None, tried: Sequence[TriedArticle], files: Sequence[Attachment], terms: Terms) -> EmailMessage:
    """Make the mail that carries a request to the team.

    It is a person's message: nothing in it says automatic, because help desks skip or mute such mail. The customer is
    in Reply-To and never in From, which would fail their domain's DMARC policy.

    :param to: the topic's address, or the team's.
    :param tried: in rank order.
    """
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    subject = subject_line(ticket, terms.language)
    _address(message, ticket, to, subject, terms)
    _label(message, ticket, topic, tried)
    values = _values(ticket, topic, tried, files, subject, terms)
    message.set_content(letters.render("request.txt", terms.language, **values), cte="quoted-printable")
    message.add_alternative(letters.render("request.html", terms.language, **values), subtype="html", cte="quoted-printable")
    document = json.dumps(record(ticket, topic, tried, files, terms.links), ensure_ascii=True, indent=2).encode()
    message.add_attachment(document, maintype="application", subtype="json", filename="request.json")
    for file in files:
        maintype, _, subtype = file.content_type.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.filename)
    return message


def subject_line(ticket: Ticket, language: str) -> str:
    """Give the subject of every mail about a ticket to the team; a call-back says when, and without a subject the message begins it."""
    if call := call_words.call_of(ticket):
        return f"[{ticket.reference}] {call_words.subject(call.slot, language)}"
    words = header_text(ticket.subject, SUBJECT_LETTERS) or header_text(ticket.message[:1000], SUBJECT_FROM_MESSAGE)
    return f"[{ticket.reference}] {words}".rstrip()


def _address(message: EmailMessage, ticket: Ticket, to: str, subject: str, terms: Terms) -> None:
    _ = letters.translator(terms.language)
    name = header_text(ticket.name, NAME_LETTERS) or _("A customer")
    shown = _("%(name)s via %(company)s", name=name, company=header_text(terms.company, NAME_LETTERS))
    message["From"] = Address(shown, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=to)
    message["Reply-To"] = Address(addr_spec=ticket.email)
    message["Subject"] = subject
    message["Date"] = format_datetime(ticket.created_at)
    message["Message-ID"] = ticket.message_id


def _label(message: EmailMessage, ticket: Ticket, topic: Topic | None, tried: Sequence[TriedArticle]) -> None:
    """Set the headers made for mail rules: ASCII, short, nothing about the person."""
    message["X-Webform-Reference"] = ticket.reference
    message["X-Webform-Topic"] = topic.slug if topic else "none"
    message["X-Webform-Priority"] = "urgent" if ticket.urgent else topic.priority if topic else "normal"
    if ticket.urgent:
        message["X-Webform-Rule"] = ticket.urgent_slug
        message["X-Priority"] = "1"
        message["Importance"] = "high"
    message["X-Webform-Kind"] = ticket.kind
    message["X-Webform-Language"] = ticket.language
    message["X-Webform-Deflection"] = verdict([article.tried for article in tried])


def _values(ticket: Ticket, topic: Topic | None, tried: Sequence[TriedArticle], files: Sequence[Attachment], subject: str, terms: Terms) -> dict[str, object]:
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
