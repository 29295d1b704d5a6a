"""Foreign articles: what the exports of other systems have in common, and how it becomes a draft of ours."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import yaml

from kb.drafts import MAX_CATEGORY, MAX_SUMMARY, ArticleError, Draft, Status, Visibility, is_language
from kb.gallery import Gallery
from kb.html_markdown import markdown_of, words_of
from kb.import_report import Failure
from kb.labels import MEMBER, labelled, read_label
from kb.sentences import Sentence
from kb.slugs import slugify

_KEPT_REGIONS = {"zh-tw": "zh-TW", "zh-hk": "zh-HK", "zh-hant": "zh-TW", "pt-br": "pt-BR"}
"""Regions whose texts differ so much that one does not do for the other."""

Target = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Item:
    """One article of an export; it is only made when its turn comes.

    :ivar make: gives the draft, or raises ArticleError.
    """

    where: str
    make: Callable[[], Draft]


@dataclass(frozen=True, slots=True)
class Reading:
    """An export as it is read: how many articles there seem to be, and each of them, always in the same order."""

    total: int
    items: Iterator[Item | Failure]


@dataclass(frozen=True, slots=True)
class Foreign:
    """An article as another system says it; ``open`` is False if only some people could read it there.

    :ivar label: what an export of ours says of it besides, as :mod:`kb.labels` reads it.
    """

    where: str
    page: str
    external_id: str
    language: str
    title: str
    html: str
    summary: str = ""
    category: str = ""
    slug: str = ""
    published: bool = True
    open: bool = True
    updated_at: datetime | None = None
    keywords: Sequence[str] = ()
    origin: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Locales:
    """Which language codes the texts of each article get: that of the language alone, but for a second text in it that of its region too."""

    _of: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, article: str, locale: str) -> None:
        """Hear of a text, the original one first."""
        known = self._of.setdefault(article, {})
        if locale in known:
            return
        code = language_code(locale)
        known[locale] = regional_code(locale) if code in known.values() else code

    def code(self, article: str, locale: str) -> str:
        """Give the code of a text."""
        return self._of.get(article, {}).get(locale) or language_code(locale)


def language_code(locale: str) -> str:
    """Give the language of a locale such as ``en-us``; its region only where that is as good as another language."""
    folded = locale.replace("_", "-").lower()
    return _KEPT_REGIONS.get(folded) or folded.partition("-")[0]


def regional_code(locale: str) -> str:
    """Spell a locale as ``en-GB``."""
    language, _, region = locale.replace("_", "-").partition("-")
    return f"{language.lower()}-{region.upper() if len(region) == 2 else region.title()}" if region else language.lower()


def draft_of(foreign: Foreign, gallery: Gallery, target: Target) -> Draft:
    """Make a draft: Markdown of the HTML, our pictures, our links.

    :param target: gives the external id of the article that an address means, if it is one of the import.
    :raises ArticleError: if it cannot be kept.
    """
    if not isinstance(foreign.html, str) or not isinstance(foreign.title, str):
        raise ArticleError(Sentence("its title or its body is not a text"))
    if not foreign.open and "visibility" not in foreign.label:
        gallery.notes.append(Failure.because(foreign.where, Sentence("not everybody could read it there; here staff alone can")))
    ours = foreign.label.get("markdown")
    if ours is not None:
        gallery.bring(ours, foreign.page)
    body = (
        ours
        if ours is not None
        else markdown_of(foreign.html, picture=lambda source: gallery.place(source, foreign.page), link=lambda place: _linked(place, target))
    )
    others = {"keywords": [str(word) for word in foreign.keywords], "origin": foreign.origin}
    kept = {name: value for name, value in others.items() if value}
    draft = Draft(
        external_id=foreign.external_id,
        language=foreign.language,
        title=" ".join(foreign.title.split()),
        body=body,
        summary=words_of(foreign.summary)[:MAX_SUMMARY] if foreign.summary else "",
        category=" ".join(foreign.category.split())[:MAX_CATEGORY],
        slug=foreign.slug,
        status=Status.PUBLISHED if foreign.published else Status.DRAFT,
        updated_at=foreign.updated_at,
        extra=yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=10_000_000) if kept else "",
        facts={} if foreign.open else {"visibility": Visibility.STAFF},
    )
    return labelled(draft, foreign.label)


def target_by(pattern: str, known: Mapping[str, str]) -> Target:
    """Find what an address means by the number or name in it.

    :param pattern: whose group is the other system's id.
    :param known: the external id that each of its ids means.
    """
    found_in = re.compile(pattern, re.IGNORECASE)

    def target(place: str) -> str | None:
        found = found_in.search(place)
        return known.get(found[1]) if found else None

    return target


def label_in(fields: Mapping[str, Any], made: object) -> dict[str, str]:
    """Read the label of an object that an export of ours has written.

    :param made: the HTML of its text.
    """
    return read_label(fields.get(MEMBER), made if isinstance(made, str) else "")


def external_id(fields: Mapping[str, Any], prefix: str, identity: str) -> str:
    """Give the id of an article: its own if it was ours before, else that of the other system; nothing if it has none."""
    own = fields.get(MEMBER)
    said = own.get("id") if isinstance(own, dict) else None
    return said if isinstance(said, str) and said else f"{prefix}{identity}" if identity else ""


def text_of(fields: Mapping[str, Any], *names: str) -> str:
    """Read the first of some fields that has a text; a number counts as one."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def texts_of(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Read a list of texts; anything else is none."""
    value = fields.get(name)
    return tuple(str(each)[:200] for each in value[:100] if isinstance(each, str | int)) if isinstance(value, list) else ()


def instant_of(value: object) -> datetime | None:
    """Read a moment, as text or as seconds; one that cannot be read is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def locale_in(name: str) -> str:
    """Find a locale in the name of a file, as in ``ru/articles.json`` or ``articles.zh-cn.json``; else nothing."""
    parts = re.split(r"[/.]", name.lower())[:-1]
    return next((part for part in reversed(parts) if re.fullmatch(r"[a-z]{2}([-_][a-z]{2,4})?", part) and is_language(part.replace("_", "-"))), "")


def _linked(place: str, target: Target) -> str | None:
    found = target(place)
    if found is None:
        return None
    anchor = unquote(place.partition("#")[2])
    # Other systems call their places otherwise; one that a heading of ours may have is kept.
    return f"article:{quote(found, safe='')}" + (f"#{quote(anchor)}" if anchor and slugify(anchor) == anchor else "")
