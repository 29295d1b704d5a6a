"""The keeper: holds the engine of this process, notices when it is old or its files are hurt, and renews it aside."""

import logging
import tempfile
import threading
import time
from pathlib import Path

from kb.database import Database
from kb.engine import Engine
from kb.generations import current_generation
from kb.holdings import read_holdings
from kb.shelf import Damaged, Shelf, Stamp
from kb.workshop import lesson_mark, make, take_up

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How old the knowledge of the generation may be."""
TURN_SECONDS = 0.05
"""Pause between looks at what another builder of this node is doing."""


class Keeper:
    """Keeps one engine ready; readers go on with the old one while the next is being made."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Prepare; nothing is read until the first text."""
        self._database, self._shelf = database, Shelf(folder)
        self._engine: Engine | None = None
        self._stamp: Stamp = ()
        self._looked_at = float("-inf")
        self._renewing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._lesson_due = False
        self._closed = False

    @property
    def generation(self) -> int | None:
        """The generation that this process answers from; nothing before there is an engine."""
        return self._engine.generation if self._engine else None

    def engine(self, *, first_wait: float = 0.0) -> Engine | None:
        """Give the engine there is, and have a newer one made aside if it is old; never waits for a renewal.

        :param first_wait: seconds to wait for the very first engine of this process.
        """
        if time.monotonic() - self._looked_at >= POLL_SECONDS:
            self._looked_at = time.monotonic()
            if self._is_old():
                self._start()
        if self._engine is None and first_wait and self._thread:
            self._thread.join(first_wait)
        return self._engine

    def ensure(self, *, learn: bool = False) -> Engine:
        """Build or load the engine of the present generation, and wait for it; what there is to learn follows aside.

        :param learn: whether to train and calibrate in any case, and to wait for that too.
        """
        with self._renewing:
            engine = self._renew(learn=learn)
        if self._lesson_due:
            self._start()
        return engine

    def close(self) -> None:
        """Start nothing any more, and wait for what is being made."""
        self._closed = True
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def _is_old(self) -> bool:
        if self._engine is None or self._lesson_due:
            return True
        with self._database.reading() as session:
            if current_generation(session) != self._engine.generation:
                return True
        return self._shelf.stamp() != self._stamp

    def _start(self) -> None:
        if not self._closed and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._renew_aside, name="engine", daemon=True)
            self._thread.start()

    def _renew_aside(self) -> None:
        if not self._renewing.acquire(blocking=False):
            return
        try:
            self._renew(learn=False)
            if self._lesson_due and not self._closed:
                self._renew(learn=True)
        except Exception as fault:  # noqa: BLE001 - readers keep what they have; the next look tries again
            log.warning("the engine could not be renewed: %s", type(fault).__name__)
        finally:
            self._renewing.release()

    def _renew(self, *, learn: bool) -> Engine:
        """Load what another builder made, or be the builder; then learn from new past requests."""
        try:
            while True:
                engine = self._load()
                if engine is not None and not learn:
                    return self._use(engine)
                with self._shelf.locked(wait=False) as mine:
                    if mine:
                        return self._build(learn=learn)
                time.sleep(TURN_SECONDS)
        except OSError as error:
            log.warning("the index folder cannot be written (%s); this process keeps its own", type(error).__name__)
            return self._build_in_memory()

    def _load(self) -> Engine | None:
        """Load the current generation from disk if it is the database's."""
        stamp = self._shelf.stamp()
        if self._engine is None or stamp != self._stamp:
            try:
                self._engine = take_up(self._shelf)
                self._stamp = stamp
            except Damaged:
                # Also when its directory was swept away between two looks, because newer ones came.
                return None
        with self._database.reading() as session:
            return self._engine if current_generation(session) == self._engine.generation else None

    def _build(self, *, learn: bool) -> Engine:
        with self._database.reading() as session:
            holdings = read_holdings(session)
        before = self._intact()
        if before is None or before.generation != holdings.generation:
            before = self._use(make(self._shelf, holdings, before, learn=False))
        self._lesson_due = before.lesson != lesson_mark(holdings)
        if learn:
            before = self._use(make(self._shelf, holdings, before, learn=True))
            self._lesson_due = False
        return before

    def _intact(self) -> Engine | None:
        """Load what is on disk now, so that its parts may be taken over."""
        try:
            return take_up(self._shelf)
        except Damaged:
            return None

    def _build_in_memory(self) -> Engine:
        with self._database.reading() as session:
            holdings = read_holdings(session)
        if self._engine is None or self._engine.generation != holdings.generation:
            with tempfile.TemporaryDirectory(prefix="webform-") as folder:
                self._engine = make(Shelf(Path(folder) / "index"), holdings, None, learn=True)
        return self._engine

    def _use(self, engine: Engine) -> Engine:
        self._engine, self._stamp = engine, self._shelf.stamp()
        return engine
