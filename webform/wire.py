"""The wire: how a message becomes the bytes that are stored and sent.

Where the standard library folds a long header, some releases lose the quotes of a name, so that what stands in them reads as
more addresses, and the spaces between encoded words. So subjects and names are written here: plain where they are ASCII and
fit into the line, else as encoded words with their spaces inside.
"""

import base64
from collections.abc import Iterator
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

LONGEST_LINE = 76
OPENING, CLOSING = "=?utf-8?b?", "?="
BREAK = "\r\n "


class Wire(EmailPolicy):
    """Seven bits and CRLF, which every server takes: what is stored is exactly what goes over the line."""

    def __init__(self, **changes: Any) -> None:
        """Set what the wire demands."""
        super().__init__(**{"linesep": "\r\n", "cte_type": "7bit", **changes})

    def fold_binary(self, name: str, value: str) -> bytes:
        """Give a header as its lines."""
        column = len(name) + 2
        if name.lower() == "subject" and not str(value).isascii():
            return _line(name, _subject(str(value), column))
        addresses = getattr(value, "addresses", ())
        if any(each.display_name for each in addresses):
            return _line(name, f",{BREAK}".join(_address(each, column) for each in addresses))
        return super().fold_binary(name, value)


def _line(name: str, folded: str) -> bytes:
    return f"{name}: {folded}\r\n".encode("ascii")


def _subject(text: str, column: int) -> str:
    """Keep the ASCII words in front readable, as a reference is, and encode the rest."""
    first = next(place for place, character in enumerate(text) if not character.isascii())
    plain = text[:first].rpartition(" ")[0]
    if "=?" in plain or column + len(plain) > LONGEST_LINE // 2:
        plain = ""
    if not plain:
        return _encoded(text, column)
    return f"{plain} {_encoded(text[len(plain) + 1 :], column + len(plain) + 1)}"


def _address(address: Address, column: int) -> str:
    plain = str(address)
    if plain.isascii() and column + len(plain) <= LONGEST_LINE:
        return plain
    return f"{_encoded(address.display_name, column)}{BREAK}<{address.addr_spec}>"


def _encoded(text: str, column: int) -> str:
    return BREAK.join(f"{OPENING}{base64.b64encode(piece).decode('ascii')}{CLOSING}" for piece in _pieces(text, column))


def _pieces(text: str, column: int) -> Iterator[bytes]:
    """Cut a text into what fits into the lines, the first of which begins at a column, and never within a character."""
    room, piece = _room(column), b""
    for character in text:
        more = character.encode("utf-8", "replace")
        if len(piece) + len(more) > room:
            yield piece
            room, piece = _room(1), b""
        piece += more
    yield piece


def _room(column: int) -> int:
    """Tell how many bytes fit into an encoded word that begins at a column."""
    return (LONGEST_LINE - column - len(OPENING) - len(CLOSING)) // 4 * 3
