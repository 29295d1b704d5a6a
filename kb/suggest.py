"""The suggester: which articles answer a text, or that none does."""

import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kb.analysis import engaged
from kb.candidacies import Course
from kb.database import Database
from kb.engine import Belief, Engine
from kb.explaining import explain, no_explanation
from kb.explanation import Explanation
from kb.features import MOST_CHARACTERS
from kb.gate_choices import ChosenGate
from kb.gates import Calibration, GateSource, GateState
from kb.keeper import Keeper
from kb.languages import language_of
from kb.placing import Weighed, place
from kb.rule_book import NO_TACT, RuleBook, Tact
from kb.searching import SearchPage, search, search_while_typing
from kb.showing import Suggestion as Suggestion
from kb.showing import show_and_lead
from kb.waiting import WaitingRoom
from kb.wording import Wording

log = logging.getLogger(__name__)

THREADS, WAITING_AT_MOST = 4, 16
FIRST_WAIT_SECONDS = 5.0
"""How long the first text of a process may wait for its first engine."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the suggester says to a text: suggestions, best first, if it is sure enough that one of them answers.

    ``sure`` is that probability and ``gate`` the one from which on they are shown; ``engaged`` tells whether the text had
    enough content words to be looked up at all; ``topic`` is the category that the text most likely belongs to, with its
    probability, or nothing. ``late`` tells that there was no time, or no way, to look. ``tact`` is what the rules say; where
    one of them sends the text straight to a person, there is no suggestion.
    """

    suggestions: tuple[Suggestion, ...]
    gate: float
    language: str
    generation: int
    engaged: bool
    topic: str = ""
    topic_share: float = 0.0
    sure: float = 0.0
    late: bool = False
    tact: Tact = NO_TACT


@dataclass(frozen=True, slots=True)
class State:
    """What the suggester is made of at the moment; ``basis`` says what the gate follows from, ``trials`` or ``articles``."""

    generation: int
    articles: int
    languages: tuple[str, ...]
    samples: int
    gate: float
    basis: str


class Suggester:
    """The one stateful object: the index and the classifier of one generation, replaced when a newer one is ready."""

    def __init__(self, database: Database, folder: Path, *, gate: float | None = None) -> None:
        """Prepare; nothing is read until the first text.

        :param gate: probability under which nothing is shown; unless given, the one a lead has chosen, else the calibrated one.
        """
        self.database = database
        self.folder = folder
        self.gate = gate
        self.chosen_gate = ChosenGate(database)
        self.rule_book = RuleBook(database)
        self._keeper = Keeper(database, folder)
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._room = WaitingRoom(WAITING_AT_MOST)

    @property
    def generation(self) -> int | None:
        """The generation that this process answers from; nothing before the first text."""
        return self._keeper.generation

    @property
    def engine(self) -> Engine | None:
        """The engine to ask at this moment; the first one of a process is waited for, but not for ever."""
        return self._keeper.engine(first_wait=FIRST_WAIT_SECONDS)

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for suggestions at this moment: whoever only reckons lets them go first."""
        return self._room.is_taken

    @property
    def gate_in_force(self) -> float:
        """The gate as this process last knew it, at no cost: the setting's, else the chosen one, else the calibrated one."""
        given = self.chosen_gate.known if self.gate is None else self.gate
        if given is not None:
            return given
        return engine.judgement.gate if (engine := self._keeper.present) else 0.0

    @property
    def _gate_source(self) -> GateSource:
        if self.gate is not None:
            return GateSource.SETTING
        return GateSource.CALIBRATION if self.chosen_gate.known is None else GateSource.CHOICE

    def standing(self) -> GateState | None:
        """Tell which gate is in force and what the calibrated one follows from; nothing before there is an engine."""
        if (engine := self.engine) is None:
            return None
        self.chosen_gate.look()
        examples = len(engine.classifier.labels) if engine.classifier else 0
        return GateState(self.gate_in_force, self._gate_source, Calibration.of(engine.judgements), examples)

    def tact(self, subject: str, message: str, *, language: str = "", topic: str = "") -> Tact:
        """Tell what the rules of tact say to a text, each with the phrase or topic that made it fit; never raises.

        :param language: language of the interface, used only where the text itself does not tell.
        :param topic: slug of the topic that was chosen.
        """
        return self.rule_book.apply(f"{subject}\n\n{message}", language=language, topic=topic)

    def suggest(self, subject: str, message: str, *, language: str = "", topic: str = "", limit: int = 3) -> Answer:
        """Find the articles that answer a text.

        :param language: language of the interface, used only where the text itself does not tell.
        :param topic: slug of the topic that was chosen, for the rules.
        :param limit: suggestions at most.
        """
        text = _text(subject, message)
        tact = self.tact(subject, message, language=language, topic=topic)
        interface, language = language, language_of(text, language)
        engine = self.engine
        wording = engine.wording(text, language) if engine else Wording(text)
        worth = engaged(wording.text, language)
        self.chosen_gate.look()
        gate = self.gate_in_force
        if engine is None:
            return Answer((), gate, language, 0, worth, late=True, tact=tact)
        if not worth:
            return Answer((), gate, language, engine.generation, False, tact=tact)
        belief = engine.believe(wording, language, limit, tact.excluded)
        candidates = place(tact, belief, gate, limit, speaks=lambda article: language in engine.spoken.get(article, ()))
        suggestions = show_and_lead(self.database, candidates, wording, (language, interface)) if candidates else ()
        told = belief.topic, belief.topic_share
        return Answer(suggestions, gate, language, engine.generation, True, *told, belief.sure_of_shown(gate, limit), tact=tact)

    def weigh(self, subject: str, message: str, *, language: str = "", topic: str = "", limit: int = 3) -> Weighed | None:
        """Tell what any gate would show for a text, which nobody is shown now; nothing before there is an engine."""
        if (engine := self.engine) is None:
            return None
        text, tact = _text(subject, message), self.tact(subject, message, language=language, topic=topic)
        language = language_of(text, language)
        wording = engine.wording(text, language)
        if not engaged(wording.text, language):
            return Weighed(NO_TACT, Belief(0.0, ()), frozenset())
        spoken = frozenset(pin for pin in tact.pinned if language in engine.spoken.get(pin, ()))
        return Weighed(tact, engine.believe(wording, language, limit, tact.excluded), spoken)

    def explain(self, message: str, *, subject: str = "", language: str = "", topic: str = "", limit: int = 3) -> Explanation:
        """Tell why a text gets the answer it gets: what is shown, what spoke for it, and what the gate did; takes about ten times as long.

        The parameters are those of ``suggest``. Nothing of the text is kept.
        """
        answer, text = self.suggest(subject, message, language=language, topic=topic, limit=limit), _text(subject, message)
        if (engine := self.engine) is None:
            return no_explanation(answer.language, language, answer.gate, answer.tact)
        wording = engine.wording(text, answer.language)
        belief = engine.believe(wording, answer.language, limit, answer.tact.excluded) if answer.engaged else Belief(0.0, ())
        by_hand = self._gate_source is not GateSource.CALIBRATION
        course = Course(text, answer.suggestions, belief, answer.gate, limit, answer.engaged, by_hand, answer.tact)
        with self.database.reading() as session:
            return explain(session, engine, wording, (answer.language, language), course)

    def suggest_within(self, seconds: float, subject: str, message: str, *, language: str = "", topic: str = "", limit: int = 3) -> Answer:
        """Find the articles that answer a text, or none if that fails or takes longer; never raises. The rules hold in any case."""
        if self._room.acquire():
            try:
                return self._begin(subject, message, language, topic, limit).result(seconds)
            except Exception as fault:  # noqa: BLE001 - a fault in suggesting never blocks the form
                log.warning("no suggestions: %s", type(fault).__name__)
        else:
            log.warning("no suggestions: too many texts are waiting")
        worth = _is_question(f"{subject}\n{message}"[:MOST_CHARACTERS], language)
        return Answer((), self.gate_in_force, language, 0, worth, late=True, tact=self.tact(subject, message, language=language, topic=topic))

    def search(self, text: str, *, language: str, page: int = 1, category: str = "", typing: bool = False) -> SearchPage:
        """Search the articles of one language at full strength, for the search page.

        :param page: counts from 1.
        :param typing: whether the last word may not be finished.
        """
        if (engine := self.engine) is None:
            return SearchPage([], 0, "")
        with self.database.reading() as session:
            if typing:
                return search_while_typing(session, engine, text, language=language)
            return search(session, engine, text, language=language, page=page, category=category)

    def ensure_ready(self, *, learn: bool = False, lesson: bool = False) -> State:
        """Build or load what suggestions need, and wait for it.

        :param learn: whether to train and calibrate even if nothing has changed.
        :param lesson: whether to wait also for what there is to learn; else it follows aside.
        """
        engine = self._keeper.ensure(learn=learn, lesson=lesson)
        samples = len(engine.classifier.labels) if engine.classifier else 0
        articles = sum(len(room.places) for room in engine.rooms.values())
        return State(engine.generation, articles, tuple(sorted(engine.rooms)), samples, engine.judgement.gate, engine.judgement.basis)

    def close(self) -> None:
        """Let go of threads; what they are at is finished first."""
        self._keeper.close()
        if self._pool is not None and self._pool[0] == os.getpid():
            self._pool[1].shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _begin(self, subject: str, message: str, language: str, topic: str, limit: int) -> "Future[Answer]":
        try:
            # A process that was forked off has the pool of its parent, but not its threads.
            if self._pool is None or self._pool[0] != os.getpid():
                self._pool = os.getpid(), ThreadPoolExecutor(THREADS, thread_name_prefix="suggest")
            task = self._pool[1].submit(self.suggest, subject, message, language=language, topic=topic, limit=limit)
        except BaseException:
            self._room.release()
            raise
        task.add_done_callback(lambda _: self._room.release())
        return task


def _text(subject: str, message: str) -> str:
    return f"{subject[:MOST_CHARACTERS]}\n{message[:MOST_CHARACTERS]}".strip()


def _is_question(text: str, interface: str) -> bool:
    """Tell whether a text would have been looked up; the visit counts, whether there was an answer or not."""
    try:
        return engaged(text, language_of(text, interface))
    except Exception as fault:  # noqa: BLE001 - whatever kept it from being looked up may do so again
        log.warning("a text cannot be read: %s", type(fault).__name__)
        return False
