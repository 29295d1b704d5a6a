"""Webhooks: addresses of other programs that are told what happens, each with the events it wants and a secret of its own."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.tokens import Tokens

MOST_HOOKS = 50
SALT_BYTES = 16


class HookEvent(StrEnum):
    """What a program can be told of; ``TRIAL`` is sent when somebody tries an address, and cannot be chosen."""

    REQUEST_OPENED = "request.opened"
    STATUS_CHANGED = "request.status_changed"
    ROUTED = "request.routed"
    SOLVED = "visit.solved"
    TAKEN_BACK = "visit.taken_back"
    UNDELIVERABLE = "mail.undeliverable"
    ALARM = "self_check.alarm"
    CLEAR = "self_check.clear"
    TRIAL = "trial"


class Detail(StrEnum):
    """What may be said of a request beside its reference, as far as a lead has chosen it."""

    ABOUT = "about"
    SUBJECT = "subject"
    MESSAGE = "message"
    PERSON = "person"


CHOICES = tuple(event for event in HookEvent if event is not HookEvent.TRIAL)


class Hook(Base):
    """An address that is told events. Its secret is not kept: it follows from ``salt`` and the installation's key.

    ``events`` and ``details`` are kept one a line. ``version`` rises with each change, so that nobody overwrites what
    somebody else changed meanwhile.
    """

    __tablename__ = "hook"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(1000), unique=True)
    events: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(64))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(String(255))
    changed_at: Mapped[datetime]

    @property
    def wants(self) -> frozenset[HookEvent]:
        """The events that it is told."""
        return frozenset(HookEvent(name) for name in self.events.split() if name in set(HookEvent))

    @property
    def may_say(self) -> frozenset[Detail]:
        """What is said of a request beside its reference."""
        return frozenset(Detail(name) for name in self.details.split() if name in set(Detail))

    def facts(self) -> dict[str, object]:
        """Give what stands in the trace; never the secret."""
        return {"url": self.url, "events": self.events.split(), "details": self.details.split(), "active": self.active}


@dataclass(frozen=True, slots=True)
class Draft:
    """A webhook as it is asked for."""

    url: str
    events: frozenset[HookEvent]
    details: frozenset[Detail] = frozenset()
    active: bool = True


class Overtaken(Exception):
    """Somebody else changed or deleted the webhook meanwhile."""


def hooks(session: Session) -> list[Hook]:
    """List every webhook, by address."""
    return list(session.scalars(select(Hook).order_by(Hook.url, Hook.id)))


def listening(session: Session, event: HookEvent) -> list[Hook]:
    """List the webhooks that are told an event."""
    return [hook for hook in session.scalars(select(Hook).where(Hook.active).order_by(Hook.id)) if event in hook.wants]


def find_by_url(session: Session, url: str) -> Hook | None:
    """Find the webhook with an address."""
    return session.scalar(select(Hook).where(Hook.url == url))


def add(session: Session, draft: Draft, *, author: str, now: datetime) -> Hook:
    """Begin to tell an address."""
    hook = Hook(salt=secrets.token_hex(SALT_BYTES), version=1, **_values(draft), changed_by=author, changed_at=now)
    session.add(hook)
    session.flush()
    return hook


def change(session: Session, number: int, draft: Draft, *, version: int, author: str, now: datetime) -> Hook:
    """Put another wording in a webhook's place.

    :raises Overtaken: if it is not what whoever changes it has seen.
    """
    hook = _seen(session, number, version)
    for name, value in _values(draft).items():
        setattr(hook, name, value)
    return _touched(session, hook, author, now)


def renew_secret(session: Session, number: int, *, version: int, author: str, now: datetime) -> Hook:
    """Give a webhook another secret; what is signed from now on is signed with it.

    :raises Overtaken: if it is not what whoever renews it has seen.
    """
    hook = _seen(session, number, version)
    hook.salt = secrets.token_hex(SALT_BYTES)
    return _touched(session, hook, author, now)


def remove(session: Session, number: int, *, version: int) -> None:
    """Delete a webhook, with what waits for it.

    :raises Overtaken: if it is not what whoever deletes it has seen.
    """
    session.delete(_seen(session, number, version))
    session.flush()


def secret(tokens: Tokens, salt: str) -> str:
    """Make the secret that belongs to a webhook's salt."""
    return f"whs_{tokens.digest('webhook', salt)}"


def lines(names: Iterable[StrEnum]) -> str:
    """Write names as they are kept: one a line, always in the same order."""
    return "\n".join(sorted(name.value for name in names))


def _values(draft: Draft) -> dict[str, object]:
    return {"url": draft.url, "events": lines(draft.events), "details": lines(draft.details), "active": draft.active}


def _seen(session: Session, number: int, version: int) -> Hook:
    hook = session.scalar(select(Hook).where(Hook.id == number).with_for_update())
    if hook is None or hook.version != version:
        raise Overtaken
    return hook


def _touched(session: Session, hook: Hook, author: str, now: datetime) -> Hook:
    hook.version, hook.changed_by, hook.changed_at = hook.version + 1, author, now
    session.flush()
    return hook
