"""Reminders: a mail to the owner of an article whose review is due, once for each due date."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from kb.articles import Article
from webform import letters
from webform.i18n import spoken
from webform.lines import header_text
from webform.outbox import MessageKind, enqueue
from webform.staff import User
from webform.terms import Terms

MOST_AT_ONCE = 500
MOST_LISTED = 50
NAME_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Due:
    """An article that is to be looked at, as the mail names it."""

    title: str
    url: str
    review_at: datetime


def any_due(session: Session, now: datetime) -> bool:
    """Tell whether somebody is to be reminded."""
    return session.scalars(select(Article.id).join(User, User.email == Article.owner).where(_is_due(now)).limit(1)).first() is not None


def remind(session: Session, terms: Terms, now: datetime) -> int:
    """Put a mail to each owner in the outbox, about all articles whose review has become due.

    The date stands in the article afterwards, in the same transaction, so that nobody is told twice. Who cannot sign in
    any more is not told.

    :return: how many mails.
    """
    wanted = select(Article, User).join(User, User.email == Article.owner).where(_is_due(now)).order_by(Article.owner, Article.id).limit(MOST_AT_ONCE)
    rows = session.execute(wanted.with_for_update(skip_locked=True, of=Article).options(selectinload(Article.translations))).all()
    count = 0
    for _, group in groupby(rows, lambda row: row.User.id):
        due = list(group)
        for row in due:
            row.Article.reminded_for = row.Article.review_at
        message = compose(due[0].User, [row.Article for row in due], terms=terms, now=now)
        enqueue(session, ticket=None, kind=MessageKind.REMINDER, sender=terms.bounce, recipients=[due[0].User.email], message=message, now=now)
        count += 1
    return count


def compose(owner: User, articles: Sequence[Article], *, terms: Terms, now: datetime) -> EmailMessage:
    """Make the reminder, in the language that its reader has chosen, or the installation's."""
    language = spoken(owner.language) or terms.language
    _ = letters.translator(language)
    company = header_text(terms.company, NAME_LETTERS)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(company, addr_spec=terms.sender)
    message["To"] = Address(addr_spec=owner.email)
    message["Subject"] = _("Articles to look at again: %(number)s", number=len(articles))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{secrets.token_hex(12)}.review@{terms.mail_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    due = [named for article in articles if (named := _named(article, language, terms))]
    values = {"lang": language, "due": due[:MOST_LISTED], "more": max(0, len(due) - MOST_LISTED), "company": terms.company, "list_url": terms.links.due()}
    message.set_content(letters.render("reminder.txt", language, **values), cte="quoted-printable")
    return message


def _named(article: Article, language: str, terms: Terms) -> Due | None:
    if not article.translations or article.review_at is None:
        return None
    best = min(article.translations, key=lambda each: (each.language != language, each.status != "published", each.id))
    return Due(best.title, terms.links.upkeep(article.id, best.language), article.review_at)


def _is_due(now: datetime) -> ColumnElement[bool]:
    untold = or_(Article.reminded_for.is_(None), Article.reminded_for != Article.review_at)
    return and_(Article.review_at <= now, untold, User.active)
