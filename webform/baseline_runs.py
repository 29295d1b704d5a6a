"""Carrying out a baseline: mail is read to questions, and questions are asked; each in batches that a kill loses at most one of."""

import logging
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from kb.articles import Status, Translation
from kb.database import Database
from kb.examples import Example, Standing
from kb.inserts import insert_into
from kb.suggest import Suggester
from webform import baselines
from webform.baselines import Baseline, BaselineQuestion, Stage
from webform.gaps import Reason
from webform.mailbox_files import Mailbox
from webform.mailbox_kinds import Kind
from webform.mailbox_survey import Question, Terms, questions, survey

BATCH = 100
LIMIT = 3
"""Articles that are shown at most, as on the form."""
Clock = Callable[[Session], datetime]
Progress = Callable[[str, int, int], None]
log = logging.getLogger(__name__)


class Run:
    """One worker's turn at a baseline that it has claimed."""

    def __init__(self, database: Database, clock: Clock, worker: str, *, progress: Progress = lambda _step, _done, _all: None) -> None:
        """Take what it works with.

        :param progress: told which step it is at, how far, of how much.
        """
        self._database, self._clock, self._worker, self._progress = database, clock, worker, progress
        self._stopped = False

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopped = True

    def read(self, baseline: Baseline, mailbox: Mailbox) -> bool:
        """Read what is left of the mail; the survey is made anew, which costs little beside keeping whose mails belong together.

        :return: whether all was read, and it is still this worker's.
        """
        terms = Terms(tuple(baseline.ours.split()), baseline.language, baseline.created_at)
        found = survey(mailbox, terms, lambda done, whole: self._progress("survey", done, whole))
        # Those already read and found wordless are part of the kinds that were kept.
        wordless, total = baseline.kinds.get(Kind.WORDLESS, 0), len(found.begun)
        reading = questions(mailbox, found.begun, terms, after=baseline.position)
        position, first = baseline.position, True
        while first or position < total:
            batch = list(islice(reading, BATCH))
            first, position = False, batch[-1][0] + 1 if batch else total
            asked = [question for _, question in batch if question is not None]
            wordless += len(batch) - len(asked)
            kinds = {**found.kinds, Kind.WORDLESS.value: wordless, Kind.CUSTOMER.value: total - wordless}
            with self._database.writing() as session:
                now = self._clock(session)
                if not baselines.keep_going(session, baseline.id, self._worker, now, position=position, total=total, mails=found.mails, kinds=kinds):
                    return False
                _keep(session, baseline, asked)
            self._progress("read", position, total)
            if self._stopped:
                return False
        return self._turn_to_asking(baseline.id)

    def ask(self, number: int, suggester: Suggester) -> bool:
        """Ask what is left of the questions.

        :return: whether the baseline has come to its end.
        """
        suggester.ensure_ready(lesson=True)
        with self._database.writing() as session:
            total = session.scalar(select(func.count()).where(BaselineQuestion.baseline_id == number)) or 0
            articles = session.scalar(select(func.count(func.distinct(Translation.article_id))).where(Translation.status == Status.PUBLISHED))
            values = {"total": total, "gate": suggester.gate_in_force, "generation": suggester.generation, "articles": articles}
            if not baselines.keep_going(session, number, self._worker, self._clock(session), **values):
                return False
        while not self._stopped:
            with self._database.reading() as session:
                batch = session.scalars(_unasked(number).order_by(BaselineQuestion.id).limit(BATCH)).all()
                learned = _learned(session, batch)
            if not batch:
                with self._database.writing() as session:
                    baselines.close(session, number, self._worker, Stage.DONE, self._clock(session))
                return True
            told = _tell(batch, suggester, learned)
            with self._database.writing() as session:
                left = (session.scalar(select(func.count()).select_from(_unasked(number).subquery())) or 0) - len(batch)
                if not baselines.keep_going(session, number, self._worker, self._clock(session), position=total - left):
                    return False
                session.execute(update(BaselineQuestion), told)
            self._progress("ask", total - left, total)
        return False

    def _turn_to_asking(self, number: int) -> bool:
        with self._database.writing() as session:
            now = self._clock(session)
            return baselines.keep_going(session, number, self._worker, now, stage=Stage.ASKING, position=0, total=0, content=b"")


def _keep(session: Session, baseline: Baseline, asked: Sequence[Question]) -> None:
    rows = [
        {
            "baseline_id": baseline.id, "place": question.place, "language": question.language, "subject": question.subject, "message": question.message,
            "asked_at": question.asked_at or baseline.created_at, "dated": question.asked_at is not None, "reason": "", "verdict": "",
        }
        for question in asked
    ]  # fmt: skip
    if rows:
        session.execute(insert_into(session, BaselineQuestion).values(rows).on_conflict_do_nothing(index_elements=["baseline_id", "place"]))


def _learned(session: Session, batch: Sequence[BaselineQuestion]) -> set[str]:
    """Give the texts among these that suggestions have learned from."""
    texts = {question.text for question in batch}
    return set(session.scalars(select(Example.text).where(Example.text.in_(texts), Example.standing != Standing.WAITING)))


def _tell(batch: Sequence[BaselineQuestion], suggester: Suggester, learned: Container[str]) -> list[dict[str, object]]:
    """Tell of each question whether an article passes the gate, and which; one that cannot be asked has no answer."""
    told: list[dict[str, object]] = []
    for question in batch:
        article, score, answered = None, None, False
        try:
            weighed = suggester.weigh(question.subject, question.message, language=question.language, limit=LIMIT)
        except Exception as fault:  # noqa: BLE001 - one question less, not a baseline less
            log.warning("a question cannot be asked: %s", type(fault).__name__)
            weighed = None
        if weighed is not None:
            shown = weighed.shown(suggester.gate_in_force, LIMIT)
            scores = {candidate.article_id: candidate.score for candidate in reversed(weighed.belief.candidates)}
            article = shown[0] if shown else next(iter(candidate.article_id for candidate in weighed.belief.candidates), None)
            score, answered = scores.get(article) if article is not None else None, bool(shown)
        urgent = weighed is not None and weighed.tact.urgent
        reason = Reason.NONE if answered or urgent else Reason.MAIL
        known = {"learned": question.text in learned, "reason": reason.value}
        told.append({"id": question.id, "article_id": article, "score": score, "answered": answered, **known})
    return told


def _unasked(number: int) -> Select[BaselineQuestion]:
    return select(BaselineQuestion).where(BaselineQuestion.baseline_id == number, BaselineQuestion.answered.is_(None))
