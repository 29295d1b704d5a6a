"""Callouts: block quotes that begin with a mark such as ``[!WARNING]``, as GitHub writes them, set apart from the text.

What follows the mark in its line is the callout's title; without one, the page names the kind in the reader's language.
"""

import re
from collections.abc import Sequence

from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution")
CLASSES = frozenset({"callout-title", *(f"callout callout-{kind}" for kind in KINDS)})

_MARK = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)


def set_apart(blocks: Sequence[Token]) -> list[Token]:
    """Make callouts of the block quotes that begin with a mark; every other block stays as it is."""
    made: list[Token] = []
    callouts: list[bool] = []
    dropped: set[int] = set()
    for position, block in enumerate(blocks):
        if block.type == "blockquote_open":
            kind, title = _opened(blocks, position)
            callouts.append(bool(kind))
            made.append(block)
            if kind:
                block.tag = "div"
                block.attrs = {"class": f"callout callout-{kind}", "role": "note"}
                made += _titled(block.level + 1, title)
                if not blocks[position + 2].children:
                    dropped |= {position + 1, position + 2, position + 3}
        elif block.type == "blockquote_close":
            if callouts.pop():
                block.tag = "div"
            made.append(block)
        elif position not in dropped:
            made.append(block)
    return made


def _opened(blocks: Sequence[Token], position: int) -> tuple[str, list[Token]]:
    """Find the mark at the beginning of a block quote, and take it with its title out of the first paragraph."""
    if position + 2 >= len(blocks) or blocks[position + 1].type != "paragraph_open":
        return "", []
    inline = blocks[position + 2]
    children = inline.children or []
    found = _MARK.match(children[0].content) if children and children[0].type == "text" else None
    end = next((number for number, child in enumerate(children) if child.type in ("softbreak", "hardbreak")), len(children))
    if found is None or sum(int(child.nesting) for child in children[:end]) != 0:
        return "", []  # A line that ends within a link or a bold word cannot be cut there.
    children[0].content = children[0].content[found.end() :]
    inline.children = children[end + 1 :]
    inline.content = inline.content.partition("\n")[2]
    return found[1].lower(), [child for child in children[:end] if child.type != "text" or child.content]


def _titled(level: int, title: list[Token]) -> list[Token]:
    opened = Token("paragraph_open", "p", 1, attrs={"class": "callout-title"}, level=level, block=True)
    inline = Token("inline", "", 0, children=title, level=level + 1, block=True, content="".join(child.content for child in title))
    return [opened, inline, Token("paragraph_close", "p", -1, level=level, block=True)]
