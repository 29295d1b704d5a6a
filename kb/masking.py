"""Masking: taking out of a text what may tell who wrote it, before it is kept as an example."""

import re
from collections.abc import Iterable

from kb.telling import SIGNING, telling

GAP = "[…]"
LONGEST = 4000
"""How much of a text is kept: as much as is looked at when it is matched."""

ENDING = 120
"""Characters at the end in which a signature is looked for."""
MANY_DIGITS = 5

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]{1,64}@[^\s@<>()\[\],;:]{1,255}")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_CODE = re.compile(r"\b0x[0-9a-f]{4,16}\b", re.IGNORECASE)
# Telephone, card, account and order numbers: five digits or more, however they are grouped, with the letters that belong to them.
_NUMBER = re.compile(r"(?<![A-Za-zА-Яа-яЁё\d])[+(#№]{0,2}(?:[A-Za-zА-Яа-яЁё]{1,8}[-‐–/.]?)?\d(?:[\s\-‐–/.()_]{0,2}\d){4,}[A-Za-z]*")
_MIXED = re.compile(r"\b[A-Za-z0-9_]{6,}\b")
_TOLD = (
    r"\b(?i:my name is|i am called)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,2})",
    r"(?i:меня зовут|моё имя|мое имя)\s+((?:[А-ЯЁ][\w-]+)(?:\s+[А-ЯЁ][\w-]+){0,2})",
    r"(?:我叫|我的名字是|我姓)\s*([\u4e00-\u9fff]{1,4}|[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)",
)
_GOODBYES = (
    "(?:best|kind|warm|many)? *(?:regards|thanks|greetings|wishes)|sincerely|yours(?: \\w+)?|cheers|с уважением|всего доброго|заранее спасибо|此致|谢谢|敬上"
)
_SIGNED = re.compile(rf"(?:^|\n)[ \t]*(?i:{_GOODBYES})[ \t]*[,!.，。！]?\s*\n?([^\n]{{1,60}})\s*$")
_TELLING = tuple(re.compile(pattern) for pattern in _TOLD)


def mask(text: str, names: Iterable[str] = ()) -> str:
    """Put a gap where a text has an address, a link, a long number or a name that can be known for one.

    Names are known by titles, introductions, patronymics, labels and signatures, in English, Russian and Chinese. Error codes
    such as ``0x80070005`` and ``E-1042`` stay, because they say what the problem is. A name that nothing tells from an
    ordinary word stays too: no rule can find it.

    :param names: what the person gave as a name or an address, whose parts are taken out wherever they stand.
    """
    text = text[:LONGEST]
    codes = _CODE.findall(text)
    for pattern in (_ADDRESS, _LINK):
        text = pattern.sub(GAP, text)
    for part in sorted({part for name in names for part in re.split(r"[\s@]+", name) if len(part) > 1}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)" if part.isascii() or len(part) > 3 else re.escape(part), GAP, text, flags=re.IGNORECASE)
    for pattern in (*telling(text), *_TELLING):
        text = pattern.sub(_without_name, text)
    text = text.rstrip()
    for pattern in (*SIGNING, _SIGNED):
        text = text[:-ENDING] + pattern.sub(_without_name, text[-ENDING:])
    text = _CODE.sub("\ue000", text)
    text = _MIXED.sub(lambda found: GAP if sum(map(str.isdigit, found[0])) >= MANY_DIGITS else found[0], _NUMBER.sub(GAP, text))
    for code in codes:
        text = text.replace("\ue000", code, 1)
    return re.sub(rf"{re.escape(GAP)}(?:\s*{re.escape(GAP)})+", GAP, text).strip()


def _without_name(found: re.Match[str]) -> str:
    return found[0].replace(found[1], GAP)
