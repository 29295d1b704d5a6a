"""Figures of a slice by a query of its own, which knows nothing of the roll-up or of the modules behind it."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

DAY = timedelta(days=1)


def independent(session: Session) -> dict[tuple[object, ...], Counter[str]]:
    """Count visits by day, arm, language, topic, device and site, in the words of the definition alone."""
    visits = {row["id"]: dict(row) for row in session.execute(text("SELECT * FROM visit")).mappings()}
    for visit in visits.values():
        visit |= {name: moment(visit[name]) for name in ("started_at", "last_seen_at")} | {"events": []}
    for row in session.execute(text("SELECT * FROM event")).mappings():
        visits[row["visit_id"]]["events"].append({**row, "recorded_at": moment(row["recorded_at"])})
    counted: dict[tuple[object, ...], Counter[str]] = {}
    for visit in visits.values():
        place = visit["started_at"].date(), *(visit[name] for name in ("arm", "language", "topic", "device", "site"))
        counts = counted.setdefault(place, Counter())
        counts["opened_forms"] += 1
        counts["visits"] += bool(visit["begun"])
        if visit["begun"] and visit["engaged"] and not visit["straight"]:
            counts["engaged"] += 1
            counts["requests"] += has(visit, "submitted")
            counts[came_to(visit, visits)] += 1
    return counted


def came_to(visit: dict, visits: dict) -> str:  # type: ignore[type-arg]
    """Apply the table of outcomes, line by line."""
    opened = has(visit, "opened") or has(visit, "read")
    if has(visit, "submitted"):
        return "submitted_after_help" if opened else "submitted"
    refused = {event["article_id"] for event in visit["events"] if event["kind"] == "declined"}
    read = any(event["kind"] == "read" and (event["seconds"] or 0) >= 5 and event["article_id"] not in refused for event in visit["events"])
    if not (has(visit, "solved") or read):
        return "abandoned"
    for other in visits.values():
        same = any(visit[mark] and visit[mark] in {other["person"], other["browser"]} for mark in ("person", "browser"))
        if other is visit or not same or (visit["topic"] and other["topic"] and visit["topic"] != other["topic"]):
            continue
        sent = [event["recorded_at"] for event in other["events"] if event["kind"] == "submitted"]
        if any(visit["started_at"] < at <= visit["last_seen_at"] + 7 * DAY for at in sent):
            return "submitted_after_help"
    return "confirmed" if has(visit, "solved") else "presumed"


def has(visit: dict, kind: str) -> bool:  # type: ignore[type-arg]
    return any(event["kind"] == kind for event in visit["events"])


def moment(value: object) -> datetime:
    """Read a moment as either database gives it to a query without types; without a zone, for only differences matter."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(read, datetime)
    if read.tzinfo is not None:
        read = (read - read.utcoffset()).replace(tzinfo=None)  # type: ignore[operator]
    return read
