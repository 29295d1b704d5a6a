"""Facts: what article files say of an article beside its text, such as who may read it and who answers for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.orm import Session

from kb import trace
from kb.articles import Article, Translation
from kb.drafts import ArticleError, Visibility
from kb.sentences import Sentence
from kb.visibility import set_visibility

LONGEST_OWNER = 255


@dataclass(frozen=True, slots=True)
class Fact:
    """One of them: how what is kept is said, how what a file says is checked, and how it is kept; ``usual`` is not written."""

    said: Callable[[Translation], str]
    normal: Callable[[str], str]
    keep: Callable[[Session, Translation, str], None]
    """Raises the generation itself where customers see a difference."""
    usual: str = ""


def checked(fields: Mapping[str, str]) -> dict[str, str]:
    """Read the facts among the fields of an article file.

    :raises ArticleError: if one cannot be kept.
    """
    return {name: fact.normal(fields[name]) for name, fact in FACTS.items() if fields.get(name)}


def facts_of(translation: Translation) -> dict[str, str]:
    """Give what is not as usual."""
    said = {name: (fact.said(translation), fact.usual) for name, fact in FACTS.items()}
    return {name: text for name, (text, usual) in said.items() if text != usual}


def differing(translation: Translation | None, facts: Mapping[str, str]) -> set[str]:
    """Name the facts that are otherwise than wanted."""
    return {name for name, text in facts.items() if (FACTS[name].usual if translation is None else FACTS[name].said(translation)) != text}


def keep_facts(session: Session, translation: Translation, facts: Mapping[str, str], *, author: str, now: datetime) -> None:
    """Keep what is wanted, and leave a trace of it."""
    names = sorted(differing(translation, facts))
    before = {name: FACTS[name].said(translation) for name in names}
    for name in names:
        FACTS[name].keep(session, translation, facts[name])
    if names:
        subject = f"article:{translation.article.external_id}/{translation.language}"
        trace.record(session, actor=author, action="changed", subject=subject, before=before, after={name: facts[name] for name in names}, now=now)


def _visibility(text: str) -> str:
    if text not in set(Visibility):
        raise ArticleError(Sentence("%(name)s is %(text)s, but can only be %(choices)s", name="visibility", text=repr(text), choices=", ".join(Visibility)))
    return text


def _keep_visibility(session: Session, translation: Translation, text: str) -> None:
    set_visibility(session, translation.article, Visibility(text))


def _owner(text: str) -> str:
    if len(text) > LONGEST_OWNER or not text.isprintable():
        raise ArticleError(Sentence("owner is no address of at most %(most)s characters", most=LONGEST_OWNER))
    return text


def _keep_owner(_session: Session, translation: Translation, text: str) -> None:
    translation.article.owner = text


def _instant(name: str, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
    except (ValueError, OverflowError):
        raise ArticleError(
            Sentence("%(name)s is %(text)s, but must be a date such as 2026-11-22 or 2026-11-22T09:30:00+00:00", name=name, text=repr(text))
        ) from None


def _moment(name: str, of: Callable[[Translation], Article | Translation]) -> Fact:
    """Make the fact of a moment that a column of the article or of the translation keeps."""

    def said(translation: Translation) -> str:
        kept: datetime | None = getattr(of(translation), name)
        return kept.isoformat() if kept is not None else ""

    def keep(_session: Session, translation: Translation, text: str) -> None:
        setattr(of(translation), name, datetime.fromisoformat(text))

    return Fact(said, partial(_instant, name), keep)


FACTS: Mapping[str, Fact] = {
    "visibility": Fact(lambda translation: translation.article.visibility, _visibility, _keep_visibility, usual=Visibility.PUBLIC),
    "owner": Fact(lambda translation: translation.article.owner, _owner, _keep_owner),
    "review_at": _moment("review_at", lambda translation: translation.article),
    "publish_at": _moment("publish_at", lambda translation: translation),
    "withdraw_at": _moment("withdraw_at", lambda translation: translation),
}
