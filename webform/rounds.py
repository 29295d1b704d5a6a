"""Rounds: what the worker does on time beside sending mail: texts that appear and go, reminders, and the question how it was."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from kb import upkeep
from kb.database import Database
from webform import held, quarantine, reminders, satisfaction_mail, spam_lessons, weekly_mail
from webform.quarantine import Warden
from webform.terms import Terms

SECONDS_BETWEEN_LOOKS = 2.0
log = logging.getLogger(__name__)


class Rounds:
    """Looks every two seconds whether something is due, by indexed queries, and writes only then.

    Any number of workers may make the same rounds: what one has done is not done again.
    """

    def __init__(self, database: Database, terms: Terms, clock: Callable[[Session], datetime], clamd: str = "") -> None:
        """Take what it works with.

        :param clamd: where the scanner for viruses listens, if there is one.
        """
        self._database, self._terms, self._clock = database, terms, clock
        self._looked_at = float("-inf")
        self._warden = Warden(database, clamd)

    def run(self) -> list[str]:
        """Do what is due.

        :return: the facts worth a line.
        :raises sqlalchemy.exc.DBAPIError: if the database cannot be used.
        """
        if time.monotonic() - self._looked_at < SECONDS_BETWEEN_LOOKS:
            return []
        self._looked_at = time.monotonic()
        with self._database.reading() as session:
            now = self._clock(session)
            texts, owners = upkeep.any_due(session, now), reminders.any_due(session, now)
            readers = weekly_mail.any_due(session, now)
            held_long = held.any_due(session, self._terms, now)
            quarantined = quarantine.any_held(session)
            lesson = spam_lessons.is_due(session)
            closed = satisfaction_mail.any_due(session, self._terms, now)
        facts = []
        if texts and (count := self._do(upkeep.carry_out)):
            facts.append(f"{count} texts appeared or went on time")
        if owners and (count := self._do(lambda session, now: reminders.remind(session, self._terms, now))):
            facts.append(f"{count} owners are reminded")
        if readers and (count := self._do(lambda session, now: weekly_mail.send_due(session, self._terms, now))):
            facts.append(f"{count} readers get the weekly report")
        if closed and (count := self._do(lambda session, now: satisfaction_mail.ask(session, self._terms, now))):
            facts.append(f"{count} customers are asked how it was")
        if held_long and (count := self._do(lambda session, now: held.release_overdue(session, self._terms, now))):
            facts.append(f"{count} requests were held for long enough and go to the team")
        if quarantined and (count := self._warden.look()):
            facts.append(f"{count} files that were held are checked for viruses")
        if lesson and self._do(spam_lessons.learn):
            facts.append("what staff marked as spam was learned")
        return facts

    def _do(self, part: Callable[[Session, datetime], int]) -> int:
        try:
            with self._database.writing() as session:
                return part(session, self._clock(session))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one part, mail must go on
            log.error("a part of a round could not be done", extra={"fault": type(error).__name__})
            return 0
