"""Skips: customers who go straight to a person, by the domain of their address or by a link that was given to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.routing import is_within

LONGEST_NAME, LONGEST_DOMAIN, MOST_SKIPS = 100, 253, 500


class Skip(Base):
    """Somebody who is suggested nothing: a ``domain``, or whoever has the link if there is none; ``revoked_at`` ends it."""

    __tablename__ = "skip"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    domain: Mapped[str] = mapped_column(String(LONGEST_DOMAIN), default="", index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(320))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(320), default="")

    def facts(self) -> dict[str, object]:
        """Tell what it says, for the trace."""
        return {"name": self.name, "domain": self.domain, "urgent": self.urgent, "active": self.revoked_at is None}


@dataclass(frozen=True, slots=True)
class Skipping:
    """Who a request comes from that goes straight to a person, and whether it is urgent."""

    number: int
    name: str
    urgent: bool


def every(session: Session) -> list[Skip]:
    """List them all: those in force first, then by name."""
    return list(session.scalars(select(Skip).order_by(Skip.revoked_at.is_not(None), Skip.name, Skip.id)))


def add(session: Session, *, name: str, domain: str, urgent: bool, author: str, now: datetime) -> Skip:
    """Let somebody skip.

    :param domain: of their addresses, with everything below it; empty for a link.
    """
    made = Skip(name=name[:LONGEST_NAME], domain=domain[:LONGEST_DOMAIN].casefold(), urgent=urgent, made_at=now, made_by=author)
    session.add(made)
    session.flush()
    return made


def revoke(session: Session, number: int, *, author: str, now: datetime) -> Skip | None:
    """End it, at once; a link that was given away opens a usual form from now on."""
    found = session.get(Skip, number)
    if found is None or found.revoked_at is not None:
        return None
    found.revoked_at, found.revoked_by = now, author
    session.flush()
    return found


def of_link(session: Session, number: int) -> Skipping | None:
    """Tell who has a link, if it is still in force."""
    found = session.get(Skip, number) if 0 < number < 2**31 else None
    return _skipping(found) if found is not None and found.revoked_at is None and not found.domain else None


def of_domain(session: Session, domain: str) -> Skipping | None:
    """Tell who writes from a domain, or from one above it; the nearest one counts."""
    parts = domain.casefold().split(".")[-10:]
    above = [".".join(parts[at:]) for at in range(len(parts)) if parts[at:]]
    if not domain:
        return None
    found = session.scalars(select(Skip).where(Skip.domain.in_(above), Skip.domain != "", Skip.revoked_at.is_(None)))
    return _skipping(max((each for each in found if is_within(domain, each.domain)), key=lambda each: (len(each.domain), -each.id), default=None))


def _skipping(skip: Skip | None) -> Skipping | None:
    return Skipping(skip.id, skip.name, skip.urgent) if skip is not None else None
