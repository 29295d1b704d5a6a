"""HTML of old mails: the words of a page, without what was quoted, signed or hidden in it."""

import re

from lxml import etree, html

LONGEST = 200_000
_BREAKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
        "header",
        "footer",
        "dd",
        "dt",
    ]
)
_DROPPED = frozenset(
    ["script", "style", "head", "title", "meta", "link", "object", "embed", "svg", "noscript", "template", "iframe", "select", "textarea", "button"]
)
# What mail programs put around a quoted mail or a signature.
_QUOTED = re.compile(
    r"gmail_quote|gmail_signature|gmail_attr|yahoo_quoted|moz-cite-prefix|moz-signature|divrplyfwdmsg|appendonsend|protonmail_quote|zmail_extra"
    r"|replyforwardmessage|mail-quote|mailru-blockquote|ntes-quote|isreplycontent|qmbox|js-helper|x_divtagdefaultwrapper_quote|outlook_signature|signature",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|mso-hide\s*:\s*all", re.IGNORECASE)
_OUTLOOK = re.compile(r"border:\s*none;\s*border-top:\s*solid #[0-9a-f]{6} 1\.0pt", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\xa0\u200b\u200c\ufeff]+")
_LINES = re.compile(r"\n[ \t]*\n\s*")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def plain(page: str) -> str:
    """Give the words of a page, a line for each block; nothing for what is no page."""
    page = _CONTROLS.sub("", page[:LONGEST])
    if not page.strip():
        return ""
    try:
        parser = html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^<>]{0,2000}>|<!--.*?-->", " ", page).strip()
    return _tidy(_gather(root, whole=False)) or _tidy(_gather(root, whole=True))


def _tidy(pieces: list[str]) -> str:
    text = _SPACES.sub(" ", "".join(pieces))
    return _LINES.sub("\n\n", re.sub(r" ?\n ?", "\n", text)).strip()


def _gather(root: html.HtmlElement, *, whole: bool) -> list[str]:
    """Walk through a page without recursion: a hostile one may be deep.

    :param whole: with what was quoted: somebody may have sent nothing else.
    """
    pieces: list[str] = []
    waiting: list[tuple[html.HtmlElement | None, str]] = [(root, "")]
    while waiting:
        element, words = waiting.pop()
        if element is None:
            pieces.append(words)
            continue
        if not isinstance(element.tag, str) or element.tag in _DROPPED or _HIDDEN.search(element.get("style", "")[:1000]):
            continue
        if not whole and _begins_quote(element):
            break
        if not whole and _is_quote(element):
            continue
        blocky = "\n" if element.tag in _BREAKS else ""
        waiting.append((None, blocky if element.tag != "br" else ""))
        for child in reversed(element):
            if child.tail:
                waiting.append((None, _flat(child.tail, element)))
            waiting.append((child, ""))
        pieces.append(blocky + _flat(element.text or "", element))
    return pieces


def _flat(words: str, element: html.HtmlElement) -> str:
    return words if element.tag == "pre" else words.replace("\n", " ").replace("\r", " ")


def _is_quote(element: html.HtmlElement) -> bool:
    marks = f"{element.get('class', '')} {element.get('id', '')}"[:500]
    return element.tag == "blockquote" or bool(_QUOTED.search(marks))


def _begins_quote(element: html.HtmlElement) -> bool:
    """Tell whether everything from here on is what was answered: Outlook draws a line above it."""
    return element.get("id", "").lower() in {"divrplyfwdmsg", "appendonsend"} or bool(_OUTLOOK.search(element.get("style", "")[:1000]))
