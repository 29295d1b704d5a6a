"""Keeping the self-check: a thread of the worker that asks the form every hour and looks after the mail every five minutes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Status, Translation
from kb.attendance import attending
from kb.database import Database
from kb.generations import current_generation
from kb.publications import Publication
from webform import alarms, errands, flapping, outbox, self_check, troubles
from webform.outbox import Delivery, MessageKind, OutboxMessage
from webform.probes import Probe
from webform.probing import Asker, look
from webform.self_check import Fault, Found, Limits, Mails, Sight, without_unlearned
from webform.terms import Terms
from webform.tokens import Tokens

PROBES, MAIL = "self-check", "self-check of mail"
EVERY, EVERY_MAIL = timedelta(hours=1), timedelta(minutes=5)
LEASE = timedelta(minutes=30)
LOOK_SECONDS = 5.0
LEARNED_WITHIN = timedelta(minutes=15)
"""How long an article may go without being found by what it answers after it was published: that is learned aside, and takes seconds to minutes."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is needed for a look.

    :ivar name: one that no other process has.
    :ivar clock: tells the time that all machines share.
    """

    database: Database
    asker: Asker
    limits: Limits
    terms: Terms
    clock: Callable[[Session], datetime]
    name: str

    def attempt(self) -> None:
        """Look at what is due and nobody else looks at."""
        self._errand(PROBES, EVERY, self.ask)
        self._errand(MAIL, EVERY_MAIL, self.look_after_mail)

    def ask(self) -> Sight:
        """Ask every probe, the one first that was asked longest ago, and tell leads what that changes."""
        with self.database.reading() as session:
            asked = list(session.scalars(select(Probe).order_by(Probe.asked_at.is_not(None), Probe.asked_at, Probe.id)))
            published = select(func.count(func.distinct(Translation.article_id))).where(Translation.status == Status.PUBLISHED)
            articles, generation = session.scalar(published) or 0, current_generation(session)
            fresh = published_since(session, self.clock(session) - LEARNED_WITHIN)
        sight = without_unlearned(look(self.asker, asked, articles=articles, generation=generation), fresh)
        with self.database.writing() as session:
            now = self.clock(session)
            for reply in sight.replies:
                probe = session.get(Probe, reply.probe)
                if probe is not None and probe.article_id == reply.expected:
                    probe.asked_at, probe.right, probe.seconds = now, reply.right, reply.seconds
                    probe.seen = " ".join(map(str, reply.shown))
            troubles.keep_run(session, sight, now)
            self._tell(session, *self_check.judge_sight(sight, self.limits), now)
        return sight

    def look_after_mail(self) -> Mails:
        """Look whether mail goes out, and tell leads what that changes."""
        with self.database.writing() as session:
            now = self.clock(session)
            mails = seen_mails(session, now)
            self._tell(session, *self_check.judge_mails(mails, self.limits), now)
        return mails

    def _tell(self, session: Session, looked: frozenset[Fault], found: Found, now: datetime) -> None:
        turn = troubles.turn(session, looked, found, now)
        alarms.tell(session, turn, flapping.news(session, turn, looked, now), terms=self.terms, now=now)

    def _errand(self, name: str, every: timedelta, work: Callable[[], object]) -> None:
        errands.once(self.database, name, self.name, lambda _now: work(), every=every, lease=LEASE, clock=self.clock)


def published_since(session: Session, since: datetime) -> set[int]:
    """Give the articles of which customers read a text, in any language, that was published after a moment."""
    public = select(Translation.article_id).join(Publication, Publication.translation_id == Translation.id)
    return set(session.scalars(public.where(Publication.public_from > since, Publication.public_until.is_(None))))


def seen_mails(session: Session, now: datetime) -> Mails:
    """Look at the outbox: what should have gone long ago, and what was given up within a day.

    A mail to a customer whose server puts it off is not stuck; one to our own people that waits is, however often it was tried.
    """
    waits = select(OutboxMessage).where(OutboxMessage.status == Delivery.WAITING, OutboxMessage.leased_by == "")
    ours = waits.where(OutboxMessage.kind != MessageKind.ACKNOWLEDGEMENT).with_only_columns(func.min(OutboxMessage.created_at))
    due = waits.where(OutboxMessage.next_attempt_at <= now).with_only_columns(func.min(OutboxMessage.next_attempt_at))
    oldest = [found for found in (session.scalar(ours), session.scalar(due)) if found is not None]
    lately = select(func.count()).where(OutboxMessage.status == Delivery.FAILED, OutboxMessage.failed_at > now - outbox.DAY)
    return Mails(max([(now - found).total_seconds() / 60 for found in oldest], default=0.0), session.scalar(lately) or 0)


def limits(config: Mapping[str, Any]) -> Limits:
    """Read from the settings from when on something is wrong."""
    return Limits(config["SELF_CHECK_SHARE"], config["SELF_CHECK_SECONDS"], config["STUCK_MAIL_MINUTES"], config["FAILED_MAILS"])


def asker(config: Mapping[str, Any], tokens: Tokens) -> Asker:
    """Read from the settings how the form is asked: on this machine, unless another address is named."""
    host, _, port = config["BIND"].rpartition(":")
    here = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - what a server listens on, not what is listened on here
    return Asker(config["SELF_CHECK_URL"] or f"http://{here}:{port}", tokens, config["HOLDOUT_SHARE"], config["SECRET_KEY"])


def hasten(session: Session) -> None:
    """Make the next look due at once."""
    for name in (PROBES, MAIL):
        errand = session.get(errands.Errand, name)
        if errand is not None:
            errand.done_at = None


def attend(keeping: Keeping) -> AbstractContextManager[None]:
    """Look beside what else this process does."""
    return attending("self-check", lambda _stopped: keeping.attempt(), every=LOOK_SECONDS, trouble="the self-check could not be made")
