"""Subscriptions: who gets the weekly report, in which language, and on which weekday at what hour of their own."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base

MOST = 200
KEY_BYTES = 18
DAYS_OF_WEEK = 7


class Subscription(Base):
    """One person's wish to get the report every week.

    ``hour`` and ``weekday`` (0 is Monday) are by the clock of ``zone``. ``sent_week`` is the Monday of the last week that was
    reported on, so that no week is ever told twice. Who has ``stop_key`` may end it.
    """

    __tablename__ = "report_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    weekday: Mapped[int]
    hour: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    stop_key: Mapped[str] = mapped_column(String(64), unique=True)
    stopped_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime] = mapped_column(index=True)
    sent_week: Mapped[date | None]
    added_by: Mapped[str] = mapped_column(String(255))

    def facts(self) -> dict[str, object]:
        """Give what stands in the trace."""
        return {"email": self.email, "language": self.language, "weekday": self.weekday, "hour": self.hour, "zone": self.zone}


def subscriptions(session: Session) -> list[Subscription]:
    """List everybody who gets the report, or got it until it was stopped, by address."""
    return list(session.scalars(select(Subscription).order_by(Subscription.email)))


def find(session: Session, email: str) -> Subscription | None:
    """Find the subscription of an address."""
    return session.scalar(select(Subscription).where(Subscription.email == email))


def find_by_key(session: Session, key: str) -> Subscription | None:
    """Find the subscription that a key ends."""
    return session.scalar(select(Subscription).where(Subscription.stop_key == key.replace("\0", "")[:64]))


def subscribe(session: Session, email: str, *, language: str, weekday: int, hour: int, zone: str, author: str, now: datetime) -> Subscription:
    """Send the report to an address from now on, or at another time than until now; what was stopped begins again."""
    found = find(session, email)
    if found is None:
        found = Subscription(email=email, stop_key=secrets.token_urlsafe(KEY_BYTES), added_by=author)
        session.add(found)
    found.language, found.weekday, found.hour, found.zone, found.stopped_at = language, weekday, hour, zone, None
    found.next_due_at = next_due(weekday, hour, zone, now)
    session.flush()
    return found


def stop(session: Session, subscription: Subscription, now: datetime) -> None:
    """Send no more reports to somebody."""
    subscription.stopped_at = subscription.stopped_at or now
    session.flush()


def next_due(weekday: int, hour: int, zone: str, after: datetime) -> datetime:
    """Give the first moment after another at which it is that hour of that weekday in a zone.

    An hour that the change to summer time leaves out comes when the clock has gone on; one that comes twice is the first of both.
    """
    place = ZoneInfo(zone)
    local = after.astimezone(place)
    for days in range(DAYS_OF_WEEK + 2):
        day = local.date() + timedelta(days=days)
        moment = datetime.combine(day, time(hour), place).astimezone(UTC)
        if day.weekday() == weekday and moment > after:
            return moment
    raise AssertionError("every weekday comes within eight days")


def reported_week(now: datetime) -> date:
    """Give the Monday of the last week that is over, in UTC."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=today.weekday() + DAYS_OF_WEEK)
