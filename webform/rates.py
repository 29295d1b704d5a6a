"""Rates: how often an address or a network may ask, counted in the database so that all processes agree."""

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Protocol

from limits import RateLimitItemPerSecond
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import String, bindparam, case, delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from kb.database import Database
from kb.inserts import insert_for
from kb.ready import Line, Ready
from kb.schema import Base
from webform.settings import SettingError

PURGE_AFTER = timedelta(minutes=5)
MOST_REMEMBERED = 10_000
PATIENCE = 5.0  # Seconds: a hit that cannot be counted is let through.
log = logging.getLogger(__name__)


class RateWindow(Base):
    """Hits under one key until a moment; keys are keyed hashes, never addresses."""

    __tablename__ = "rate_window"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of one use: whether it is allowed, how many are ``left``, and in how many seconds all are there again."""

    allowed: bool
    limit: int
    left: int
    seconds: int


class Counter(Protocol):
    """Where hits are counted."""

    def hit(self, key: str, limit: int, seconds: int) -> bool:
        """Count one hit; tell whether it is within the limit."""

    def weigh(self, key: str, limit: int, seconds: int) -> Spent:
        """Count one hit; tell what is left."""

    def is_full(self, key: str) -> bool:
        """Tell, at no cost, whether a key is known to be over its limit."""

    def hit_within(self, line: Line, key: str, limit: int, seconds: int) -> bool:
        """Count one hit in a transaction in which something else is written too."""


class DatabaseCounter:
    """Counts in the table ``rate_window``: a window opens with its first hit, and each hit is one atomic statement.

    A key that is over its limit is remembered in the process until its window closes, so that a flood costs the
    database nothing more.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Count on a database, by a clock."""
        self._database = database
        self._clock = clock
        self._full: dict[str, datetime] = {}
        self._purged_at = clock()

    def hit(self, key: str, limit: int, seconds: int) -> bool:
        """Count one hit; tell whether it is within the limit."""
        return self.weigh(key, limit, seconds).allowed

    def weigh(self, key: str, limit: int, seconds: int) -> Spent:
        """Count one hit; tell what is left."""
        now = self._clock()
        full_until = self._full.get(key, now)
        if full_until > now:
            return Spent(False, limit, 0, _seconds_to(full_until, now))
        self._purge(now)
        with self._database.counting_plainly(patience=PATIENCE) as line:
            hits, expires_at = self._count(line, key, limit, seconds, now)
        return Spent(hits <= limit, limit, max(0, limit - hits), _seconds_to(expires_at, now))

    def is_full(self, key: str) -> bool:
        """Tell, at no cost, whether a key is known to be over its limit."""
        now = self._clock()
        self._purge(now)
        return self._full.get(key, now) > now

    def hit_within(self, line: Line, key: str, limit: int, seconds: int) -> bool:
        """Count one hit in a transaction in which something else is written too."""
        return self._count(line, key, limit, seconds, self._clock())[0] <= limit

    def _count(self, line: Line, key: str, limit: int, seconds: int, now: datetime) -> tuple[int, datetime]:
        hits, expires_at = _HIT.rows(line, {"key": key, "until": now + timedelta(seconds=seconds), "now": now})[0]
        if hits > limit:
            self._remember(key, expires_at, now)
        return hits, expires_at

    def _remember(self, key: str, expires_at: datetime, now: datetime) -> None:
        if len(self._full) >= MOST_REMEMBERED:
            self._full = {known: moment for known, moment in list(self._full.items()) if moment > now}
        if len(self._full) < MOST_REMEMBERED:
            self._full[key] = expires_at

    def _purge(self, now: datetime) -> None:
        if now - self._purged_at < PURGE_AFTER:
            return
        self._purged_at = now
        with self._database.writing() as session:
            session.execute(delete(RateWindow).where(RateWindow.expires_at <= now))


def _hit(dialect: str) -> ReturningInsert[int, datetime]:
    """Put together how a hit is counted; a window that is over begins anew."""
    statement = insert_for(dialect, RateWindow).values(key=bindparam("key"), hits=1, expires_at=bindparam("until"))
    over = RateWindow.expires_at <= bindparam("now")
    return statement.on_conflict_do_update(
        index_elements=["key"],
        set_={"hits": case((over, 1), else_=RateWindow.hits + 1), "expires_at": case((over, statement.excluded.expires_at), else_=RateWindow.expires_at)},
    ).returning(RateWindow.hits, RateWindow.expires_at)


_HIT = Ready(_hit)


class SharedCounter:
    """Counts in a store that several nodes share, by a moving window; ``redis://`` needs the extra ``redis``."""

    def __init__(self, uri: str) -> None:
        """Name the store.

        :raises limits.errors.ConfigurationError: if its kind is not known or its client is not installed.
        """
        self._limiter = MovingWindowRateLimiter(storage_from_string(uri, wrap_exceptions=True))

    def hit(self, key: str, limit: int, seconds: int) -> bool:
        """Count one hit; tell whether it is within the limit."""
        return self._limiter.hit(RateLimitItemPerSecond(limit, seconds), key)

    def weigh(self, key: str, limit: int, seconds: int) -> Spent:
        """Count one hit; tell what is left."""
        item = RateLimitItemPerSecond(limit, seconds)
        allowed = self._limiter.hit(item, key)
        stats = self._limiter.get_window_stats(item, key)
        return Spent(allowed, limit, max(0, stats.remaining), max(1, ceil(stats.reset_time - time.time())))

    def is_full(self, key: str) -> bool:
        """Say that nothing is known: the store is asked in any case."""
        return False

    def hit_within(self, line: Line, key: str, limit: int, seconds: int) -> bool:
        """Count one hit, in the store all the same."""
        return self.hit(key, limit, seconds)


class Rates:
    """Says whether somebody may ask once more.

    A store that does not answer lets everybody through: a form that refuses because it cannot count is worse than one
    that does not count. It is logged once, and again only after the store has worked in between.
    """

    def __init__(self, counter: Counter, secret: str) -> None:
        """Count with a counter, under names that only the secret's owner can link to anybody."""
        self._counter = counter
        self._secret = secret.encode()
        self._broken = False

    def spend(self, name: str, who: str, limit: int, seconds: int) -> bool:
        """Count one use and tell whether it is allowed.

        :param name: what is limited, for example ``suggestions``.
        :param who: whose use it is: a network, an address, a visit; stored as a keyed hash only.
        :param limit: uses allowed within ``seconds``; 0 allows none.
        """
        try:
            allowed = self._counter.hit(self._key(name, who), limit, seconds)
        except (SQLAlchemyError, StorageError) as error:
            self._complain(error)
            return True
        self._broken = False
        return allowed

    def is_spent(self, name: str, who: str) -> bool:
        """Tell, at no cost, whether it is known that nothing is left."""
        try:
            return self._counter.is_full(self._key(name, who))
        except SQLAlchemyError as error:
            self._complain(error)
            return False

    def spend_within(self, line: Line, name: str, who: str, limit: int, seconds: int) -> bool:
        """Count one use as ``spend`` does, in a transaction in which something else is written too: if that fails, so does this."""
        try:
            return self._counter.hit_within(line, self._key(name, who), limit, seconds)
        except StorageError as error:
            self._complain(error)
            return True

    def weigh(self, name: str, who: str, limit: int, seconds: int) -> Spent:
        """Count one use as ``spend`` does, and tell what is left; nothing is known to be used while nothing can be counted."""
        try:
            spent = self._counter.weigh(self._key(name, who), limit, seconds)
        except (SQLAlchemyError, StorageError) as error:
            self._complain(error)
            return Spent(True, limit, limit, seconds)
        self._broken = False
        return spent

    def _key(self, name: str, who: str) -> str:
        return hmac.new(self._secret, f"rate\0{name}\0{who}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _complain(self, error: Exception) -> None:
        if not self._broken:
            log.error("rates cannot be counted, nobody is limited", extra={"fault": type(error).__name__})
        self._broken = True


def _seconds_to(until: datetime, now: datetime) -> int:
    return max(1, ceil((until - now).total_seconds()))


def open_rates(database: Database, secret: str, storage: str = "", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Rates:
    """Make the rates of an installation.

    :param storage: a URI of the ``limits`` library, for example ``redis://host``; empty means the database.
    :raises webform.settings.SettingError: if the storage is of an unknown kind, or its client is not installed.
    """
    try:
        counter: Counter = SharedCounter(storage) if storage else DatabaseCounter(database, clock)
    except (ConfigurationError, ValueError) as error:
        raise SettingError(f"WEBFORM_RATE_STORAGE: {error}. Leave it empty for the database, or use redis://host and install the extra `redis`") from error
    return Rates(counter, secret)
