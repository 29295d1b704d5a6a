"""Lines: typed text made fit to be stored, and to stand in a header, a greeting or one line of a page."""

import re
import unicodedata

NAME_WORDS = 4
NAME_LETTERS = 40

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = "\u200c\u200d"  # They shape letters of Persian and Indic names, and emoji.
_LINK = re.compile(r"://|www\.|@|\w\.\w{2,}", re.IGNORECASE)


def storable(text: str) -> str:
    """Keep what a person can read: both databases and a mail can hold the result.

    Every kind of line end becomes a line feed, half a surrogate pair a replacement character; other control
    characters except the tab go.
    """
    return _UNSTORABLE.sub("", _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text)))


def one_line(text: str, limit: int) -> str:
    """Make one line without invisible characters, so that it cannot reorder or hide what stands around it.

    :param limit: characters at most; a longer text ends in an ellipsis.
    """
    visible = (" " if character.isspace() else character for character in storable(text) if _is_visible(character))
    line = " ".join("".join(visible).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def header_text(text: str, limit: int) -> str:
    """Make one line that stands in a mail header as it reads, even where it imitates an encoded word."""
    return one_line(text, limit).replace("=?", "= ?")


def greeting_name(name: str) -> str:
    """Give a name by which a stranger may be greeted, or nothing.

    An acknowledgement goes to an address that anybody can type, so a "name" that is a link or a sentence is left out.
    """
    line = one_line(name, NAME_LETTERS + 1)
    if len(line) > NAME_LETTERS or len(line.split()) > NAME_WORDS or _LINK.search(line):
        return ""
    return line if all(unicodedata.category(character)[0] in "LM" or character in " -'’.·" + _JOINERS for character in line) else ""


def _is_visible(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in {"Cf", "Cc", "Cs"} or character.isspace()
