"""Hearing: what a customer says of an article, kept with the description it was said about, so that others find answers sooner.

A description is kept only where the customer was told so before: with the press on "This solved my problem", whose
button stands beside a sentence about it, or as part of a request that was sent.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.events import Reason
from deflection.trails import Tried, trail
from kb.analysis import engaged
from kb.articles import Article
from kb.languages import language_of
from kb.masking import mask
from kb.voices import Speaker, keep_voice, take_back
from webform.tokens import Tokens

log = logging.getLogger(__name__)

ABOUT_THE_CASE = {"", Reason.NOT_MY_CASE, Reason.TAKEN_BACK}
"""Reasons that say an article is about something else; the others say that it is badly written."""


@dataclass(frozen=True, slots=True)
class Description:
    """What was typed, where, and what tells who typed it."""

    subject: str
    message: str
    interface_language: str
    names: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the description without what tells who wrote it."""
        return mask(f"{self.subject}\n{self.message}".strip(), self.names)


def speaker(tokens: Tokens, origin: str, network: str) -> Speaker:
    """Name where a voice comes from so that it can be compared, but not read back.

    :param origin: the visit, by its token; what a visit said can be taken back by it.
    """
    return Speaker(tokens.digest("example", origin), tokens.digest("example network", network))


def hear_solved(session: Session, visit: str, description: Description, article: int, said_by: Speaker, now: datetime) -> bool:
    """Keep that an article solved a problem, and that those the visit had put away before did not.

    :return: whether the description was kept; one without a question in it teaches nothing.
    """
    kept = _hear(session, description, [article], said_by, now, fits=True)
    hear_declined(session, visit, description, said_by, now)
    return kept


def hear_declined(session: Session, visit: str, description: Description, said_by: Speaker, now: datetime) -> None:
    """Keep which articles of a visit were not what was needed; a fault in it never takes the request along that it comes with."""
    try:
        with session.begin_nested():
            _hear(session, description, _put_away(trail(session, visit)), said_by, now, fits=False)
    except Exception as fault:  # noqa: BLE001 - nothing about an example is worth a lost message
        log.warning("what was put away could not be kept: %s", type(fault).__name__)


def unhear(session: Session, visit: str, said_by: Speaker) -> None:
    """Delete whatever a visit said, with its description."""
    for entry in trail(session, visit):
        take_back(session, said_by.origin, entry.article_id)


def _put_away(tried: Iterable[Tried]) -> list[int]:
    return [entry.article_id for entry in tried if entry.shown and entry.declined and not entry.solved and entry.reason in ABOUT_THE_CASE]


def _hear(session: Session, description: Description, articles: list[int], said_by: Speaker, now: datetime, *, fits: bool) -> bool:
    text = description.text()
    language = language_of(text, description.interface_language)
    known = set(session.scalars(select(Article.id).where(Article.id.in_(articles)))) if articles and engaged(text, language) else set()
    kept = [keep_voice(session, text, language, article, said_by, fits=fits, now=now) for article in articles if article in known]
    return any(voice is not None for voice in kept)
