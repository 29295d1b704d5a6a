"""Visits: openings of the form, from the first typed character to sending or thirty idle minutes.

A form that a person opened and typed nothing into is a row too, which no figure counts but the one of opened forms. A row is
made once for each token and only ever gains: it is seen later, it becomes engaged. That a visit has ended
after ``IDLE`` is said by the reports; nothing is written for it.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import BindParameter, ColumnElement, String, bindparam, case, func, or_, select, true, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column
from sqlalchemy.sql.selectable import ExecutableReturnsRows

from deflection.surroundings import UNKNOWN, Surroundings
from kb.inserts import dialect_of, insert_for
from kb.ready import Line, Ready
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


class Sight(TypedDict):
    """What is told of a visit that is going on.

    ``token`` is the random part of the visit's token; ``scripted`` tells whether JavaScript works there, ``engaged`` whether a real question was
    typed (two content words, one in a sentence of four, or four Chinese characters), ``straight`` whether what was
    typed goes straight to a person by a rule: the last word stands, nothing leaves the known one; ``begun`` whether anything was typed, otherwise
    the form was only opened. Of ``surroundings`` the first known device, site and release stand.
    """

    token: str
    language: str
    topic: NotRequired[str]
    scripted: bool
    engaged: NotRequired[bool]
    straight: NotRequired[bool | None]
    begun: NotRequired[bool]
    surroundings: NotRequired[Surroundings]
    holdout_share: float
    secret: str
    now: datetime


Keep = Callable[[Mapping[str, object], bool], Visit | None]
"""Keeps what is told of a visit, and says whether it begins with that; gives the visit, or nothing if it has not begun yet."""


def see(session: Session, **sight: Unpack[Sight]) -> Visit:
    """Note that a visit is going on, and give it; the first call begins it and draws its arm.

    Any number of processes may see a new visit at once: one row comes of it. Later calls only add: a visit that was
    engaged or scripted stays so, and an empty language or topic leaves the known one.
    """
    fresh = {"populate_existing": True}

    def whole(told: Mapping[str, object], first: bool) -> Visit | None:
        statement = _begun_whole(dialect_of(session)) if first else _SEEN_AGAIN
        visit: Visit | None = session.scalars(statement, told, execution_options=fresh).one_or_none()
        return visit

    return _seen(sight, whole)


def see_in_passing(line: Line, **sight: Unpack[Sight]) -> Visit:
    """Do the same for a visit of which only its number will be asked: what is given knows nothing else and belongs to no session."""

    def passing(told: Mapping[str, object], first: bool) -> Visit | None:
        rows = (_BEGUN_IN_PASSING if first else _SEEN_IN_PASSING).rows(line, told)
        return Visit(id=rows[0][0], last_seen_at=sight["now"]) if rows else None

    return _seen(sight, passing)


def _seen(sight: Sight, keep: Keep) -> Visit:
    """Add what is known now to a visit, in one statement, or begin it in another, which adds it where somebody else has just begun the visit."""
    token, now, around, begun = sight["token"], sight["now"], sight.get("surroundings", UNKNOWN), sight.get("begun", True)
    told: dict[str, object] = {"known": token, "told_language": sight["language"], "told_scripted": sight["scripted"], "told_now": now, "told_begun": begun}
    told |= {"told_topic": sight.get("topic", ""), "told_engaged": sight.get("engaged", False), "told_straight": sight.get("straight")}
    told |= {f"told_{name}": getattr(around, name) for name in SURROUNDINGS}
    if (visit := keep(told, False)) is None:
        arm = draw_arm(token, holdout_share=sight["holdout_share"], secret=sight["secret"])
        first = {"arm": arm, "channel": around.channel, "straight": bool(sight.get("straight")), "typed_at": now if begun else None}
        visit = keep(told | {f"first_{name}": value for name, value in first.items()}, True)
    if visit is None:
        raise LookupError("a visit is gone as soon as it has begun")
    return visit


def _told(name: str, column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> BindParameter[Any]:
    return bindparam(f"told_{name}", type_=column.type)


SURROUNDINGS = ("device", "site", "release", "browser")
EMPTY = {"device": "", "site": "", "release": "", "browser": None}
_visit = Visit.__table__.c
_GAINED = {
    "language": func.coalesce(func.nullif(_told("language", Visit.language), ""), _visit.language),
    "topic": func.coalesce(func.nullif(_told("topic", Visit.topic), ""), _visit.topic),
    "scripted": or_(_visit.scripted, _told("scripted", Visit.scripted)),
    "engaged": or_(_visit.engaged, _told("engaged", Visit.engaged)),
    "straight": func.coalesce(_told("straight", Visit.straight), _visit.straight),
    "begun": or_(_visit.begun, _told("begun", Visit.begun)),
    "typed_at": func.coalesce(_visit.typed_at, case((_told("begun", Visit.begun), _told("now", Visit.last_seen_at)))),
    **{name: func.coalesce(func.nullif(_visit[name], ""), func.nullif(_told(name, getattr(Visit, name)), ""), EMPTY[name]) for name in SURROUNDINGS},
    "last_seen_at": case((_visit.last_seen_at < _told("now", Visit.last_seen_at), _told("now", Visit.last_seen_at)), else_=_visit.last_seen_at),
}
"""What a visit that is seen again becomes, by what is known of it and what is told now."""
_SEEN = (
    update(Visit.__table__)  # type: ignore[arg-type]  # As a plain table: changing it through the model costs twice as much.
    .where(_visit.token == bindparam("known"))
    .values(_GAINED)
)
_SEEN_AGAIN = select(Visit).from_statement(_SEEN.returning(*_visit))
_SEEN_IN_PASSING = Ready(_SEEN.returning(_visit.id))


def _begun(dialect: str) -> postgresql.Insert:
    begun = {
        "token": bindparam("known"),
        **{name: bindparam(f"first_{name}", type_=_visit[name].type) for name in ("arm", "channel", "straight", "typed_at")},
        **{name: _told(name, _visit[name]) for name in ("language", "topic", "scripted", "engaged", "begun", *SURROUNDINGS)},
        "browser": func.nullif(_told("browser", _visit.browser), ""),
        **dict.fromkeys(("started_at", "last_seen_at"), _told("now", _visit.started_at)),
    }
    return insert_for(dialect, Visit).values(begun).on_conflict_do_update(index_elements=["token"], set_=_GAINED)


@lru_cache(maxsize=2)
def _begun_whole(dialect: str) -> ExecutableReturnsRows:
    return select(Visit).from_statement(_begun(dialect).returning(*_visit))


_BEGUN_IN_PASSING = Ready(lambda dialect: _begun(dialect).returning(_visit.id))


def find_visit(session: Session, token: str) -> Visit | None:
    """Give the visit of a token, or nothing if it was never seen."""
    return session.scalar(_BY_TOKEN, {"token": token})


def identify(session: Session, visit: Visit, person: str) -> None:
    """Note who sent a request, as a keyed hash, so that coming back within days can be told; never an address.

    :param person: 64 hexadecimal digits at most.
    """
    visit.person = person
    session.flush()
