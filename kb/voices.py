"""Voices: examples that somebody from outside gave, by saying that an article solved a problem or that it did not.

Nobody knows who speaks, so a voice says which network it came over, as a keyed hash, and waits until others agree
(`kb.agreement`). One network has so many voices a day and no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kb.examples import Example, Standing

MOST_A_DAY = 20
"""Voices of one network within a day; what comes over it beyond that is not kept."""
REMEMBERED = timedelta(days=90)
"""How long it is known which network and visit a voice came from. One that nobody has agreed with by then is deleted."""
SOLVED, DECLINED = "solved", "declined"
"""Sources of voices: an article solved it, or was not what was needed."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Where a voice came from: keyed hashes of the visit or request, and of the network."""

    origin: str
    network: str


def keep_voice(session: Session, text: str, language: str, article_id: int, speaker: Speaker, *, fits: bool = True, now: datetime) -> Example | None:
    """Keep what somebody from outside said about an article; the last word of one visit about one article counts.

    :param text: without anything that tells who wrote it.
    :param fits: whether the article answers the text, or does not.
    :return: nothing, if this network has said too much today.
    """
    text = text.strip()
    earlier = _said(session, speaker.origin, article_id)
    if earlier is not None:
        earlier.text, earlier.language, earlier.fits, earlier.source = text, language, fits, SOLVED if fits else DECLINED
        session.flush()
        return earlier
    lately = select(func.count()).where(Example.network == speaker.network, Example.created_at > now - timedelta(days=1))
    if (session.scalar(lately) or 0) >= MOST_A_DAY:
        return None
    voice = Example(
        text=text,
        language=language,
        article_id=article_id,
        fits=fits,
        source=SOLVED if fits else DECLINED,
        standing=Standing.WAITING,
        origin=speaker.origin,
        network=speaker.network,
        created_at=now,
    )
    session.add(voice)
    session.flush()
    return voice


def take_back(session: Session, origin: str, article_id: int) -> bool:
    """Delete what a visit or request said about an article; tell whether there was anything."""
    earlier = _said(session, origin, article_id)
    if earlier is None:
        return False
    session.delete(earlier)
    session.flush()
    return True


def forget_speakers(session: Session, now: datetime) -> int:
    """Forget where old voices came from, and delete those that nobody has agreed with.

    :return: how many were deleted.
    """
    old = Example.created_at < now - REMEMBERED
    gone = session.execute(delete(Example).where(old, Example.standing == Standing.WAITING).returning(Example.id)).all()
    session.execute(update(Example).where(old, Example.standing != Standing.TRUSTED, Example.origin.is_not(None)).values(origin=None, network=None))
    return len(gone)


def _said(session: Session, origin: str, article_id: int) -> Example | None:
    """Find what was said before; an example that staff have made their own is no voice any more."""
    said = select(Example).where(Example.origin == origin, Example.article_id == article_id, Example.standing != Standing.TRUSTED)
    return session.scalars(said).first()
