"""Measure the support figures on a year of requests: ``python -m tests.benchmarks.support --requests 150000``.

Each panel and the whole page are asked of the application through its test client, signed in. Each figure is a pair: seconds on
the clock, and seconds of the processor (PostgreSQL's own are in the first only). Of three askings the middle one is told.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from kb.database import Database
from tests.benchmarks.ground import add_choice, ground
from tests.benchmarks.measurement import Pair, client_of, timed
from tests.benchmarks.visit_world import write
from webform import support_panels, ticket_days, tickets
from webform.tickets import Ticket, TicketStatus

TICKET = (
    *("id", "reference", "submission_key", "visit_token", "message_id", "name", "email", "subject", "message", "search_text", "topic", "language"),
    *("interface_language", "predicted_topic", "urgent", "urgent_slug", "answers", "suspicion", "channel", "phone", "call_zone", "status"),
    *("created_at", "updated_at"),
)
CHANGE = ("ticket_id", "before", "status", "party", "changed_at")
MAIL = ("ticket_id", "kind", "sender", "recipients", "message_id", "mime", "status", "attempts", "next_attempt_at", "leased_by", "created_at", "sent_at")
SAID = ("ticket_id", "topic", "language", "asked_at", "score", "comment")
VOTE = ("article_id", "language", "helpful", "reason", "voted_on")
WORDS = "The pump hums and no water comes out of the hose, and I have already taken the filter out and rinsed it twice. " * 4
LETTER = b"Dear team, here is what the customer wrote, and what was shown, opened and read before it was sent. " * 30
BATCH = 5000
Rows = dict[str, list[tuple[Any, ...]]]


def requests(number: int, days: int, end: datetime) -> Iterator[Rows]:
    """Give one request after another with its changes, its two mails, the question how it was and a vote."""
    rng = np.random.default_rng(1)
    came = np.sort(rng.uniform(0, days * 86400, number))
    drawn = zip(came, rng.random((number, 4)), rng.lognormal(9.5, 1.2, (number, 2)), strict=True)
    for key, (second, (ways, topic, fate, said), (first, rest)) in enumerate(drawn, 1):
        at = end - timedelta(seconds=float(days * 86400 - second))
        answered, closed = at + timedelta(seconds=float(first)), at + timedelta(seconds=float(first + rest))
        status = "spam" if fate < 0.02 else "new" if fate < 0.05 else "answered" if fate < 0.3 else "closed"
        name, channel = ("pump", "app", "orders", "account", "")[int(5 * topic * topic)], "api" if ways < 0.2 else "form"
        kept = [(key, "new", "answered", "team", answered)] if status in ("answered", "closed") else []
        kept += [(key, "answered", "closed", "team", closed)] if status == "closed" else []
        unique = (f"T-{key}", f"{key:032x}", f"{key:032x}", f"<T-{key}@x.example>")
        told = ("Anna", f"anna{key % 50000}@x.example", "The pump hums", WORDS, WORDS.lower(), name, "en", "en", "", "", "", "{}", "", channel, "", "")
        yield {
            "ticket": [(key, *unique, *told, status, at, at)],
            "ticket_change": kept,
            "outbox_message": [(key, kind, "a@x.example", "b@x.example", "<m>", LETTER, "sent", 1, at, "", at, at) for kind in ("request", "acknowledgement")],
            "satisfaction": [(key, name, "en", closed, "good" if said < 0.2 else "bad" if said < 0.3 else "", "")] if status == "closed" else [],
            "vote": [(key % 300, "en", bool(said < 0.7), "", at.date())],
        }


def fill(database: Database, number: int, days: int, end: datetime) -> None:
    """Put the requests of so many days into an empty database."""
    columns = {"ticket": TICKET, "ticket_change": CHANGE, "outbox_message": MAIL, "satisfaction": SAID, "vote": VOTE}
    coming = requests(number, days, end)
    with database.engine.connect() as connection:
        while batch := list(islice(coming, BATCH)):
            connection.execute(text("SELECT 1"))  # So that there is something to commit.
            for table, named in columns.items():
                write(connection, table, named, [row for rows in batch for row in rows[table]])
            connection.commit()
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def ask(client: FlaskClient, address: str) -> Pair:
    """Ask for a page three times."""

    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status)

    return sorted(timed(get) for _ in range(3))[1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=150_000)
    parser.add_argument("--kept", type=Path, help="A folder in which the world stays for another time, and is found again.")
    add_choice(parser)
    asked = parser.parse_args()
    end = datetime.now(UTC)
    with ground(asked.database, asked.kept) as (folder, url, database):
        told: dict[str, Any] = {"database": asked.database}
        with database.reading() as session:
            empty = session.scalar(select(func.count()).select_from(Ticket)) == 0
        if empty:
            told["filling"] = timed(lambda: fill(database, asked.requests, 365, end))
        told["counting"] = timed(lambda: ticket_days.count(database, "benchmark", end))
        with database.writing() as session:  # As many as change their state within five minutes in a year of 450,000.
            some = session.scalars(select(Ticket).where(Ticket.status == TicketStatus.ANSWERED).order_by(Ticket.id.desc()).limit(200)).all()
            for ticket in some[::10]:
                tickets.set_status(session, ticket, TicketStatus.CLOSED, end)
        told["counting_again"] = timed(lambda: ticket_days.count(database, "benchmark", end))
        client = client_of(folder, url, database)
        for days in (28, 365):
            span = f"from={end.date() - timedelta(days=days - 1)}&to={end.date()}"
            page = f"/staff/deflection/support?{span}"
            panels = {name: ask(client, f"{page}&panel={name}&format=json") for name in support_panels.NAMES}
            told[f"{days} days"] = {"page": ask(client, page), **panels}
            print(json.dumps(told[f"{days} days"]), flush=True)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
