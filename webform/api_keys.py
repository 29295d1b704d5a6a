"""API keys: what programs show to be let in, each with what it may do, until a day or until it is taken back.

Of a key only its beginning and a keyed hash are kept: who reads the database, or a backup, cannot use any.
"""

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.tokens import Tokens

LONGEST_NAME, MOST_KEYS = 100, 200
NAME_BYTES, SECRET_BYTES = 5, 32
_KEY = re.compile(r"(cfk_[0-9a-f]{10})_[A-Za-z0-9_-]{43}")
_NOBODY = "0" * 64


class Scope(StrEnum):
    """What a key may be good for."""

    SEND = "requests:write"
    READ = "requests:read"
    STATUS = "requests:status"
    ARTICLES = "articles:read"
    SUGGEST = "suggestions:read"
    DEFLECTION = "deflection:read"


class ApiKey(Base):
    """A key by its beginning, ``prefix``; ``scopes`` are kept with spaces between, ``last_day`` is the last one of UTC on which it opens."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    scopes: Mapped[str] = mapped_column(String(200))
    last_day: Mapped[date | None]
    used_on: Mapped[date | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(320))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(320), default="")

    @property
    def may(self) -> frozenset[Scope]:
        """What it may do."""
        return frozenset(scope for scope in Scope if scope in self.scopes.split())

    def is_over(self, now: datetime) -> bool:
        """Tell whether its last day has passed."""
        return self.last_day is not None and now.astimezone(UTC).date() > self.last_day

    def opens(self, now: datetime) -> bool:
        """Tell whether it is still good."""
        return self.revoked_at is None and not self.is_over(now)

    def facts(self) -> dict[str, object]:
        """Tell what it says, for the trace; of the key itself only what everybody may know."""
        last = self.last_day.isoformat() if self.last_day else ""
        return {"name": self.name, "key": self.prefix, "scopes": self.scopes.split(), "last_day": last, "active": self.revoked_at is None}


def every(session: Session) -> list[ApiKey]:
    """List them all: those that were not taken back first, then by name."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.revoked_at.is_not(None), ApiKey.name, ApiKey.id)))


def add(session: Session, tokens: Tokens, *, name: str, scopes: Iterable[Scope], last_day: date | None, author: str, now: datetime) -> tuple[ApiKey, str]:
    """Make a key.

    :return: what is kept of it, and the key itself, which can never be read again.
    """
    prefix = f"cfk_{secrets.token_hex(NAME_BYTES)}"
    key = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    chosen = " ".join(sorted(scope.value for scope in scopes))
    made = ApiKey(prefix=prefix, digest=_digest(tokens, key), name=name[:LONGEST_NAME], scopes=chosen, last_day=last_day, made_at=now, made_by=author)
    session.add(made)
    session.flush()
    return made, key


def revoke(session: Session, number: int, *, author: str, now: datetime) -> ApiKey | None:
    """Take a key back, at once; nothing if there is none, or it was taken back before."""
    found = session.get(ApiKey, number) if 0 < number < 2**31 else None
    if found is None or found.revoked_at is not None:
        return None
    found.revoked_at, found.revoked_by = now, author
    session.flush()
    return found


def find(session: Session, tokens: Tokens, key: str, now: datetime) -> ApiKey | None:
    """Find what is kept of a key that is good now; how long it takes tells nothing of how nearly another one was right."""
    read = _KEY.fullmatch(key)
    found = session.scalar(select(ApiKey).where(ApiKey.prefix == read[1])) if read else None
    is_right = hmac.compare_digest(found.digest if found else _NOBODY, _digest(tokens, key))
    return found if found is not None and is_right and found.opens(now) else None


def note_use(session: Session, number: int, day: date) -> None:
    """Note the day on which a key was used last."""
    session.execute(update(ApiKey).where(ApiKey.id == number).values(used_on=day))


def _digest(tokens: Tokens, key: str) -> str:
    return tokens.digest("api key", key)
