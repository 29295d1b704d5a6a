"""What stands on the desk in tests of the staff's pages: requests with trails, files and mails in every state."""

import itertools
from datetime import datetime, timedelta

import numpy as np
from flask import Flask
from sqlalchemy.orm import Session

from deflection import events, visits
from deflection.events import Kind
from kb import import_jobs
from kb.articles import Article, Status, Translation
from kb.grouping import Vector
from kb.import_jobs import Export
from kb.revisions import keep_revision
from webform import (
    api_keys,
    attachments,
    baselines,
    field_sets,
    gap_moves,
    hook_queue,
    hooks,
    outbox,
    probes,
    routing_rules,
    skips,
    submissions,
    subscriptions,
    web,
)
from webform.api_keys import Scope
from webform.baselines import Order
from webform.fields import FieldKind, FormField
from webform.hooks import HookEvent
from webform.outbox import Attempt, Delivery, OutboxMessage, Outcome
from webform.routing import Actions, Conditions, RoutingRule
from webform.submissions import Submission
from webform.tickets import Ticket

COUNTER = itertools.count(1)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
REFUSED = "550 5.1.1 <team@example.com>: Recipient address rejected: User unknown"


def write_article(session: Session, now: datetime, *, title: str = "The pump hums but no water comes", language: str = "en", **fields: str) -> Article:
    number = next(COUNTER)
    article = Article(external_id=fields.pop("external_id", f"article-{number}"), created_at=now)
    values = {"status": Status.PUBLISHED.value, "slug": f"slug-{number}", "body": "Clean the filter.", "category": "Pumps"} | fields
    article.translations.append(Translation(language=language, title=title, created_at=now, updated_at=now, **values))
    session.add(article)
    session.flush()
    return article


def send(app: Flask, session: Session, now: datetime, *, tried: list[Article] | None = None, filename: str = "", **texts: str) -> Ticket:
    """Send a request after looking at some articles: the first was read, the second shown only."""
    visit = f"visit-{next(COUNTER)}"
    terms = submissions.terms(app.config, app.extensions[web.TOKENS])
    if tried:
        seen = visits.see(session, token=visit, language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=now)
        ids = [article.id for article in tried]
        events.record(session, seen, Kind.SHOWN, articles=ids, now=now)
        events.record(session, seen, Kind.OPENED, articles=ids[:1], now=now)
        events.record(session, seen, Kind.READ, articles=ids[:1], seconds=80.0, now=now)
        events.record(session, seen, Kind.DECLINED, articles=ids[:1], reason="steps-failed", now=now)
    uploads = (attachments.keep(session, visit=visit, filename=filename, content=PICTURE, now=now).token,) if filename else ()
    fields = {
        "name": "Anna Sample",
        "email": "anna@customer.example",
        "subject": "Pump hums but no water comes out",
        "message": "The pump hums, the light is green.\n\nI cleaned the filter already.",
        "topic": "pump",
        "interface_language": "en",
        "predicted_topic": "Pump and hoses",
    } | texts
    submission = Submission(visit=visit, scripted=True, uploads=uploads, predicted_share=0.91, **fields)  # type: ignore[arg-type]
    return submissions.accept(session, submission, terms=terms, now=now)


def fail(session: Session, message: OutboxMessage, now: datetime, reply: str = REFUSED) -> None:
    session.add(Attempt(message_id=message.id, attempted_at=now, outcome=Outcome.FAILED, reply=reply))
    message.status, message.attempts, message.failed_at = Delivery.FAILED, 1, now
    session.flush()


def put_off(session: Session, message: OutboxMessage, now: datetime, reply: str = "451 4.3.0 Temporary server error") -> None:
    session.add(Attempt(message_id=message.id, attempted_at=now, outcome=Outcome.RETRY, reply=reply))
    message.attempts, message.next_attempt_at = 1, now + timedelta(minutes=5)
    session.flush()


def deliver(session: Session, message: OutboxMessage, now: datetime) -> None:
    session.add(Attempt(message_id=message.id, attempted_at=now, outcome=Outcome.SENT, reply="250 2.0.0 Ok"))
    message.status, message.attempts, message.sent_at = Delivery.SENT, 1, now
    session.flush()


def furnish(app: Flask, session: Session, now: datetime) -> Ticket:
    """Put a request in each language on the desk, with a mail that failed, one put off and one sent; and a gap of two of them.

    :return: the request that has a file and a trail, whose mail to the team failed.
    """
    articles = [write_article(session, now), write_article(session, now, title="Drippers stay dry"), write_article(session, now, title="Сброс", language="ru")]
    keep_revision(session, articles[0].translations[0].id, articles[0].translations[0].wording, author="anna@example.com", note="", now=now)
    write_article(session, now, title="A draft about winter", status=Status.DRAFT)
    for _ in range(2):  # One stays when the other is deleted.
        baselines.submit(session, Order("old.mbox", ("example.com",), "UTC", "en"), b"From ", "lead@example.com", now)
    import_jobs.submit(session, Export("export.zip", b"PK", "", "en"), "lead@example.com", now)
    first = send(app, session, now, tried=articles, filename="inlet.png")
    fail(session, outbox.of_ticket(session, first.id)[0], now)
    second = send(app, session, now, name="Олег", email="oleg@customer.example", subject="Насос гудит", message="Насос гудит, а воды нет.", topic="app")
    put_off(session, outbox.of_ticket(session, second.id)[0], now)
    field_sets.keep(session, "pump", [FormField("model", FieldKind.TEXT, {"en": "Model"})], version=0, author="lead@example.com", now=now)
    rule = RoutingRule(0, "Pumps", Conditions(topics=("pump",)), Actions(tags=("wet",)))
    routing_rules.add(session, rule, active=True, author="lead@example.com", now=now)
    skips.add(session, name="Harbour Hotels", domain="harbour.example", urgent=False, author="lead@example.com", now=now)
    third = send(app, session, now, name="", email="li@customer.example", subject="", message="水泵嗡嗡响，但没有水出来。", topic="", interface_language="zh")
    deliver(session, outbox.of_ticket(session, third.id)[0], now)
    hook = hooks.add(session, hooks.Draft("https://hooks.example.com/in", frozenset({HookEvent.REQUEST_OPENED})), author="lead@example.com", now=now)
    hook_queue.put(session, hook, HookEvent.TRIAL, {}, now)
    subscriptions.subscribe(session, "lead@example.com", language="en", weekday=0, hour=8, zone="Asia/Shanghai", author="lead@example.com", now=now)
    api_keys.add(session, app.extensions[web.TOKENS], name="Shop", scopes=[Scope.READ], last_day=None, author="admin@example.com", now=now)
    for article in articles[:2]:
        probes.add(session, f"A question about {article.id}", article.id, fallback="en", author="lead@example.com", now=now)
    gap_moves.note(session, [{"ticket_id": each.id, "language": "ru", "reason": "nothing", "sent_at": now} for each in (second, third)])
    gap_moves.begin(session, "ru", 1, dict.fromkeys((second.id, third.id), Vector(np.array([1], np.int32), np.ones(1, np.float32))), now)
    return first
