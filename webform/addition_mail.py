"""The mail that carries an addition to the team: a reply in the thread that the request began."""

import json
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

from webform import letters, links
from webform.dispatch import Dispatch
from webform.lines import header_text, one_line
from webform.mailed_files import MailedFile, put_inside
from webform.request_mail import NAME_LETTERS, label, subject_line
from webform.terms import Terms
from webform.tickets import Ticket
from webform.topics import Topic

SCHEMA, VERSION, KIND = "webform.addition", 1, "addition"


class Added(Protocol):
    """What was added: words, the Message-ID of its mail, and when."""

    @property
    def message(self) -> str:
        """The words."""

    @property
    def message_id(self) -> str:
        """The Message-ID, which never changes."""

    @property
    def created_at(self) -> datetime:
        """When it was sent."""


def compose(
    ticket: Ticket, addition: Added, *, to: Sequence[str], topic: Topic | None, going: Dispatch, files: Sequence[MailedFile], terms: Terms
) -> EmailMessage:
    """Make the mail. It carries a person's words, so nothing in it says automatic.

    :param to: who got the request itself.
    :param going: by which the request went, so that mail rules sort both alike.
    """
    _ = letters.translator(terms.language)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    subject, name = subject_line(ticket, terms.language), header_text(ticket.name, NAME_LETTERS) or _("A customer")
    shown = _("%(name)s via %(company)s", name=name, company=header_text(terms.company, NAME_LETTERS))
    message["From"] = Address(shown, addr_spec=terms.sender)
    message["To"] = [Address(addr_spec=address) for address in to]
    message["Reply-To"] = Address(addr_spec=ticket.email)
    message["Subject"] = f"Re: {subject}"
    message["Date"] = format_datetime(addition.created_at)
    message["Message-ID"] = addition.message_id
    message["In-Reply-To"] = ticket.message_id
    message["References"] = ticket.message_id
    label(message, ticket, topic, going, KIND)
    values = {
        "ticket": ticket,
        "addition": addition,
        "name": one_line(ticket.name, NAME_LETTERS),
        "lang": terms.language,
        "files": files,
        "subject": subject,
        "reply_url": links.reply(ticket.email, subject),
        "ticket_url": terms.links.ticket(ticket.reference),
    }
    message.set_content(letters.render("addition.txt", terms.language, **values), cte="quoted-printable")
    message.add_alternative(letters.render("addition.html", terms.language, **values), subtype="html", cte="quoted-printable")
    document = json.dumps(_record(ticket, addition, files, terms), ensure_ascii=True, indent=2).encode()
    message.add_attachment(document, maintype="application", subtype="json", filename="addition.json")
    put_inside(message, files)
    return message


def _record(ticket: Ticket, addition: Added, files: Sequence[MailedFile], terms: Terms) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "kind": KIND,
        "reference": ticket.reference,
        "message_id": addition.message_id,
        "in_reply_to": ticket.message_id,
        "sent_at": addition.created_at.isoformat(),
        "customer": {"name": ticket.name, "email": ticket.email},
        "message": addition.message,
        "attachments": [file.facts() for file in files],
        "links": {"ticket": terms.links.ticket(ticket.reference)},
    }
