"""Rates: how often an address or a network may ask, counted in the database so that all processes agree."""

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
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
from kb.ready import Ready
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
        hits, expires_at = self._count(key, seconds, now)
        if hits > limit:
            self._remember(key, expires_at, now)
        return Spent(hits <= limit, limit, max(0, limit - hits), _seconds_to(expires_at, now))

    def _count(self, key: str, seconds: int, now: datetime) -> tuple[int, datetime]:
        with self._database.counting_plainly(patience=PATIENCE) as connection:
            hits, expires_at = _HIT.rows(connection, {"key": key, "until": now + timedelta(seconds=seconds), "now": now})[0]
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


def network(address: str | None) -> str:
    """Name the network that an address stands for: itself for IPv4, its /64 for IPv6, where one host has many.

    Anything that is not an address (a socket path, nothing) is one network of its own.
    """
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return f"{parsed}/32"


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
