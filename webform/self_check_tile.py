"""The tile of the self-check: in one word whether the form works, for every page that shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from webform import flapping, probes, troubles
from webform.flapping import Flap
from webform.troubles import CheckRun, Trouble

OVERDUE = timedelta(hours=3)


class Mood(StrEnum):
    """How the form does: well, badly, or nobody knows."""

    GOOD = "good"
    ALERT = "alert"
    UNKNOWN = "warn"


@dataclass(frozen=True, slots=True)
class Tile:
    """What the tile shows; ``overdue`` says that nobody has asked for hours: the worker may be down. ``flaps`` come and go."""

    mood: Mood
    troubles: tuple[Trouble, ...]
    run: CheckRun | None
    probes: int
    overdue: bool
    flaps: tuple[Flap, ...]


def tile(session: Session, now: datetime) -> Tile:
    """Tell how the form does."""
    lasting = tuple(troubles.open_troubles(session))
    run = next(iter(troubles.last_runs(session, 1)), None)
    kept = probes.count(session)
    overdue = run is not None and run.ran_at < now - OVERDUE
    mood = Mood.ALERT if lasting or overdue else Mood.GOOD if run is not None and kept else Mood.UNKNOWN
    return Tile(mood, lasting, run, kept, overdue, tuple(flapping.now_flapping(session)))
