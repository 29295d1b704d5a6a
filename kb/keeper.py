"""The keeper: holds the engine of this process, notices when it is old or its files are hurt, and renews it aside."""

import logging
import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from kb.agreement import settle
from kb.attendance import NICENESS
from kb.database import Database
from kb.engine import Engine
from kb.generations import current_generation
from kb.growth import Growth
from kb.holdings import Holdings, read_holdings
from kb.shelf import LESSON_LOCK, Damaged, Shelf, Stamp
from kb.teaching import Lesson, lesson_mark, study
from kb.turns import small_turns
from kb.workshop import make, take_up

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How old the knowledge of the generation may be."""
TURN_SECONDS = 0.05
"""Pause between looks at what another builder of this node is doing."""
PATIENCE_SECONDS = 10.0
"""How long another process is waited for that should build and has not begun."""

_keepers: weakref.WeakSet["Keeper"] = weakref.WeakSet()


class Keeper:
    """Keeps one engine ready; readers go on with the old one while the next is being made.

    Two things are made aside, each by one thread here and one process of this node at a time: the next generation, which
    is wanted soon, and the next lesson, which may take minutes and must not make a publication wait.
    """

    def __init__(self, database: Database, folder: Path, *, builder: bool = False) -> None:
        """Prepare; nothing is read until the first text.

        :param builder: whether this is the one that others of this node leave the building to.
        """
        self._database, self._shelf, self._builder = database, Shelf(folder), builder
        self._engine: Engine | None = None
        self._stamp: Stamp = ()
        self._looked_at = float("-inf")
        self._growth = Growth(database)
        self._lesson_due = True  # Whoever stopped before may have left something to learn.
        self._closed = False
        self.part()
        _keepers.add(self)

    def part(self) -> None:
        """Begin anew in a process that was forked off: it has its parent's engine, but neither its threads nor its locks."""
        self._renewing, self._door = threading.Lock(), threading.Lock()
        self._renewal: threading.Thread | None = None
        self._study: threading.Thread | None = None

    @property
    def generation(self) -> int | None:
        """The generation that this process answers from; nothing before there is an engine."""
        return self._engine.generation if self._engine else None

    @property
    def present(self) -> Engine | None:
        """The engine there is, however old; nothing before the first text."""
        return self._engine

    def engine(self, *, first_wait: float = 0.0) -> Engine | None:
        """Give the engine there is, and have a newer one made aside if it is old; never waits for a renewal.

        :param first_wait: seconds to wait for the very first engine of this process.
        """
        if time.monotonic() - self._looked_at >= POLL_SECONDS:
            self._looked_at = time.monotonic()
            if self._is_old():
                with self._door:
                    self._renewal = self._aside(self._renewal, lambda: self._renew(patient=not self._builder))
            elif (self._lesson_due or self._growth.is_due()) and (self._builder or not self._shelf.is_attended()):
                with self._door:
                    self._study = self._aside(self._study, self._learn_aside)
        if self._engine is None and first_wait and self._renewal:
            self._renewal.join(first_wait)
        return self._engine

    def ensure(self, *, learn: bool = False, lesson: bool = False) -> Engine:
        """Build or load the engine of the present generation, and wait for it.

        :param learn: whether to train and calibrate in any case.
        :param lesson: whether to wait also for what there is to learn; else it follows aside, when the first text comes.
        """
        engine = self._renew()
        if learn or lesson:
            self._learn(wait=True, anyway=learn)
        return self._engine or engine

    def close(self, *, wait: bool = True) -> None:
        """Start nothing any more, and wait for what is being made, unless that is not wanted."""
        with self._door:  # Whoever is starting a thread has told which one it is by then; nobody starts another.
            self._closed, made = True, (self._renewal, self._study)
        for thread in made:
            if wait and thread is not None and thread.is_alive():
                thread.join()

    def _is_old(self) -> bool:
        if self._engine is None:
            return True
        with self._database.reading() as session:
            if current_generation(session) != self._engine.generation:
                return True
        return self._shelf.stamp() != self._stamp

    def _aside(self, thread: threading.Thread | None, work: Callable[[], object]) -> threading.Thread | None:
        """Start a thread unless one is at it or the door is closed; only with the door held."""
        if self._closed or (thread is not None and thread.is_alive()):
            return thread
        thread = threading.Thread(target=_quietly, args=(work,), name="engine", daemon=True)
        thread.start()
        return thread

    def _renew(self, *, patient: bool = False) -> Engine:
        """Load what another builder made, or be the builder.

        :param patient: whether to leave it to the process that does nothing else, if there is one and it is at it.
        """
        with self._renewing, small_turns():
            begun = time.monotonic()
            try:
                while True:
                    if (engine := self._load()) is not None:
                        return self._use(engine)
                    if not patient or time.monotonic() - begun > PATIENCE_SECONDS or not self._shelf.is_attended():
                        with self._shelf.locked(wait=False) as mine:
                            if mine:
                                return self._build(self._holdings())
                    time.sleep(TURN_SECONDS)
            except OSError as error:
                log.warning("the index folder cannot be written (%s); this process keeps its own", type(error).__name__)
                return self._build_in_memory()

    def _learn_aside(self) -> None:
        if self._builder:
            os.nice(NICENESS)  # Of this thread alone: nobody who types or publishes waits for what may take minutes.
        self._learn()

    def _learn(self, *, wait: bool = False, anyway: bool = False) -> None:
        """Learn what there is to learn, beside everything else, and give the present generation the new lesson.

        :param wait: whether to wait for another process that is learning; else it is left to do it.
        :param anyway: whether to learn also when nothing is new.
        """
        try:
            with self._shelf.locked(wait=wait, name=LESSON_LOCK) as mine:
                if not mine:
                    return
                self._growth.learn()
                settle(self._database)
                holdings, engine = self._holdings(), self._renew()
                if anyway or engine.lesson != lesson_mark(holdings):
                    lesson = study(engine.rooms, holdings)
                    with self._renewing, self._shelf.locked(wait=True):
                        self._build(self._holdings(), lesson)
        except OSError as error:  # The engine of this process alone was taught when it was made.
            log.warning("the index folder cannot be written (%s); no lesson is kept", type(error).__name__)
        self._lesson_due = False

    def _load(self) -> Engine | None:
        """Load the current generation from disk if it is the database's."""
        stamp = self._shelf.stamp()
        if self._engine is None or stamp != self._stamp:
            try:
                self._engine = take_up(self._shelf, self._engine)
                self._stamp = stamp
            except Damaged:
                # Also when its directory was swept away between two looks, because newer ones came.
                return None
        with self._database.reading() as session:
            return self._engine if current_generation(session) == self._engine.generation else None

    def _build(self, holdings: Holdings, lesson: Lesson | None = None) -> Engine:
        """Make a generation of these holdings; only under the lock of the shelf."""
        before = self._intact()
        if lesson is None and before is not None and before.generation == holdings.generation:
            return self._use(before)
        self._lesson_due = True
        return self._use(make(self._shelf, holdings, before, lesson))

    def _holdings(self) -> Holdings:
        with self._database.reading() as session:
            return read_holdings(session)

    def _intact(self) -> Engine | None:
        """Load what is on disk now, so that its parts may be taken over."""
        try:
            return take_up(self._shelf, self._engine)
        except Damaged:
            return None

    def _build_in_memory(self) -> Engine:
        holdings = self._holdings()
        if self._engine is None or self._engine.generation != holdings.generation:
            with tempfile.TemporaryDirectory(prefix="webform-") as folder:
                shelf = Shelf(Path(folder) / "index")
                untaught = make(shelf, holdings, None)
                self._engine = make(shelf, holdings, untaught, study(untaught.rooms, holdings))
        return self._engine

    def _use(self, engine: Engine) -> Engine:
        self._engine, self._stamp = engine, self._shelf.stamp()
        return engine


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as fault:  # noqa: BLE001 - readers keep what they have; the next look tries again
        log.warning("the engine could not be renewed: %s", type(fault).__name__)


def _part_all() -> None:
    for keeper in _keepers:
        keeper.part()


os.register_at_fork(after_in_child=_part_all)
