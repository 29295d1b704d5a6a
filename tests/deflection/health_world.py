"""Visits that met articles, as many as a test wants, and what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert
from sqlalchemy.orm import Session

from deflection.events import Event, Kind
from deflection.visits import Arm, Visit
from kb.articles import Status, Translation, save_translation

NUMBERS = count(1)
Fact = tuple[Kind, int]


def publish(session: Session, now: datetime, *, name: str = "pump", language: str = "en", body: str = "Clean the filter.", note: str = "") -> Translation:
    return save_translation(
        session,
        external_id=name,
        language=language,
        title=f"The {name} hums",
        body=body,
        status=Status.PUBLISHED,
        author="anna@example.com",
        note=note,
        now=now,
    )


def visit(session: Session, at: datetime, facts: Sequence[Fact], *, reason: str = "", language: str = "en", **changed: object) -> int:
    """Put a visit in the past. Its facts are a second apart; what was read stayed in view for ten."""
    number = next(NUMBERS)
    told = {"token": f"visit-{number}", "arm": Arm.TREATMENT, "language": language, "scripted": True, "engaged": True, "topic": "pump"}
    row = Visit(**(told | {"started_at": at, "last_seen_at": at + timedelta(seconds=len(facts))} | changed))
    session.add(row)
    session.flush()
    for second, (kind, article) in enumerate(facts):
        seconds = 10.0 if kind is Kind.READ else None
        why = reason if kind is Kind.DECLINED else ""
        session.add(Event(visit_id=row.id, kind=kind, article_id=article, seconds=seconds, reason=why, recorded_at=at + timedelta(seconds=second)))
    session.flush()
    return row.id


def many(session: Session, at: datetime, article: int, *, solved: int, of: int, language: str = "en", topic: str = "pump", shown: int = 0) -> None:
    """Put many visits in the past at once: ``of`` opened the article, ``solved`` of them said that it helped, ``shown`` saw it and did not open it."""
    visits, events = [], []
    for place in range(of + shown):
        number = next(NUMBERS)
        kinds = [Kind.SHOWN, Kind.OPENED, Kind.SOLVED][: 1 if place >= of else 3 if place < solved else 2]
        visits.append({
            "id": 1_000_000 + number, "token": f"many-{number}", "arm": Arm.TREATMENT, "language": language, "topic": topic, "scripted": True,
            "engaged": True, "straight": False, "started_at": at, "last_seen_at": at,
        })  # fmt: skip
        events += [
            {"visit_id": 1_000_000 + number, "kind": kind, "article_id": article, "recorded_at": at, "reason": "", "language": language} for kind in kinds
        ]
    if visits:
        session.execute(insert(Visit), visits)
        session.execute(insert(Event), events)
