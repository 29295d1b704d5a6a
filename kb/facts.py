"""Facts: what article files say of an article beside its text, such as who may read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.drafts import ArticleError, Visibility
from kb.visibility import set_visibility


@dataclass(frozen=True, slots=True)
class Fact:
    """One of them: how it is read from what is kept, checked, and kept; ``usual`` is not written."""

    said: Callable[[Translation], str]
    normal: Callable[[str], str]
    keep: Callable[[Session, Translation, str], None]
    """Raises the generation itself where customers see a difference."""
    usual: str = ""


def _visibility(text: str) -> str:
    if text not in set(Visibility):
        raise ArticleError(f"visibility is {text!r}, but can only be {', '.join(Visibility)}")
    return text


def _keep_visibility(session: Session, translation: Translation, text: str) -> None:
    set_visibility(session, translation.article, Visibility(text))


FACTS: Mapping[str, Fact] = {
    "visibility": Fact(lambda translation: translation.article.visibility, _visibility, _keep_visibility, usual=Visibility.PUBLIC),
}


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


def keep_facts(session: Session, translation: Translation, facts: Mapping[str, str]) -> None:
    """Keep what is wanted."""
    for name in sorted(differing(translation, facts)):
        FACTS[name].keep(session, translation, facts[name])


def instant(text: str) -> str:
    """Check a moment, and write it as it is written always."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArticleError(f"{text!r} is no date such as 2026-11-22 or 2026-11-22T09:30:00+00:00") from None
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
