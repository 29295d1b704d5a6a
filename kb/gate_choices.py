"""Gate choices: the gates that leads have picked, by whom and why, and the one in force as every process sees it."""

import logging
import time
from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.database import Database
from kb.schema import Base
from kb.trace import record

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How old the knowledge of the last choice may be."""
LONGEST_REASON = 2000


class GateChoice(Base):
    """One decision about the gate; the last one holds.

    Without a ``gate`` it goes back to the calibrated one. ``previous`` is the gate that was in force before.
    """

    __tablename__ = "gate_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    gate: Mapped[float | None]
    previous: Mapped[float]
    chosen_by: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    chosen_at: Mapped[datetime] = mapped_column(index=True)


def choose(session: Session, gate: float | None, *, previous: float, by: str, reason: str, now: datetime) -> GateChoice:
    """Put a gate in force for every process, within a second.

    :param gate: in [0, 1]; ``None`` goes back to the calibrated one.
    :param previous: the gate that was in force.
    :param by: who decides.
    :raises ValueError: if the gate is no probability.
    """
    if gate is not None and not 0 <= gate <= 1:
        raise ValueError(f"{gate} is no gate: it lies between 0 and 1")
    choice = GateChoice(gate=gate, previous=previous, chosen_by=by[:255], reason=reason.strip()[:LONGEST_REASON], chosen_at=now)
    session.add(choice)
    session.flush()
    # The page of the gate has the whole history with its reasons; the trace says where to look.
    record(session, actor=by, action="chosen", subject="gate", before={"gate": previous}, after={"gate": gate, "choice": choice.id}, now=now)
    return choice


def last_choice(session: Session) -> GateChoice | None:
    """Give the choice that holds; nothing if none was ever made."""
    return session.scalars(select(GateChoice).order_by(GateChoice.id.desc()).limit(1)).first()


def history(session: Session, limit: int) -> list[GateChoice]:
    """List the choices, the last one first."""
    return list(session.scalars(select(GateChoice).order_by(GateChoice.id.desc()).limit(limit)))


class ChosenGate:
    """The chosen gate as this process knows it, read again within half a second; any number of threads may ask."""

    def __init__(self, database: Database, *, poll: float = POLL_SECONDS) -> None:
        """Prepare; nothing is read until somebody asks."""
        self._database, self._poll = database, poll
        self._looked_at = float("-inf")
        self.known: float | None = None
        """What was read last."""

    def look(self) -> float | None:
        """Give the chosen gate, or nothing where the calibrated one holds; never raises: then the last one known stays."""
        if time.monotonic() - self._looked_at >= self._poll:
            self._looked_at = time.monotonic()
            try:
                with self._database.reading() as session:
                    self.known = session.scalar(select(GateChoice.gate).order_by(GateChoice.id.desc()).limit(1))
            except SQLAlchemyError as error:
                log.error("the chosen gate cannot be read (%s)", type(error).__name__)
        return self.known

    def refresh(self) -> None:
        """Look at the database at the next question, as after a change by this process."""
        self._looked_at = float("-inf")
