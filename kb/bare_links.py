"""Bare links: an address that stands in a text as it was pasted, such as that of a video, can be followed; nothing is embedded."""

import re
from collections.abc import Callable, Iterator

from markdown_it.token import Token

_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»‘’`|\\{}^，。、；：！？（）【】「」《》\x00-\x1f]{3,2000}", re.IGNORECASE)
_AFTER = ".,;:!?*_~'"
_WHOLE = re.compile(r"https?://[\w.-]*\w(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)


def linked(children: list[Token], admit: Callable[[str], str]) -> list[Token]:
    """Make links of the addresses among inline tokens that are in no link and no code.

    :param admit: writes an address as a link has it, or gives nothing if there can be no such link.
    """
    made: list[Token] = []
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "text" and not depth and "://" in child.content:
            made += _divided(child, admit)
        else:
            made.append(child)
    return made


def _divided(text: Token, admit: Callable[[str], str]) -> Iterator[Token]:
    last = 0
    for found in _ADDRESS.finditer(text.content):
        address = _trimmed(found[0])
        place = admit(address) if _WHOLE.fullmatch(address) else ""
        if not place or (found.start() and text.content[found.start() - 1].isalnum()):
            continue
        yield Token("text", "", 0, content=text.content[last : found.start()], level=text.level)
        yield Token("link_open", "a", 1, attrs={"href": place}, level=text.level)
        yield Token("text", "", 0, content=address, level=text.level + 1)
        yield Token("link_close", "a", -1, level=text.level)
        last = found.start() + len(address)
    yield Token("text", "", 0, content=text.content[last:], level=text.level)


def _trimmed(address: str) -> str:
    """Leave out what ends the sentence or the bracket around an address."""
    while address:
        if address[-1] in _AFTER or (address[-1] in ")]" and address.count(address[-1]) > address.count("(" if address[-1] == ")" else "[")):
            address = address[:-1]
        else:
            return address
    return address
