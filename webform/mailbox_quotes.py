"""Quotes and signatures in old mails: what the customer wrote in this mail, without what is quoted under it and how it is signed.

The library knows how mail programs of Western languages introduce a quote, and one Russian way; the other Russian and the
Chinese ways, what stands above a quoted block in any language, and signatures are known here.
"""

import re

import quotequail

from webform.mailbox_phrases import DISCLAIMER, FIELD, GOODBYE, HELLO, INTRODUCED, QUOTED, SENT_FROM

MOST_CHARACTERS = 20_000
MOST_LINES = 400
LONGEST_LINE = 2000
LONGEST_ENDING = 12
"""Lines that a signature has at most."""

_FIELDS_OF_QUOTE = 3
_BLANKS = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """Give what was written in this mail itself; where there is nothing but a mail passed on, what that says."""
    lines = [line.rstrip()[:LONGEST_LINE] for line in text[:MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]]
    kept = _unsigned(_unquoted(lines))
    if not any(line.strip() for line in kept):
        kept = _unsigned(_passed_on(lines))
    return _BLANKS.sub("\n\n", "\n".join(_ungreeted(kept))).strip()


def _ungreeted(lines: list[str]) -> list[str]:
    """Leave out a first line that only greets: a form asks for none, and it says nothing of what is wrong."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    return lines[first + 1 :] if lines and HELLO.match(lines[first]) and any(line.strip() for line in lines[first + 1 :]) else lines


def _unquoted(lines: list[str]) -> list[str]:
    """Take out marked lines with what introduces them, and everything from a quote on that is not marked."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        introduced = 0
        if QUOTED.match(lines[place]):
            if kept and not QUOTED.match(lines[place - 1]):
                _drop_introduction(kept)
        elif introduced := _introduction(lines, place):
            if not _is_marked(lines[place + introduced : place + introduced + 4]):
                break
        else:
            kept.append(lines[place])
        place += max(1, introduced)
    expanded = quotequail.quote("\n".join(kept), limit=0x7FFFFFFF, quote_intro_line=True)[0]
    return expanded[1].split("\n") if expanded[0] else []


def _introduction(lines: list[str], place: int) -> int:
    """Tell how many lines introduce a quote here: one by itself, one with the one after it, the first of some fields, or none."""
    line = lines[place].strip()
    if not line:
        return 0
    if len(line) < 300 and any(pattern.match(line) for pattern in INTRODUCED):
        return 1
    if FIELD.match(line):
        block = [each for each in lines[place : place + 8] if each.strip()][:5]
        return int(sum(bool(FIELD.match(each)) for each in block) >= _FIELDS_OF_QUOTE)
    following = lines[place + 1].strip() if place + 1 < len(lines) else ""
    wrapped = len(line) > 20 and 0 < len(following) < 120 and following.endswith((":", "："))
    return 2 if wrapped and any(pattern.match(f"{line} {following}") for pattern in INTRODUCED[:5]) else 0


def _is_marked(rest: list[str]) -> bool:
    """Tell whether what follows is marked line by line, so that something may follow after it."""
    return any(QUOTED.match(line) for line in [line for line in rest if line.strip()][:2])


def _drop_introduction(kept: list[str]) -> None:
    """Take away the lines right above a quoted block that say who wrote it."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and kept[-1].rstrip().endswith((":", "：")) and re.search(r"\d", " ".join(kept[-2:])):
        kept.pop()


def _unsigned(lines: list[str]) -> list[str]:
    """Cut off a signature, what a telephone adds, and what a lawyer does."""
    for place, line in enumerate(lines):
        before = any(each.strip() for each in lines[:place])
        if line.rstrip() in {"--", "—", "--\xa0"} or (before and DISCLAIMER.match(line)):
            return lines[:place] if before else lines[place + 1 :]
        if SENT_FROM.match(line) or (before and GOODBYE.match(line)):
            rest = [each for each in lines[place + 1 :] if each.strip()]
            if (len(rest) <= LONGEST_ENDING and all(len(each) <= 120 for each in rest)) or SENT_FROM.match(line):
                return lines[:place]
    return lines


def _passed_on(lines: list[str]) -> list[str]:
    """Give what a mail says that was passed on without a word, or the words that somebody has marked as quoted."""
    found = quotequail.unwrap("\n".join(lines))
    text = str((found or {}).get("text", "")).split("\n")
    if not any(line.strip() for line in text):
        text = [re.sub(r"^\s*[>|＞]+ ?", "", line) for line in lines if not any(pattern.match(line.strip()) for pattern in INTRODUCED)]
    return [line for line in text if not FIELD.match(line)]
