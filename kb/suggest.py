"""The suggester: which articles answer a text, or that none does."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kb.analysis import engaged
from kb.database import Database
from kb.engine import Candidate, Engine
from kb.features import MOST_CHARACTERS
from kb.generations import current_generation
from kb.holdings import read_holdings
from kb.languages import language_of
from kb.showing import Suggestion, show

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""How old the knowledge of the generation may be."""
THREADS = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What the suggester says to a text: the suggestions that pass the gate, best first, and the gate they passed.

    ``engaged`` tells whether the text had enough content words to be looked up at all; ``topic`` is the category
    that the text most likely belongs to, with its probability, or nothing.
    """

    suggestions: tuple[Suggestion, ...]
    gate: float
    language: str
    generation: int
    engaged: bool
    topic: str = ""
    topic_share: float = 0.0


class Suggester:
    """The one stateful object: the index and the classifier of one generation, replaced when a newer one is ready."""

    def __init__(self, database: Database, folder: Path, *, gate: float | None = None) -> None:
        """Prepare; nothing is read until the first text.

        :param gate: score under which nothing is shown; the calibrated one unless given.
        """
        self.database = database
        self.folder = folder
        self.gate = gate
        self._engine: Engine | None = None
        self._looked_at = 0.0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="suggest")

    def suggest(self, subject: str, message: str, *, language: str = "", limit: int = 3) -> Answer:
        """Find the articles that answer a text.

        :param language: language of the interface, used only where the text itself does not tell.
        :param limit: suggestions at most.
        """
        text = f"{subject[:MOST_CHARACTERS]}\n{message[:MOST_CHARACTERS]}".strip()
        language = language_of(text, language)
        engine = self._current()
        gate = self.gate if self.gate is not None else engine.gate
        if not engaged(text, language):
            return Answer((), gate, language, engine.generation, False)
        candidates = [candidate for candidate in engine.candidates(text, language, limit) if candidate.score >= gate]
        return Answer(self._shown(candidates, text, language), gate, language, engine.generation, True)

    def suggest_within(self, seconds: float, subject: str, message: str, *, language: str = "", limit: int = 3) -> Answer:
        """Find the articles that answer a text, or none if that fails or takes longer; never raises."""
        try:
            return self._pool.submit(self.suggest, subject, message, language=language, limit=limit).result(seconds)
        except Exception as fault:  # noqa: BLE001 - a fault in suggesting never blocks the form
            log.warning("no suggestions: %s", type(fault).__name__)
            return Answer((), self.gate or 0.0, language, 0, False)

    @property
    def generation(self) -> int | None:
        """The generation that this process answers from; nothing before the first text."""
        return self._engine.generation if self._engine else None

    def ensure_ready(self) -> None:
        """Build or load what suggestions need, and wait for it."""
        self._looked_at = 0.0
        self._current()

    def _current(self) -> Engine:
        if self._engine is not None and time.monotonic() - self._looked_at < POLL_SECONDS:
            return self._engine
        with self._lock, self.database.reading() as session:
            if self._engine is None or current_generation(session) != self._engine.generation:
                self._engine = Engine.built(read_holdings(session))
            self._looked_at = time.monotonic()
            return self._engine

    def _shown(self, candidates: list[Candidate], text: str, language: str) -> tuple[Suggestion, ...]:
        if not candidates:
            return ()
        with self.database.reading() as session:
            return show(session, candidates, text, language)
