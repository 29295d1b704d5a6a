"""A year of visits whose truth is known: rates, lift and re-contacts are planted, everything else is as on a busy site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from kb.database import Database

VISIT = (
    "id", "token", "arm", "language", "topic", "scripted", "engaged", "straight", "person", "browser", "device", "site", "release", "channel",
    "begun", "typed_at", "started_at", "last_seen_at",
)  # fmt: skip
EVENT = ("visit_id", "kind", "article_id", "rank", "seconds", "reason", "language", "recorded_at")
HOURS = np.array([1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 11, 11, 9, 9, 10, 10, 9, 8, 7, 6, 5, 4, 3, 2], float)
LANGUAGES, TOPICS = ("en", "ru", "zh"), ("pump", "app", "orders", "billing", "other", "")
DEVICES, SITES = ("desktop", "phone", "tablet", ""), ("", "shop.example.com", "app.example.com")
KINDS = ("confirmed", "presumed", "submitted_after_help", "submitted", "abandoned")
FEWEST_SHOWN, MOST_SHOWN = 3, 6
"""Articles that a visit is shown in all, while its text grows."""
Rows = list[tuple[Any, ...]]
Course = tuple[list[int], bool, float]
"""What chance decides of a visit: its articles, whether one is opened all the same, and how long it waits before it sends."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is planted: the share of each outcome among engaged visits, before anybody comes back, and how many of those helped do."""

    treatment: tuple[float, ...] = (0.21, 0.09, 0.08, 0.37, 0.25)
    holdout: tuple[float, ...] = (0.0, 0.0, 0.0, 0.50, 0.50)
    returning: float = 0.06
    holdout_share: float = 0.05

    @property
    def confirmed(self) -> float:
        """The share of confirmed visits that nobody takes back."""
        return self.treatment[0] * (1 - self.returning)

    @property
    def presumed(self) -> float:
        """The share of presumed visits that nobody takes back."""
        return self.treatment[1] * (1 - self.returning)

    @property
    def lift(self) -> float:
        """Requests per 100 engaged visits in the holdout minus those in the treatment arm."""
        return 100 * (sum(self.holdout[2:4]) - sum(self.treatment[2:4]))


@dataclass(frozen=True, slots=True)
class World:
    """How large a world is."""

    seed: int = 1
    visits: int = 1_000_000
    days: int = 365
    articles: int = 300
    begun: float = 0.92
    engaged: float = 0.93
    end: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    truth: Truth = Truth()


def fill(database: Database, world: World) -> dict[str, int]:
    """Put a world into an empty database, day by day; give how many rows it has."""
    rng = np.random.default_rng(world.seed)
    total = {"visits": 0, "events": 0}
    with database.engine.connect() as connection:
        for day in range(world.days):
            number = world.visits * (day + 1) // world.days - world.visits * day // world.days
            visits, events = _day(rng, world, world.end - timedelta(days=world.days - day), total["visits"] + 1, number)
            write(connection, "visit", VISIT, visits)
            write(connection, "event", EVENT, events)
            connection.commit()
            total = {"visits": total["visits"] + len(visits), "events": total["events"] + len(events)}
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('visit_id_seq', (SELECT max(id) FROM visit))"))
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return total


def write(connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
    """Write rows the fastest way that a database has."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.execute(text("SELECT 1"))
    plain = [tuple(value.isoformat(" ", "microseconds")[:26] if isinstance(value, datetime) else value for value in row) for row in rows]
    driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", plain)


def _day(rng: np.random.Generator, world: World, day: datetime, first: int, number: int) -> tuple[Rows, Rows]:
    visits: Rows = []
    events: Rows = []
    seconds = (3600 * _hours(rng, number) + rng.uniform(0, 3600, number)).tolist()
    holdout = (rng.random(number) < world.truth.holdout_share).tolist()
    begun, engaged = (rng.random(number) < world.begun).tolist(), (rng.random(number) < world.engaged).tolist()
    came = np.where(holdout, rng.choice(5, number, p=world.truth.holdout), rng.choice(5, number, p=world.truth.treatment))
    helped_back = ((rng.random(number) < world.truth.returning) & (came < 2)).tolist()
    places = list(zip(*(_some(rng, values, shares, number) for values, shares in _MIX), strict=True))
    courses = _courses(rng, world, number)
    release = f"0.{(day.timetuple().tm_yday) // 30}.0+3"
    pending: list[tuple[int, datetime, tuple[str, ...]]] = []
    for place, ((language, topic, device, site), kind) in enumerate(zip(places, came.tolist(), strict=True)):
        visit_id, is_engaged, at = first + place, begun[place] and engaged[place], day + timedelta(seconds=seconds[place])
        arm = "holdout" if holdout[place] else "treatment"
        typed = at + timedelta(seconds=8)
        facts = list(_events(courses[place], visit_id, arm, KINDS[kind], typed, language)) if is_engaged else []
        last = facts[-1][-1] if facts else typed
        mark = f"b{visit_id}" if is_engaged and helped_back[place] and not holdout[place] else None
        if mark:
            pending.append((visit_id, last, (language, topic, device, site)))
        head = (visit_id, f"w{world.seed}-{visit_id}", arm, language, topic, True, is_engaged, False, None, mark, device, site, release, "form")
        visits.append((*head, begun[place], typed if begun[place] else None, at, max(last, typed) if begun[place] else at))
        events += facts
    for place, (earlier, last, (language, topic, device, site)) in enumerate(pending, first + number):
        at = last + timedelta(days=float(rng.uniform(0.1, 6.5)))
        head = (place, f"w{world.seed}-r{place}", "treatment", language, topic, True, False, False, None, f"b{earlier}", device, site, release, "form")
        visits.append((*head, True, at, at, at + timedelta(minutes=2)))
        events.append((place, "submitted", 0, None, None, "", "", at + timedelta(minutes=2)))
    return visits, events


_MIX = (
    (LANGUAGES, (0.6, 0.25, 0.15)),
    (TOPICS, (0.3, 0.2, 0.2, 0.1, 0.1, 0.1)),
    (DEVICES, (0.48, 0.44, 0.05, 0.03)),
    (SITES, (0.6, 0.25, 0.15)),
)


def _hours(rng: np.random.Generator, number: int) -> Any:
    return rng.choice(24, number, p=HOURS / HOURS.sum())


def _some(rng: np.random.Generator, values: Sequence[str], shares: Sequence[float], number: int) -> list[str]:
    return [values[place] for place in rng.choice(len(values), number, p=shares)]


def _courses(rng: np.random.Generator, world: World, number: int) -> list[Course]:
    """Draw for each visit of a day what is left to chance in it, all at once; the first articles are met far more often than the last."""
    drawn = np.sort((world.articles * rng.random((number, MOST_SHOWN)) ** 2).astype(int) + 1, axis=1).tolist()
    most = rng.integers(FEWEST_SHOWN, MOST_SHOWN + 1, number).tolist()
    articles = [list(dict.fromkeys(row))[:size] for row, size in zip(drawn, most, strict=True)]
    opens, waits = (rng.random(number) < 0.3).tolist(), rng.lognormal(4.2, 0.7, number).tolist()
    return list(zip(articles, opens, waits, strict=True))


def _events(course: Course, visit: int, arm: str, outcome: str, at: datetime, language: str) -> Iterator[tuple[Any, ...]]:
    """Let a visit come to what it is to come to."""
    articles, opens, waits = course
    moment = at + timedelta(seconds=20)
    shown = "shown" if arm == "treatment" else "withheld"
    for rank, article in enumerate(articles, 1):
        yield visit, shown, article, rank, None, "", language, moment
    best = articles[0]
    if outcome in {"confirmed", "presumed", "submitted_after_help"} or (arm == "treatment" and outcome == "abandoned" and opens):
        moment += timedelta(seconds=15)
        yield visit, "opened", best, None, None, "", "", moment
        if outcome in {"confirmed", "presumed"}:
            moment += timedelta(seconds=20)
            yield visit, "read", best, None, 20.0, "", "", moment
        if outcome == "confirmed":
            moment += timedelta(seconds=5)
            yield visit, "solved", best, None, None, "", "", moment
        if outcome == "submitted_after_help":
            yield visit, "declined", best, None, None, "steps-failed", "", moment + timedelta(seconds=9)
    if outcome in {"submitted", "submitted_after_help"}:
        yield visit, "submitted", 0, None, None, "", "", at + timedelta(seconds=60 + waits)
