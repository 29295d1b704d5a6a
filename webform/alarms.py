"""Alarms: one mail to each lead when the self-check finds something wrong, and one when it is over; one a day about what comes and goes."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy.orm import Session

from webform import hook_queue, letters, self_check_words, staff, troubles
from webform.flapping import News
from webform.hooks import HookEvent
from webform.i18n import spoken
from webform.lines import header_text
from webform.outbox import MessageKind, enqueue
from webform.self_check import Fault
from webform.staff import RoleName, User
from webform.terms import Terms
from webform.troubles import Trouble, Turn

NAME_LETTERS = 60


def tell(session: Session, turn: Turn, news: News, *, terms: Terms, now: datetime) -> int:
    """Tell every listening program what a look changed, and every lead what is news of it, in the transaction that keeps it.

    :return: how many mails.
    """
    for event, told in ((HookEvent.ALARM, turn.begun), (HookEvent.CLEAR, turn.over)):
        if told:
            hook_queue.tell(session, event, {"faults": [{"fault": each.fault, "facts": each.facts} for each in told]}, now)
    if news == News():
        return 0
    said = {each.fault for each in news.begun} | {each.fault for each in news.unsteady}
    lasting = [each for each in troubles.open_troubles(session) if each.fault not in said]
    leads = [user for user in staff.members(session) if user.active and user.role and user.role.includes(RoleName.LEAD)]
    for lead in leads:
        message = compose(lead, news, lasting, terms=terms, now=now)
        enqueue(session, ticket=None, kind=MessageKind.ALARM, sender=terms.bounce, recipients=[lead.email], message=message, now=now)
    return len(leads)


def compose(lead: User, news: News, lasting: Sequence[Trouble], *, terms: Terms, now: datetime) -> EmailMessage:
    """Make the mail, in the language that its reader has chosen, or the installation's.

    :param lasting: what was told before and is wrong still.
    """
    language = spoken(lead.language) or terms.language
    company = header_text(terms.company, NAME_LETTERS)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(company, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=lead.email)
    message["Subject"] = _subject(news, language)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{secrets.token_hex(12)}.self-check@{terms.mail_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if news.begun or news.unsteady:
        message["X-Priority"] = "1"

    values = {"lang": language, "url": terms.links.self_check(), "company": terms.company, **_values(news, lasting, language)}
    message.set_content(letters.render("self-check.txt", language, **values), cte="quoted-printable")
    return message


def _values(news: News, lasting: Sequence[Trouble], language: str) -> dict[str, object]:
    _, words = letters.translator(language), self_check_words

    def said(told: Sequence[Trouble]) -> list[dict[str, object]]:
        return [
            {"heading": words.heading(each.fault, _), "figures": words.figures(each.fault, each.facts, _, language), "advice": words.advice(each.fault, _)}
            for each in told
        ]

    last = said([each.last for each in news.unsteady])
    open_now = (*news.begun, *lasting, *(each.last for each in news.unsteady if each.last.ended_at is None))
    return {
        "begun": said(news.begun),
        "over": said(news.over),
        "unsteady": [{**told, "since": each.since, "last": each.last, "times": each.times} for told, each in zip(last, news.unsteady, strict=True)],
        "lasting": said(lasting),
        "down": any(each.fault == Fault.DOWN for each in open_now),
    }


def _subject(news: News, language: str) -> str:
    _ = letters.translator(language)
    faults = [*(each.fault for each in news.begun), *(each.fault for each in news.unsteady), *(each.fault for each in news.over)]
    what = self_check_words.heading(faults[0], _)
    if news.begun:
        return _("Self-check: %(what)s", what=what)
    return _("Self-check, comes and goes: %(what)s", what=what) if news.unsteady else _("Self-check, over: %(what)s", what=what)
