"""Visits: openings of the form, from the first typed character to sending or thirty idle minutes.

A form that a person opened and typed nothing into is a row too, which no figure counts but the one of opened forms. A row is
made once for each token and only ever gains: it is seen later, it becomes engaged. That a visit has ended
after ``IDLE`` is said by the reports; nothing is written for it.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, bindparam, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from deflection.surroundings import UNKNOWN, Surroundings
from kb.inserts import insert_into
from kb.schema import Base

IDLE = timedelta(minutes=30)


class Arm(StrEnum):
    """Which form a visit sees: the one that answers first, or a plain one for comparison."""

    TREATMENT = "treatment"
    HOLDOUT = "holdout"


class Visit(Base):
    """One opening of the form. It knows no person: no address, no name, no typed text.

    ``begun`` says that something was typed, first at ``typed_at``; before that it is only a form that was opened.
    ``straight`` tells that what was typed last goes straight to a person by a rule: in either arm no answer was possible.
    ``device, site, release, channel`` are facts of the visit, as first known; ``browser`` is a keyed hash of a random mark
    that a browser keeps for seven days, and ``person`` one of an address: they tell that somebody came back, nothing else.
    """

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    arm: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16), default="")
    topic: Mapped[str] = mapped_column(String(64), default="")
    scripted: Mapped[bool]
    engaged: Mapped[bool] = mapped_column(default=False)
    straight: Mapped[bool] = mapped_column(default=False)
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    browser: Mapped[str | None] = mapped_column(String(64), index=True)
    device: Mapped[str] = mapped_column(String(16), default="", server_default="")
    site: Mapped[str] = mapped_column(String(255), default="", server_default="")
    release: Mapped[str] = mapped_column(String(32), default="", server_default="")
    channel: Mapped[str] = mapped_column(String(16), default="form", server_default="form")
    begun: Mapped[bool] = mapped_column(default=True, server_default=true())
    typed_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime] = mapped_column(index=True)


_BY_TOKEN = select(Visit).where(Visit.token == bindparam("token"))


def draw_arm(token: str, *, holdout_share: float, secret: str) -> Arm:
    """Draw the arm of a visit: always the same for a token, and nobody without the secret can choose it.

    :param holdout_share: share of tokens that fall into the holdout, from 0 (none) to 1 (all).
    """
    digest = hmac.new(secret.encode(), b"arm\0" + token.encode("utf-8", "replace"), hashlib.sha256).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64
    return Arm.HOLDOUT if point < holdout_share else Arm.TREATMENT


def see(
    session: Session,
    *,
    token: str,
    language: str,
    topic: str = "",
    scripted: bool,
    engaged: bool = False,
    straight: bool | None = None,
    begun: bool = True,
    surroundings: Surroundings = UNKNOWN,
    holdout_share: float,
    secret: str,
    now: datetime,
) -> Visit:
    """Note that a visit is going on, and give it; the first call begins it and draws its arm.

    Any number of processes may see a new visit at once: one row comes of it. Later calls only add: a visit that was
    engaged or scripted stays so, and an empty language or topic leaves the known one.

    :param token: the random part of the visit's token.
    :param scripted: whether JavaScript works there.
    :param engaged: whether a real question was typed (two content words, or four Chinese characters).
    :param straight: whether what was typed goes straight to a person by a rule; the last word stands, nothing leaves the known one.
    :param begun: whether anything was typed; otherwise the form was only opened.
    :param surroundings: the first known device, site and release stand.
    """
    arm = draw_arm(token, holdout_share=holdout_share, secret=secret)
    visit = find_visit(session, token)
    if visit is None:
        first = {"token": token, "arm": arm, "language": language, "topic": topic, "scripted": scripted, "engaged": engaged, "straight": bool(straight)}
        first |= {"begun": begun, "channel": surroundings.channel}
        session.execute(insert_into(session, Visit).values(**first, started_at=now, last_seen_at=now).on_conflict_do_nothing(index_elements=["token"]))
        visit = session.scalars(select(Visit).where(Visit.token == token)).one()
    visit.language = language or visit.language
    visit.topic = topic or visit.topic
    visit.scripted = visit.scripted or scripted
    visit.engaged = visit.engaged or engaged
    visit.straight = visit.straight if straight is None else straight
    visit.begun = visit.begun or begun
    visit.typed_at = visit.typed_at or (now if begun else None)
    _surround(visit, surroundings)
    visit.last_seen_at = max(visit.last_seen_at, now)
    session.flush()
    return visit


def _surround(visit: Visit, known: Surroundings) -> None:
    visit.device = visit.device or known.device
    visit.site = visit.site or known.site
    visit.release = visit.release or known.release
    visit.browser = visit.browser or known.browser or None


def find_visit(session: Session, token: str) -> Visit | None:
    """Give the visit of a token, or nothing if it was never seen."""
    return session.scalar(_BY_TOKEN, {"token": token})


def identify(session: Session, visit: Visit, person: str) -> None:
    """Note who sent a request, as a keyed hash, so that coming back within days can be told; never an address.

    :param person: 64 hexadecimal digits at most.
    """
    visit.person = person
    session.flush()
