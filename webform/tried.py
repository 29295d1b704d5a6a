"""What was already tried, with the words and links that a reader of a mail or a page needs."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection.trails import Tried, trail
from kb.articles import Translation
from kb.visibility import public_among
from webform.links import Links

READ_SECONDS = 10


@dataclass(frozen=True, slots=True)
class TriedArticle:
    """One article of a visit and what came of it; without a public page its ``url`` is empty."""

    title: str
    url: str
    tried: Tried


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that is offered to somebody who has sent a request."""

    article_id: int
    title: str
    url: str


def tried_articles(session: Session, visit: str, *, languages: Sequence[str], links: Links) -> list[TriedArticle]:
    """Tell what was tried in a visit, in rank order.

    :param languages: in which a title is wanted, best first; without any of them another language is taken.
    """
    entries = trail(session, visit)
    found = translations(session, [entry.article_id for entry in entries], languages)
    public = public_among(session, [translation.id for translation in found.values()])
    return [_named(entry, found[entry.article_id], links, public) for entry in entries if entry.article_id in found]


def unread(session: Session, visit: str, *, languages: Sequence[str], links: Links, suggested: Sequence[int]) -> Offer | None:
    """Find the best article that passes the gate and was not looked at, in a language the customer reads.

    :param languages: of the text and of the visit; an article in another one is no help.
    :param suggested: articles that pass the gate for the whole text, best first; what was shown for half of it may not.
    """
    looked_at = {entry.article_id for entry in trail(session, visit) if entry.opened or entry.solved or entry.declined}
    candidates = [number for number in suggested if number not in looked_at]
    found = translations(session, candidates, languages)
    public = public_among(session, [translation.id for translation in found.values()])
    for number in candidates:
        if (translation := found.get(number)) and translation.id in public and translation.language in languages:
            return Offer(number, translation.title, links.article(translation.language, translation.slug))
    return None


def translations(session: Session, article_ids: Sequence[int], languages: Sequence[str]) -> dict[int, Translation]:
    """Choose one translation of each article: one that anybody may read, in the best of some languages."""
    chosen: dict[int, Translation] = {}
    rows = session.scalars(select(Translation).where(Translation.article_id.in_(article_ids)).order_by(Translation.id)).all() if article_ids else ()
    public = public_among(session, [row.id for row in rows]) if rows else frozenset()
    for row in rows:
        best = chosen.get(row.article_id)
        if best is None or _merit(row, languages, public) > _merit(best, languages, public):
            chosen[row.article_id] = row
    return chosen


def verdict(entries: Sequence[Tried]) -> str:
    """Sum up a trail in one ASCII line that mail rules can match."""
    declined = "declined" if any(entry.declined for entry in entries) else "none"
    word = "solved" if any(entry.solved for entry in entries) else declined
    return f"shown={sum(entry.shown for entry in entries)} opened={sum(entry.opened for entry in entries)} verdict={word}"


def seen_words(entry: Tried, _: Callable[..., str]) -> str:
    """Say how much of an article was seen.

    :param _: translates a text and fills in its placeholders.
    """
    seconds = round(entry.seconds_read)
    if not entry.opened:
        return _("shown, not opened")
    if seconds >= 60:
        return _("read for %(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60)
    if seconds >= READ_SECONDS:
        return _("read for %(seconds)s s", seconds=seconds)
    return _("opened for %(seconds)s s", seconds=seconds) if seconds else _("opened")


def reason_words(entry: Tried, _: Callable[..., str]) -> str:
    """Say what the customer said about an article: why it did not help, or that it did.

    :param _: translates a text and fills in its placeholders.
    """
    if entry.solved:
        return _("solved it")
    if not entry.declined:
        return ""
    words = {
        "not-my-case": _("not their case"),
        "steps-failed": _("the steps failed"),
        "out-of-date": _("out of date"),
        "too-long": _("too long"),
        "not-understood": _("hard to understand"),
    }
    return words.get(entry.reason, _("did not help, reason not given"))


def _merit(row: Translation, languages: Sequence[str], public: Container[int]) -> tuple[bool, int]:
    place = languages.index(row.language) if row.language in languages else len(languages)
    return row.id in public, -place


def _named(entry: Tried, translation: Translation, links: Links, public: Container[int]) -> TriedArticle:
    url = links.article(translation.language, translation.slug) if translation.id in public else ""
    return TriedArticle(translation.title, url, entry)
