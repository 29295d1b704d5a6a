"""Markdown to safe HTML: a strict parser, our own anchors, and a sanitiser that trusts neither."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.bare_links import linked
from kb.callouts import CLASSES, set_apart
from kb.picture_names import size_at
from kb.slugs import Namer, slugify

MAX_SOURCE = 100_000
"""Bytes of one body: nested emphasis of this size takes a second to parse."""

ARTICLE_SCHEME = "article"
"""What links to other articles begin with; ``kb.article_links`` makes addresses of them."""

# Ids that pages around an article use: an anchor never takes one of them.
RESERVED = frozenset({"main", "q", "q-hint", "contents-title", "languages-title"})

_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "s", "a", "img", "div", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "p": {"class"},
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "ol": {"start"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "th": {"class", "scope"},
    "td": {"class"},
}
_SCHEMES = {"http", "https", "mailto", "tel", ARTICLE_SCHEME}
_CLASSES = {"wide", "to-end", "to-centre"} | CLASSES
_ABSOLUTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_ARTICLE = re.compile(rf"{ARTICLE_SCHEME}:(.*)", re.IGNORECASE | re.DOTALL)
_ALIGNED = re.compile(r"text-align:(left|center|right)")
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class SourceTooLong(ValueError):
    """The Markdown is longer than may be parsed in one go."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the article itself: ``level`` from 2, and the anchor that links lead to."""

    level: int
    anchor: str
    text: str


def render(source: str) -> str:
    """Make safe HTML of Markdown, the same for the same text.

    :raises SourceTooLong: if the source is longer than ``MAX_SOURCE`` bytes.
    """
    if len(source) > MAX_SOURCE or len(source.encode(errors="replace")) > MAX_SOURCE:
        raise SourceTooLong(f"the text is longer than {MAX_SOURCE // 1000} kB")
    return _rendered(source)


@lru_cache(maxsize=128)
def _rendered(source: str) -> str:
    return render_blocks(parse(source))


def headings(source: str) -> list[Heading]:
    """List the headings that stand at the top level, in their order."""
    return [found for token in parse(source) if (found := token.meta.get("heading"))]


def parse(source: str) -> list[Token]:
    """Read Markdown into blocks whose headings, links, images and tables are already as we want them."""
    blocks = set_apart(_PARSER.parse(source.replace("\0", "�")[: MAX_SOURCE + 1]))
    _name_headings(blocks)
    for position, block in enumerate(blocks):
        if block.type == "inline":
            _settle_inline(block)
        elif block.type in ("th_open", "td_open"):
            _settle_cell(block)
        elif block.type == "table_open":
            block.meta["label"] = ", ".join(_header_cells(blocks, position))
    return blocks


def render_blocks(blocks: Sequence[Token]) -> str:
    """Make safe HTML of parsed blocks."""
    return nh3.clean(
        _PARSER.renderer.render(blocks, _PARSER.options, {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,  # Ours alone are there: an author cannot write one.
        attribute_filter=_admit,
    ).strip()


def plain(inline: Token) -> str:
    """Give the words of an inline token without any mark-up."""
    words = []
    for child in inline.children or []:
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif child.type == "image":
            words.append(plain(child))
    return re.sub(r"\s+", " ", "".join(words)).strip()


def _name_headings(blocks: list[Token]) -> None:
    """Give top-level headings an anchor and a level without gaps under the page's own title; nested ones become paragraphs."""
    own = [(block, plain(blocks[position + 1])) for position, block in enumerate(blocks) if block.type == "heading_open" and block.level == 0]
    highest = min((int(block.tag[1]) for block, _ in own), default=1)
    namer, level = Namer(RESERVED), 1
    for block, text in own:
        level = min(int(block.tag[1]) - highest + 2, level + 1)
        block.meta["heading"] = Heading(level, namer.name(slugify(text) or "section"), text)
        block.attrSet("id", block.meta["heading"].anchor)
    tag = "p"
    for block in blocks:
        if block.type == "heading_open":
            tag = f"h{block.meta['heading'].level}" if "heading" in block.meta else "p"
        if block.type in ("heading_open", "heading_close"):
            block.tag = tag


def _settle_inline(inline: Token) -> None:
    children = inline.children = linked(inline.children or [], lambda place: _PARSER.normalizeLink(place) if _PARSER.validateLink(place) else "")
    for position, child in enumerate(children):
        if child.type == "link_open" and (found := _ARTICLE.match(str(child.attrGet("href") or ""))):
            child.attrs = {"href": f"{ARTICLE_SCHEME}:{found[1]}"}  # Nothing else, so that it is found again by its form.
        elif child.type == "link_open" and _ABSOLUTE.match(str(child.attrGet("href") or "")):
            child.attrSet("rel", "noopener nofollow")
        elif child.type == "image":
            size = size_at(str(child.attrGet("src") or ""))
            if size is None:
                children[position] = Token("text", "", 0, content=plain(child))
            else:
                child.attrs |= {"width": str(size.width), "height": str(size.height), "loading": "lazy"}


def _settle_cell(cell: Token) -> None:
    """Say the alignment of a cell by a class: the page allows no style attribute."""
    aligned = _ALIGNED.search(str(cell.attrs.pop("style", "")))
    if aligned and aligned[1] != "left":
        cell.attrSet("class", "to-end" if aligned[1] == "right" else "to-centre")
    if cell.type == "th_open":
        cell.attrSet("scope", "col")


def _header_cells(blocks: list[Token], position: int) -> list[str]:
    cells = []
    for previous, block in zip(blocks[position:], blocks[position + 1 :], strict=False):
        if block.type == "thead_close":
            break
        if previous.type == "th_open" and (words := plain(block)):
            cells.append(words)
    return cells


def _open_table(_self: object, blocks: Sequence[Token], position: int, *_rest: object) -> str:
    label = nh3.clean_text(str(blocks[position].meta.get("label", "")))
    named = f' role="region" tabindex="0" aria-label="{label}"' if label else ""
    return f'<div class="wide"{named}><table>'


def _close_table(*_anything: object) -> str:
    return "</table></div>\n"


_PARSER.add_render_rule("table_open", _open_table)
_PARSER.add_render_rule("table_close", _close_table)


def _pretends(address: str) -> bool:
    """Tell whether something before a colon is not one of our schemes, though it may be no scheme at all, as in ``java%09script:``."""
    before, colon, _ = re.split(r"[/?#]", address, maxsplit=1)[0].partition(":")
    return bool(colon) and before.strip().lower() not in _SCHEMES


def _admit(tag: str, attribute: str, value: str) -> str | None:
    """Look at every attribute once more after the sanitiser: no picture but ours, no class but ours."""
    if tag == "img" and attribute == "src" and size_at(value) is None:
        return None
    if tag == "a" and attribute == "href" and _pretends(value):
        return None
    if attribute == "class" and value not in _CLASSES:
        return None
    return value
