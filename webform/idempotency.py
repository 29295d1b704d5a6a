"""Idempotency: a program that repeats a request because the answer got lost gets the first answer again."""

import json
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base
from webform.tokens import Tokens

KEPT = timedelta(days=2)
LONGEST_KEY = 200


class KeyReused(Exception):
    """The same key came with another request."""


class RepeatKey(Base):
    """A key that a program chose for one request, as a keyed hash, with what the request came to."""

    __tablename__ = "repeat_key"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(16), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


def find(session: Session, key: str, body: object, *, tokens: Tokens, now: datetime) -> str:
    """Give the reference of the request that a key was taken for; empty if it is free.

    :param body: the request as it was read from JSON; the order of its fields does not matter.
    :raises KeyReused: if the key was taken for another body within ``KEPT``.
    """
    fresh = RepeatKey.created_at >= now - KEPT
    taken = session.scalar(select(RepeatKey).where(RepeatKey.digest == tokens.digest("repeat key", key), fresh))
    if taken is not None and taken.body_digest != _body_digest(body, tokens):
        raise KeyReused
    return taken.reference if taken is not None else ""


def claim(session: Session, key: str, body: object, *, tokens: Tokens, now: datetime) -> RepeatKey:
    """Take a key for a request, or find what it was taken for; two at once are served one after the other.

    Part of the transaction that stores the request: if that fails, the key is free again. The caller sets the
    ``reference`` of a key that has none.

    :raises KeyReused: if the key was taken for another body within ``KEPT``.
    """
    session.execute(delete(RepeatKey).where(RepeatKey.created_at < now - KEPT))
    digest, body_digest = tokens.digest("repeat key", key), _body_digest(body, tokens)
    row = {"digest": digest, "body_digest": body_digest, "reference": "", "created_at": now}
    session.execute(insert_into(session, RepeatKey).values(row).on_conflict_do_nothing(index_elements=["digest"]))
    taken = session.scalars(select(RepeatKey).where(RepeatKey.digest == digest)).one()
    if taken.body_digest != body_digest:
        raise KeyReused
    return taken


def _body_digest(body: object, tokens: Tokens) -> str:
    return tokens.digest("repeat body", json.dumps(body, sort_keys=True))
