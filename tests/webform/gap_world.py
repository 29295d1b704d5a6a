"""Requests that met nothing good, about several things in three languages, as customers write them."""

import itertools
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection import events, visits
from deflection.events import Kind
from kb.database import Database
from webform import answers, submissions, web
from webform.gap_rounds import Rounds, Tally
from webform.gaps import GapRequest
from webform.submissions import Submission
from webform.tickets import Ticket

COUNTER = itertools.count(1)

WINTER = (
    "How do I store the pump over winter without frost damage?",
    "Can the pump stay outside in winter, or will frost damage it?",
    "Hello, where should I store my pump in winter so that frost cannot damage it?",
    "Does the pump survive frost if I leave it outside over winter?",
    "Frost protection: must I empty the pump before winter storage?",
    "Store pump for the winter, what about frost",
)
INVOICE = (
    "I need an invoice with our VAT number for last month's order",
    "Please send me an invoice that shows the VAT number of my company",
    "The invoice for my order lacks the VAT number, can you correct the invoice?",
    "Where can I download an invoice with VAT number for my order?",
    "Our accountant needs the invoice with the company's VAT number",
)
RETURNS = (
    "Как вернуть насос обратно и получить деньги за возврат?",
    "Хочу оформить возврат насоса, куда его отправить?",
    "Возврат насоса: сколько дней есть, чтобы вернуть деньги?",
    "Насос не подошёл, как оформить возврат и вернуть деньги?",
)
DELIVERY = (
    "Где мой заказ? Доставка должна была быть вчера",
    "Доставка задерживается, когда придёт мой заказ?",
    "Заказ не пришёл, доставка опаздывает на неделю",
)
WARRANTY = (
    "水泵的保修期是多久？怎么申请保修？",
    "请问水泵保修期有几年，如何申请保修",
    "水泵坏了，还在保修期内，怎么申请保修服务？",
    "保修期过了水泵还能修吗？怎么申请？",
)
ADDRESS = (
    "如何修改收货地址？我搬家了",
    "我想更改订单的收货地址",
    "下单后还能修改收货地址吗？",
)
EVERYTHING = {"en": (WINTER, INVOICE), "ru": (RETURNS, DELIVERY), "zh": (WARRANTY, ADDRESS)}


def ask(app: Flask, session: Session, now: datetime, message: str, happened: dict[Kind, list[int]] | None = None, **fields: str) -> Ticket:
    """Send a request after something happened to articles in its visit."""
    visit = f"gap-visit-{next(COUNTER)}"
    if happened:
        seen = visits.see(session, token=visit, language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=now)
        for kind, articles in happened.items():
            events.record(session, seen, kind, articles=articles, now=now)
    language = "ru" if "а" <= message[0].lower() <= "я" else "en" if message[0].isascii() else "zh"
    values = {"name": "Anna Sample", "email": "anna@customer.example", "subject": "", "topic": "", "interface_language": language} | fields
    terms = submissions.terms(app.config, app.extensions[web.TOKENS])
    return submissions.accept(session, Submission(visit=visit, scripted=True, message=message, **values), terms=terms, now=now)  # type: ignore[arg-type]


def ask_everything(app: Flask, database: Database, now: datetime) -> None:
    """Send all of them, one an hour, the last one now."""
    texts = [text for themes in EVERYTHING.values() for theme in themes for text in theme]
    with database.writing() as session:
        for hours, text in enumerate(reversed(texts)):
            ask(app, session, now - timedelta(hours=hours), text)


def rounds(app: Flask, database: Database) -> Rounds:
    """Give what the worker makes rounds with."""
    return Rounds(database, lambda reference: answers.mark(app.extensions[web.TOKENS], reference))


def group(app: Flask, database: Database, now: datetime) -> Tally:
    """Make a round as the worker does."""
    return rounds(app, database).make(now)


def gap_of(database: Database, message: str) -> int | None:
    """Tell in which gap a text stands; nothing if in none, or if it is not looked at."""
    with database.reading() as session:
        return session.scalars(select(GapRequest.gap_id).join(Ticket, Ticket.id == GapRequest.ticket_id).where(Ticket.message == message)).first()


def groups(database: Database) -> dict[int, set[str]]:
    """Give the texts of every gap."""
    found: dict[int, set[str]] = {}
    with database.reading() as session:
        rows = session.execute(select(GapRequest.gap_id, Ticket.message).join(Ticket, Ticket.id == GapRequest.ticket_id).where(GapRequest.gap_id.is_not(None)))
        for gap, message in rows:
            found.setdefault(gap or 0, set()).add(message)
    return found
