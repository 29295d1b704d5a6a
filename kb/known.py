"""Known: what changes rarely, as this process knows it; whether it has changed is asked each time, which costs next to nothing."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from kb.database import Database
from kb.ready import Ready, Row

T = TypeVar("T")


class Known(Generic[T]):
    """Something read from a database, and read again as soon as its marks there are others; any number of threads may ask."""

    def __init__(self, database: Database, marks: Ready, read: Callable[[Session], T]) -> None:
        """Prepare; nothing is read until somebody asks.

        :param marks: a short statement whose rows differ after every change.
        """
        self._database, self._marks, self._read = database, marks, read
        self._known: tuple[list[Row], T] | None = None

    def now(self) -> T:
        """Give it as it is in the database at this moment.

        :raises sqlalchemy.exc.SQLAlchemyError: if that cannot be asked.
        """
        marks, known = self._database.glance(self._marks), self._known
        if known is None or known[0] != marks:
            with self._database.reading() as session:  # What has changed since the marks were read is read again next time.
                known = self._known = marks, self._read(session)
        return known[1]
