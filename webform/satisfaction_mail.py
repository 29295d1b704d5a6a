"""The mail that asks how it was: one for each request at most, with a link for each answer."""

import secrets
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy.orm import Session

from webform import letters, outbox, satisfaction, topics
from webform.lines import greeting_name, header_text
from webform.outbox import MessageKind
from webform.satisfaction import Score
from webform.terms import Terms
from webform.tickets import Ticket

NAME_LETTERS = 60
ADDRESS = "satisfaction"
"""What addresses are hashed for that do not want to be asked."""


def any_due(session: Session, terms: Terms, now: datetime) -> bool:
    """Tell whether somebody is to be asked."""
    return terms.satisfaction_hours > 0 and satisfaction.any_due(session, timedelta(hours=terms.satisfaction_hours), now)


def ask(session: Session, terms: Terms, now: datetime) -> int:
    """Put the question in the outbox for whoever is to be asked; that it is there and that it was asked is one transaction.

    :return: how many mails.
    """
    count = 0
    for ticket in satisfaction.due(session, timedelta(hours=terms.satisfaction_hours), now):
        topic = topics.find(session, ticket.topic) if ticket.topic else None
        team = (topic.address if topic else "") or terms.team_address
        ours = (team, terms.team_address, terms.sender, terms.bounce)
        if satisfaction.begin(session, ticket, address_key=address_key(ticket, terms), ours=ours, now=now) is None:
            continue
        mail = compose(ticket, reply_to=team, terms=terms, now=now)
        outbox.enqueue(session, ticket=ticket, kind=MessageKind.SATISFACTION, sender="", recipients=[ticket.email], message=mail, now=now)
        count += 1
    return count


def address_key(ticket: Ticket, terms: Terms) -> str:
    """Hash the address of whoever sent a request."""
    return terms.tokens.digest(ADDRESS, ticket.email.casefold())


def compose(ticket: Ticket, *, reply_to: str, terms: Terms, now: datetime) -> EmailMessage:
    """Make the mail, in the language of the visit. It never quotes what was typed."""
    language = ticket.interface_language
    _ = letters.translator(language)
    company = header_text(terms.company, NAME_LETTERS)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(company, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=ticket.email)
    message["Reply-To"] = Address(company, addr_spec=reply_to)
    message["Subject"] = _("[%(reference)s] How was it?", reference=ticket.reference)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{ticket.reference}.{secrets.token_hex(8)}.ask@{terms.mail_domain}>"
    message["In-Reply-To"] = ticket.message_id
    message["References"] = ticket.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    key = terms.tokens.request_key(ticket.reference)
    words = {Score.GOOD: _("Good"), Score.MIDDLING: _("So-so"), Score.BAD: _("Bad")}
    values = {
        "lang": language,
        "name": greeting_name(ticket.name),
        "reference": ticket.reference,
        "company": terms.company,
        "signature": terms.signature,
        "answers": [(words[score], terms.links.satisfaction(ticket.reference, key, score)) for score in Score],
        "sent_url": terms.links.sent(ticket.reference, key),
        "quiet_url": terms.links.quiet(ticket.reference, key),
    }
    message.set_content(letters.render("satisfaction.txt", language, **values), cte="quoted-printable")
    message.add_alternative(letters.render("satisfaction.html", language, **values), subtype="html", cte="quoted-printable")
    return message
