"""Articles on their way to another system: in all their languages, as HTML that shows the pictures and links of the export itself."""

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import yaml

from kb.drafts import Draft, Status, Visibility
from kb.labels import MEMBER, label_of
from kb.markdown import ARTICLE_SCHEME, render
from kb.picture_names import PLACE

AT_ONCE = 100
"""Articles in one file of an export, as in one answer of a programming interface."""
PICTURES = "pictures"
_LINK = re.compile(rf'<a href="{ARTICLE_SCHEME}:([^"<>#]*)(#[^"<>]*)?">(.*?)</a>', re.DOTALL)
_PICTURE = re.compile(rf'(<img [^<>]*?src="){re.escape(PLACE)}(?=[^"<>]*")')
_ALIGNED = re.compile(r'(<t[hd][^<>]*?) class="to-(end|centre)"')
_UNTITLED = '<p class="callout-title"></p>'
_SIDES = {"end": "right", "centre": "center"}

Each = TypeVar("Each")
Led = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Leaving:
    """An article on its way: its texts, the one first that the others are translations of."""

    drafts: tuple[Draft, ...]

    @property
    def external_id(self) -> str:
        """Give the id that it comes back under."""
        return self.drafts[0].external_id

    @cached_property
    def is_open(self) -> bool:
        """Whether anybody may read what is published of it."""
        return self.drafts[0].facts.get("visibility", Visibility.PUBLIC) == Visibility.PUBLIC


@dataclass(frozen=True, slots=True)
class Places:
    """What an export has: the slugs of each article by language, the source first; links lead nowhere else."""

    slugs: Mapping[str, Mapping[str, str]]

    def language(self, external_id: str, wanted: str) -> str | None:
        """Choose the language in which a link leads to an article; none if it is not part of the export."""
        known = self.slugs.get(external_id)
        return None if known is None else wanted if wanted in known else next(iter(known))


def source_first(language: str) -> tuple[bool, str]:
    """Order the languages of an article: English is what others are translations of, where there is an English text."""
    return language != "en", language


def html_of(draft: Draft, *, pictures: str, led: Led) -> str:
    """Write the text as HTML.

    :param pictures: folder of the pictures, as seen from the file that the HTML stands in.
    :param led: gives the address of an article by its id, or nothing if the export has none such; its words stay.
    """

    def link(found: re.Match[str]) -> str:
        place = led(unquote(html.unescape(found[1])))
        return f'<a href="{html.escape(place)}{found[2] or ""}">{found[3]}</a>' if place else found[3]

    written = _LINK.sub(link, render(draft.body).replace(_UNTITLED, ""))
    return _ALIGNED.sub(lambda cell: f'{cell[1]} style="text-align: {_SIDES[cell[2]]}"', _PICTURE.sub(rf"\g<1>{pictures}/", written))


def member(draft: Draft, made: str) -> dict[str, dict[str, str]]:
    """Give the label as a member of the object that has the text."""
    return {MEMBER: label_of(draft, made)}


def others(draft: Draft) -> tuple[list[str], str]:
    """Give the key words of a text, and the address it had in the system that it came from."""
    try:
        found = yaml.safe_load(draft.extra or "")
    except (yaml.YAMLError, ValueError, RecursionError):
        found = None
    kept = found if isinstance(found, dict) else {}
    words = kept.get("keywords")
    return [str(word) for word in words] if isinstance(words, list) else [], str(kept.get("origin") or "")


def number_of(external_id: str, prefix: str) -> int:
    """Give the number of an article: that of the system it came from, else one that it always gets."""
    own = external_id.removeprefix(prefix)
    return int(own) if own != external_id and re.fullmatch(r"[1-9][0-9]{0,17}", own) else stable_number(external_id)


def stable_number(name: str) -> int:
    """Make a number of fifteen digits of a name."""
    return 10**14 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) % (9 * 10**14)


def locales_of(languages: Iterable[str], usual: Mapping[str, str]) -> dict[str, str]:
    """Spell languages as another system does, each in its own way."""
    codes = list(languages)
    taken = {code.lower() for code in codes}
    return {code: usual[code] if code in usual and usual[code].lower() not in taken else code for code in codes}


def is_shown(draft: Draft) -> bool:
    """Tell whether a text is published: what is in review or archived is a draft elsewhere."""
    return draft.status is Status.PUBLISHED


def second(draft: Draft) -> str | None:
    """Give the time of the last change as programming interfaces say it."""
    return f"{draft.updated_at:%Y-%m-%dT%H:%M:%SZ}" if draft.updated_at else None


def batches(articles: Iterable[Each]) -> Iterator[tuple[int, list[Each]]]:
    """Divide articles among files, which are counted from 1."""
    waiting, number = iter(articles), 0
    while batch := list(islice(waiting, AT_ONCE)):
        number += 1
        yield number, batch


def json_file(name: str, value: Any) -> File:
    """Write a JSON file that people can read too."""
    return File(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def text_file(name: str, text: str) -> File:
    """Write a file of text."""
    return File(name, text.encode())


def anchored(path: str) -> str:
    """Write the path of a file as a link says it."""
    return quote(path, safe="/")
