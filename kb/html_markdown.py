"""HTML of other systems made into Markdown: tables, code, callouts and pictures stay; what could run or load is gone."""

import re
from collections.abc import Callable
from urllib.parse import quote

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from kb.callouts import CLASSES
from kb.drafts import ArticleError
from kb.sentences import Sentence

MOST_HTML = 1_000_000
"""Characters of one article."""
DEEPEST = 150
"""Elements within one another: time and memory grow with the square of it."""

_TAGS = {
    *("p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "hr"),
    *("br", "em", "i", "strong", "b", "s", "del", "strike", "a", "img", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "kbd", "samp", "span"),
    *("figure", "figcaption", "details", "summary", "iframe", "video", "source", "audio", "sub", "sup", "tt"),
}
_EVERYWHERE = {"class"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan"},
    "iframe": {"src", "title"},
    "video": {"src", "title"},
    "audio": {"src", "title"},
    "source": {"src"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "data", "article"}
_SILENT = {"script", "style", "noscript", "template", "title", "textarea", "svg", "math", "object", "select", "xmp", "noembed", "noframes", "plaintext"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SHUT_BY_OTHERS = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "colgroup"),
}
_LED = re.compile(r"(?:https?|mailto|tel):[^\s]", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[\s\x00-\x20]*[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w{1,40};)|~(?=~)|(?<!\w)_|_(?!\w)")
_LINE = re.compile(r"^([ \t]*)(#{1,6}(?=\s|$)|>|[-+=](?=[-+=\s]|$))", re.MULTILINE)
_NUMBER = re.compile(r"^([ \t]*\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_BRUSH = re.compile(r"brush:\s*([\w+#-]+)|\b(?:language|lang)-([\w+#-]+)")
_CALLOUT = re.compile(r"\b(?:confluence-information-macro-|callout-?|alert-|intercom-interblocks-callout-?)(\w*)")
_KINDS = {
    "tip": "TIP",
    "success": "TIP",
    "green": "TIP",
    "warning": "WARNING",
    "danger": "WARNING",
    "red": "WARNING",
    "yellow": "IMPORTANT",
    "note": "IMPORTANT",
}
_BARE_PIPE = re.compile(r"(?<!\\)\|")
_GAPS = re.compile(r"\n{3,}")

Place = Callable[[str], str | None]


def markdown_of(html: str, *, picture: Place, link: Place) -> str:
    """Make Markdown of HTML.

    :param picture: gives our address of a picture, or nothing if there is none; its words are left then.
    :param link: gives where a link leads to in our articles, or nothing if it leads elsewhere.
    :raises ArticleError: if it is too long or nested too deeply.
    """
    if len(html) > MOST_HTML:
        raise ArticleError(Sentence("its HTML is longer than %(most)s million characters", most=MOST_HTML // 1_000_000))
    if depth_of(html) > DEEPEST:
        raise ArticleError(Sentence("its HTML is nested too deeply"))
    try:
        soup = BeautifulSoup(clean(html), "lxml")
        written = _Writer(picture, link).convert_soup(soup)
    except RecursionError:
        raise ArticleError(Sentence("its HTML is nested too deeply")) from None
    return _GAPS.sub("\n\n", written).strip() + "\n"


def clean(html: str) -> str:
    """Close what is open, and leave out what is no text, table, picture or link."""
    text = html.replace("\0", "�").encode(errors="replace").decode()
    return nh3.clean(
        text, tags=_TAGS, clean_content_tags=_SILENT, attributes=_ATTRIBUTES, generic_attribute_prefixes={"data-"}, url_schemes=_SCHEMES, link_rel=None
    )


def depth_of(html: str) -> int:
    """Count how many elements stand within one another at most, where each is shut by its own end."""
    depth = deepest = 0
    for end, name in _TAG.findall(html):
        if name.lower() not in _SHUT_BY_OTHERS:
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(deepest, depth)
    return deepest


def words_of(html: str) -> str:
    """Give the words of HTML in one line."""
    return " ".join(BeautifulSoup(clean(html[:MOST_HTML]), "lxml").get_text(" ").split())


def escaped(text: str) -> str:
    """Write words so that Markdown takes none of them for a mark."""
    return _NUMBER.sub(r"\1\\\2", _LINE.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text)))


class _Writer(MarkdownConverter):
    """Writes Markdown as our renderer reads it."""

    class Options:
        heading_style = "atx"
        bullets = "-"
        autolinks = False
        table_infer_header = True

    def __init__(self, picture: Place, link: Place) -> None:
        super().__init__()
        self._picture, self._link = picture, link

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escaped(text) if text else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        place = str(el.get("href") or "").strip()
        ours = self._link(place) if place else None
        words = " ".join(text.split())
        if "_noformat" in parent_tags or not words:
            return text
        target = ours or (place if _LED.match(place) else "")
        if not ours and place.startswith(("/", "#", "?")) and not _ANY_SCHEME.match(place):
            target = ""  # A place on the other system's own site: nothing is there on ours.
        before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
        return f"{before}[{words}]({_written(target)}){after}" if target else text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words = " ".join(str(el.get("alt") or el.get("title") or "").split())
        if sign := el.get("data-emoji-fallback"):
            return escaped(str(sign))
        if "emoticon" in str(el.get("class") or ""):
            return escaped(words)
        place = self._picture(str(el.get("src") or "")) if el.get("src") else None
        return f"![{escaped(words)}]({place})" if place else escaped(words)

    def convert_iframe(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        place = str(el.get("src") or "")
        place = f"https:{place}" if place.startswith("//") else place
        if not re.match(r"https?://", place, re.IGNORECASE):
            return ""
        words = escaped(" ".join(str(el.get("title") or place).split()))
        return f" [{words}]({_written(place)}) " if "_inline" in parent_tags else f"\n\n[{words}]({_written(place)})\n\n"

    convert_source = convert_audio = convert_iframe

    def convert_video(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_iframe(el, "", parent_tags) if el.get("src") else str(text)

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        for line_end in el.find_all("br"):
            line_end.replace_with("\n")
        code = el.get_text().strip("\r\n")
        if not code.strip():
            return ""
        if "_inline" in parent_tags:
            return str(self.convert_code(el, " ".join(code.split()), parent_tags - {"_noformat"}))  # type: ignore[attr-defined]
        inner = el.find("code")
        marks = " ".join(str(part) for tag in (el, inner) if isinstance(tag, Tag) for part in (tag.get("class"), tag.get("data-syntaxhighlighter-params")))
        found = _BRUSH.search(marks)
        fence = "`" * max(3, max((len(run) for run in re.findall("`+", code)), default=0) + 1)
        return f"\n\n{fence}{(found[1] or found[2]) if found else ''}\n{code}\n{fence}\n\n"

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        marks = el.get("class")
        classes = " ".join(marks) if isinstance(marks, list) else str(marks or "")
        found = _CALLOUT.search(classes)
        inner = _GAPS.sub("\n\n", text.strip())
        if not found or not inner or "_inline" in parent_tags or "body" in found[1]:
            return str(super().convert_div(el, text, parent_tags))  # type: ignore[misc]
        kind, title = _KINDS.get(found[1], "NOTE"), ""
        if classes in CLASSES:  # It was made of a callout of ours.
            kind = classes.rpartition("-")[2].upper()
            title, inner = inner.split("\n", 1) if el.find("p", class_="callout-title", recursive=False) and "\n" in inner else ("", inner)
        lines = "\n".join(f"> {line}".rstrip() for line in inner.strip().split("\n"))
        return f"\n\n> [!{kind}]{' ' if title else ''}{title}\n{lines}\n\n"

    convert_section = convert_article = convert_div

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_td(el, _BARE_PIPE.sub(r"\\|", text), parent_tags))  # type: ignore[misc]

    def convert_th(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(super().convert_th(el, _BARE_PIPE.sub(r"\\|", text), parent_tags))  # type: ignore[misc]

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{' '.join(text.split())}**\n\n" if text.strip() and "_inline" not in parent_tags else text

    convert_summary = convert_dt

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n" if "_inline" not in parent_tags else text


def _written(target: str) -> str:
    """Write an address so that neither a space nor a bracket ends it."""
    return quote(target, safe="!#$%&'*+,-./:;=?@_~")
