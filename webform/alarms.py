"""Alarms: one mail to each lead when the self-check finds something wrong, and one when it is over."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy.orm import Session

from webform import hook_queue, letters, self_check_words, staff, troubles
from webform.hooks import HookEvent
from webform.i18n import spoken
from webform.lines import header_text
from webform.outbox import MessageKind, enqueue
from webform.self_check import Fault
from webform.staff import RoleName, User
from webform.terms import Terms
from webform.troubles import Trouble, Turn

NAME_LETTERS = 60


def tell(session: Session, turn: Turn, *, terms: Terms, now: datetime) -> int:
    """Tell every lead and every listening program what began and what is over, in the transaction that keeps it.

    :return: how many mails.
    """
    for event, told in ((HookEvent.ALARM, turn.begun), (HookEvent.CLEAR, turn.over)):
        if told:
            hook_queue.tell(session, event, {"faults": [{"fault": each.fault, "facts": each.facts} for each in told]}, now)
    if not (turn.begun or turn.over):
        return 0
    begun = {each.id for each in turn.begun}
    lasting = [each for each in troubles.open_troubles(session) if each.id not in begun]
    leads = [user for user in staff.members(session) if user.active and user.role and user.role.includes(RoleName.LEAD)]
    for lead in leads:
        message = compose(lead, turn, lasting, terms=terms, now=now)
        enqueue(session, ticket=None, kind=MessageKind.ALARM, sender=terms.bounce, recipients=[lead.email], message=message, now=now)
    return len(leads)


def compose(lead: User, turn: Turn, lasting: Sequence[Trouble], *, terms: Terms, now: datetime) -> EmailMessage:
    """Make the mail, in the language that its reader has chosen, or the installation's.

    :param lasting: what was told before and is wrong still.
    """
    language = spoken(lead.language) or terms.language
    _ = letters.translator(language)
    company = header_text(terms.company, NAME_LETTERS)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(company, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=lead.email)
    message["Subject"] = _subject(turn, language)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{secrets.token_hex(12)}.self-check@{terms.mail_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if turn.begun:
        message["X-Priority"] = "1"

    def said(told: Sequence[Trouble]) -> list[dict[str, str]]:
        words = self_check_words
        return [
            {"heading": words.heading(each.fault, _), "figures": words.figures(each.fault, each.facts, _), "advice": words.advice(each.fault, _)}
            for each in told
        ]

    down = any(each.fault == Fault.DOWN for each in (*turn.begun, *lasting))
    values = {
        "lang": language,
        "begun": said(turn.begun),
        "over": said(turn.over),
        "lasting": said(lasting),
        "down": down,
        "url": terms.links.self_check(),
        "company": terms.company,
    }
    message.set_content(letters.render("self-check.txt", language, **values), cte="quoted-printable")
    return message


def _subject(turn: Turn, language: str) -> str:
    _ = letters.translator(language)
    first = (turn.begun or turn.over)[0]
    heading = self_check_words.heading(first.fault, _)
    return _("Self-check: %(what)s", what=heading) if turn.begun else _("Self-check, over: %(what)s", what=heading)
