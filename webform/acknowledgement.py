"""The acknowledgement: the one mail by which a customer knows that the request arrived.

It goes to an address that anybody could have typed. So it never carries what was typed but a name that is plainly a
name, it goes to nobody's role or robot, and only so often to one address.
"""

import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webform import call_words, letter_texts, letters
from webform.answer_time import Promise
from webform.letter_texts import Letter
from webform.letter_values import Occasion, values
from webform.lines import greeting_name, header_text
from webform.outbox import MessageKind, OutboxMessage
from webform.terms import Terms
from webform.tickets import Ticket
from webform.tried import Offer

NAME_LETTERS, SUBJECT_LETTERS = 60, 200
WINDOW = timedelta(hours=1)

# Robots, and the mailboxes that RFC 2142 keeps for the running of a network: nobody there asked us anything.
_NOBODY = re.compile(
    r"(mailer-?daemon|postmaster|hostmaster|abuse|noc|usenet|news|uucp|root|daemon|nobody|null|devnull|listserv|majordomo|mailman|bounces?"
    r"|(do-?)?(no|not)-?reply|auto-?(reply|responder|mailer)|notifications?)([-+=.].*)?|owner-.*|bounces?[-+=.].*|.*-(request|owner|bounces?|noreply|no-reply)"
)


def is_due(session: Session, ticket: Ticket, *, ours: Collection[str], most: int, now: datetime) -> bool:
    """Tell whether this customer gets an acknowledgement.

    :param ours: addresses of our own, which would answer themselves for ever.
    :param most: acknowledgements to one address an hour; 0 sends none.
    """
    address = ticket.email.lower()
    if is_nobody(address) or address in {own.lower() for own in ours}:
        return False
    recent = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == MessageKind.ACKNOWLEDGEMENT, OutboxMessage.created_at > now - WINDOW)
    return (session.scalar(recent.join(Ticket, Ticket.id == OutboxMessage.ticket_id).where(func.lower(Ticket.email) == address)) or 0) < most


def is_nobody(address: str) -> bool:
    """Tell the address of a role or a robot by its local part."""
    return _NOBODY.fullmatch(address.rpartition("@")[0].lower().replace("_", "-")) is not None


def was_sent(session: Session, ticket: Ticket) -> bool:
    """Tell whether an acknowledgement of this ticket was put in line."""
    wanted = select(OutboxMessage.id).where(OutboxMessage.ticket_id == ticket.id, OutboxMessage.kind == MessageKind.ACKNOWLEDGEMENT)
    return session.scalar(wanted.limit(1)) is not None


def compose(ticket: Ticket, *, reply_to: str, letter: Letter, about: Occasion, terms: Terms) -> EmailMessage:
    """Make the acknowledgement, in the language of the visit.

    :param reply_to: where an answer to it is read: beside the request, because it refers to the request's Message-ID.
    :param letter: the words of it that leads may choose; its headers and its last line are not theirs.
    """
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    language = ticket.interface_language
    filled = values(about, language)
    company = header_text(terms.company, NAME_LETTERS)
    message["From"] = Address(company, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=ticket.email)
    message["Reply-To"] = Address(company, addr_spec=reply_to)
    message["Subject"] = header_text(letter_texts.as_line(letter.subject, filled), SUBJECT_LETTERS)
    message["Date"] = format_datetime(about.now)
    message["Message-ID"] = f"<{ticket.reference}.{secrets.token_hex(8)}.ack@{terms.mail_domain}>"
    message["In-Reply-To"] = ticket.message_id
    message["References"] = ticket.message_id
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    frame = {"lang": language, "reference": ticket.reference, "company": terms.company}
    text, html = letter_texts.as_text(letter.body, filled), letter_texts.as_html(letter.body, filled, style="margin:0 0 16px")
    message.set_content(letters.render("acknowledgement.txt", language, words=text, **frame), cte="quoted-printable")
    message.add_alternative(letters.render("acknowledgement.html", language, words=html, **frame), subtype="html", cte="quoted-printable")
    return message


def occasion(ticket: Ticket, *, topic: str, offer: Offer | None, promise: Promise, terms: Terms, now: datetime) -> Occasion:
    """Tell what the acknowledgement of a ticket is about."""
    return Occasion(
        name=greeting_name(ticket.name),
        reference=ticket.reference,
        company=terms.company,
        signature=terms.signature,
        topic=topic,
        promise=promise,
        sent_url=terms.links.sent(ticket.reference, terms.tokens.request_key(ticket.reference)),
        link_days=terms.request_days,
        offer=offer,
        now=now,
        call=call_words.sentence(call.slot, ticket.interface_language) if (call := call_words.call_of(ticket)) else "",
    )
