"""HTML pages as articles: a folder of them, or the HTML export of a Confluence space."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from posixpath import basename, join, normpath, splitext
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from lxml import etree

from kb.bundle import Bundle, BundleError
from kb.drafts import ArticleError, Draft, Status, is_language
from kb.foreign import Foreign, Item, Reading, draft_of, instant_of, language_code
from kb.gallery import Gallery
from kb.html_markdown import DEEPEST, MOST_HTML, depth_of
from kb.labels import MEMBER, read_label
from kb.sentences import Sentence

ENDINGS = (".html", ".htm", ".xhtml")
MOST_BYTES = 4 * MOST_HTML
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:^|_)(\d+)$")
_PAGE_NUMBER = re.compile(r"[?&]pageId=(\d+)|/pages/(\d+)")
_TOLD_ID = re.compile(rb"<meta\s[^<>]{0,100}name=[\"']?article-id[\"']?\s[^<>]{0,100}content=[\"']([^\"'<>]{1,1000})[\"']", re.IGNORECASE)
_LABEL = re.compile(rf'<meta name="{MEMBER}" content="([^"]*)">\n')
_HEAD = 5_000
"""Bytes at the beginning of a page in which it tells its id."""
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page is which article: by the name of its file, and for Confluence by its number."""

    files: Mapping[str, str]
    numbers: Mapping[str, str]
    bundle: Bundle
    _said: dict[str, str] = field(default_factory=dict)

    def target(self, place: str, page: str) -> str | None:
        """Give the id of the article that a link in a page means."""
        if found := _PAGE_NUMBER.search(place):
            return self.numbers.get(found[1] or found[2])
        try:
            parts = urlsplit(place)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        file = unquote(parts.path)
        return self.identity(normpath(join("" if file.startswith("/") else page.rpartition("/")[0], file.lstrip("/"))))

    def identity(self, file: str) -> str | None:
        """Give the id of the article that a file is: the one that it tells, else that of its name."""
        if file not in self.files:
            return None
        if file not in self._said:
            told = _TOLD_ID.search(_head(self.bundle, file)[:_HEAD])
            self._said[file] = html.unescape(told[1].decode(errors="replace")) if told else self.files[file]
        return self._said[file]


def read_folder(bundle: Bundle, gallery: Gallery, language: str) -> Reading:
    """Read a folder of pages; those of the same name under folders of languages are one article."""
    files = {name: _folder_id(name) for name in bundle.with_ending(*ENDINGS)}
    pages = Pages(files, {}, bundle)
    return Reading(len(files), (_item(bundle, gallery, pages, name, _Folder(name, language)) for name in files))


def read_confluence(bundle: Bundle, gallery: Gallery, language: str) -> Reading:
    """Read the HTML export of a space; its overview is no article."""
    names = [name for name in bundle.with_ending(*ENDINGS) if basename(name) not in ("index.html", "toc.html")]
    numbers = {number: f"confluence-{number}" for name in names if (number := _number(name))}
    files = {name: f"confluence-{_number(name) or splitext(name)[0]}" for name in names}
    pages = Pages(files, numbers, bundle)
    return Reading(len(names), (_item(bundle, gallery, pages, name, _Confluence(name, language)) for name in names))


def is_confluence(bundle: Bundle) -> bool:
    """Tell whether pages are a Confluence export, by the first ones that are no overview."""
    names = [name for name in bundle.with_ending(*ENDINGS) if basename(name) != "index.html"][:5]
    return any(b'id="main-content"' in _head(bundle, name) and b'id="title-text"' in _head(bundle, name) for name in names)


class _Folder:
    """A page anybody may have written: what stands in its head says what it is."""

    def __init__(self, page: str, language: str) -> None:
        self.page, self.language = page, language

    def foreign(self, soup: BeautifulSoup, external_id: str) -> Foreign:
        said = {str(tag.get("name") or tag.get("property") or "").lower(): str(tag.get("content") or "") for tag in soup.find_all("meta")}
        content = _first(soup, "article", "main", "body") or soup
        heading = content.find("h1") if isinstance(content, Tag) else None
        title = _words(soup.title) or (_words(heading) if isinstance(heading, Tag) else "")
        if isinstance(heading, Tag) and (not title or _words(heading) in title):
            title = _words(heading)
            heading.decompose()
        for tag in content.find_all(["nav", "header", "footer", "aside", "form", "button"]):
            tag.decompose()
        return Foreign(
            where=self.page,
            page=self.page,
            external_id=said.get("article-id") or external_id,
            language=language_code(_language_of(soup) or _language_folder(self.page) or self.language),
            title=title or splitext(basename(self.page))[0],
            html=str(content),
            summary=said.get("description", ""),
            category=said.get("category") or said.get("article:section", ""),
            published=said.get("status", "published") == "published",
            updated_at=instant_of(said.get("last-modified") or said.get("article:modified_time")),
            keywords=tuple(word.strip() for word in said.get("keywords", "").split(",") if word.strip()),
        )


class _Confluence:
    """A page of a Confluence space."""

    def __init__(self, page: str, language: str) -> None:
        self.page, self.language = page, language

    def foreign(self, soup: BeautifulSoup, external_id: str) -> Foreign:
        content = soup.find(id="main-content")
        if not isinstance(content, Tag):
            raise ArticleError(Sentence("has no part that is called main-content, as pages of Confluence have"))
        for tag in content.select(".toc-macro, .page-metadata, .greybox, #attachments, .confluence-userlink img"):
            tag.decompose()
        space = _words(soup.select_one("#breadcrumbs li.first"))
        above = [_words(tag) for tag in soup.select("#breadcrumbs li")][1:]
        changed = _DAY.findall(_words(soup.select_one(".page-metadata")))
        title = _words(soup.find(id="title-text"))
        return Foreign(
            where=self.page,
            page=self.page,
            external_id=external_id,
            language=language_code(_language_of(soup) or self.language),
            title=title.removeprefix(f"{space} : ") if space else title.partition(" : ")[2] or title,
            html=str(content),
            category=above[1] if len(above) > 1 else "",
            updated_at=instant_of(changed[-1]) if changed else None,
        )


def _item(bundle: Bundle, gallery: Gallery, pages: Pages, name: str, kind: _Folder | _Confluence) -> Item:
    return Item(name, partial(_make, bundle, gallery, pages, name, kind))


def _make(bundle: Bundle, gallery: Gallery, pages: Pages, name: str, kind: _Folder | _Confluence) -> Draft:
    try:
        text = _decoded(bundle.read(name, MOST_BYTES))
    except BundleError as error:
        raise ArticleError(*error.args) from error
    if depth_of(text) > DEEPEST:
        raise ArticleError(Sentence("its HTML is nested too deeply"))
    try:
        label, bare = _label(text)
        foreign = replace(kind.foreign(BeautifulSoup(bare, "lxml"), pages.identity(name) or pages.files[name]), label=label)
        if isinstance(kind, _Confluence) and "status" in label:  # A space exports only what is published, and does not say so.
            foreign = replace(foreign, published=label["status"] == Status.PUBLISHED)
    except (RecursionError, etree.LxmlError, AssertionError) as error:
        raise ArticleError(Sentence("is not HTML that can be read")) from error
    return draft_of(foreign, gallery, lambda place: pages.target(place, name))


def _label(text: str) -> tuple[dict[str, str], str]:
    """Take the label of our own export off a page."""
    found = _LABEL.search(text)
    if found is None:
        return {}, text
    bare = text[: found.start()] + text[found.end() :]
    try:
        return read_label(json.loads(html.unescape(found[1])), bare), bare
    except (ValueError, RecursionError):
        return {}, bare


def _decoded(content: bytes) -> str:
    """Read a page in the encoding that it names, or in UTF-8."""
    named = _CHARSET.search(content[:2000])
    for encoding in ("utf-8-sig", named[1].decode() if named else "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    raise ArticleError(Sentence("is not in the encoding that it names, nor in UTF-8"))


def _head(bundle: Bundle, name: str) -> bytes:
    try:
        return bundle.read(name, MOST_BYTES)
    except BundleError:
        return b""


def _first(soup: BeautifulSoup, *names: str) -> Tag | None:
    return next((found for name in names if isinstance(found := soup.find(name), Tag)), None)


def _words(tag: object) -> str:
    return " ".join(tag.get_text(" ").split()) if isinstance(tag, Tag) else ""


def _language_of(soup: BeautifulSoup) -> str:
    page = soup.find("html")
    said = str(page.get("lang") or page.get("xml:lang") or "") if isinstance(page, Tag) else ""
    return said if is_language(said) else ""


def _language_folder(name: str) -> str:
    """Find the language that the first folder is called after."""
    folder = name.partition("/")[0]
    return folder if "/" in name and re.fullmatch(r"[a-z]{2}([-_][A-Za-z]{2,4})?", folder) else ""


def _folder_id(name: str) -> str:
    return splitext(name.partition("/")[2] if _language_folder(name) else name)[0]


def _number(name: str) -> str:
    found = _NUMBER.search(splitext(basename(name))[0])
    return found[1] if found else ""
