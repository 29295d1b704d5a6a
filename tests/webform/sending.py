"""Requests as tests send them, and the mails that came of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from deflection import events, visits
from deflection.events import Kind
from deflection.visits import Visit
from kb.articles import Article, Status, Translation
from webform import submissions
from webform.outbox import MessageKind, OutboxMessage
from webform.submissions import Submission
from webform.terms import Terms
from webform.tickets import Ticket
from webform.web import TOKENS

PNG = bytes.fromhex(  # One black pixel.
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
ANNA = Submission(
    visit="a-visit",
    name="Anna Sample",
    email="anna@customer.example",
    subject="Pump hums but no water comes out",
    message="The pump hums.\nI cleaned the filter already.",
    topic="",
    interface_language="en",
    scripted=True,
)


def anna(**changes: Any) -> Submission:
    return replace(ANNA, **changes)


def terms_of(app: Flask, **changes: Any) -> Terms:
    return replace(submissions.terms(app.config, app.extensions[TOKENS]), **changes)


def accept(session: Session, app: Flask, now: datetime, *, terms: dict[str, Any] | None = None, **changes: Any) -> Ticket:
    return submissions.accept(session, anna(**changes), terms=terms_of(app, **(terms or {})), now=now)


def outbox_rows(session: Session, ticket: Ticket) -> list[OutboxMessage]:
    wanted = select(OutboxMessage).where(OutboxMessage.ticket_id == ticket.id).order_by(OutboxMessage.id).options(undefer(OutboxMessage.mime))
    return list(session.scalars(wanted))


def raw_mail(session: Session, ticket: Ticket, kind: MessageKind) -> bytes | None:
    return next((row.mime for row in outbox_rows(session, ticket) if row.kind == kind), None)


def mail(session: Session, ticket: Ticket, kind: MessageKind) -> EmailMessage:
    raw = raw_mail(session, ticket, kind)
    assert raw is not None
    return parsed(raw)


def parsed(raw: bytes) -> EmailMessage:
    """Read a mail as its receiver does."""
    return cast("EmailMessage", message_from_bytes(raw, policy=default))


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def publish(session: Session, title: str, now: datetime, *, language: str = "en", status: Status = Status.PUBLISHED) -> int:
    """Make an article of one translation."""
    article = Article(external_id=title, created_at=now)
    session.add(article)
    session.flush()
    slug = title.lower().replace(" ", "-")
    translation = Translation(article_id=article.id, language=language, slug=slug, title=title, body="Text.", status=status, created_at=now, updated_at=now)
    session.add(translation)
    session.flush()
    return article.id


def visit(session: Session, now: datetime, shown: Sequence[int] = ()) -> Visit:
    """Begin Anna's visit, in which some articles were shown."""
    row = visits.see(session, token=ANNA.visit, language="en", scripted=True, holdout_share=0, secret="a key for tests", now=now)
    if shown:
        events.record(session, row, Kind.SHOWN, articles=shown, now=now)
    return row
