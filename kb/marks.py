"""Marks: where the words of a question stand in an answer, shown with ``<mark>``."""

import html
import re
from collections.abc import Collection
from html.parser import HTMLParser

from kb.analysis import kept_terms

Spans = tuple[tuple[int, int], ...]

LONGEST_GLIMPSE = 240
_SENTENCE = re.compile(r"(?:[^.!?。！？…\n]|[.!?…]++(?![。！？]|\s|[”»\")\]]|$|[\u3000-\u9fff]))*+(?:[.!?。！？…]+|\n+|$)")
"""A dot within a name or a number, as in example.com or 2.4, ends no sentence."""
_LINE_END = re.compile(r"([.!?。！？…:：;；,，])?\s*\n\s*")


def find(text: str, wanted: Collection[str], language: str) -> Spans:
    """Tell where wanted terms stand in a text, sorted, joined where they touch."""
    spans: list[tuple[int, int]] = []
    for term in kept_terms(text, language):
        if term.text not in wanted:
            continue
        if spans and term.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(term.end, spans[-1][1]))
        else:
            spans.append((term.start, term.end))
    return tuple(spans)


def mark_text(text: str, spans: Spans) -> str:
    """Make HTML of a plain text, with the spans marked."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [html.escape(text[at:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*pieces, html.escape(text[at:])])


def mark_html(source: str, wanted: Collection[str], language: str) -> str:
    """Mark terms in the text of safe HTML; tags and attributes stay as they are."""
    marker = _Marker(wanted, language)
    marker.feed(source)
    marker.close()
    return marker.result()


def glimpse(text: str, spans: Spans) -> str:
    """Show the one or two sentences that hold the most marks, as HTML."""
    start, end = _best_sentences(text, spans)
    shift = [(max(low, start) - start, min(high, end) - start) for low, high in spans if low < end and high > start]
    piece = text[start:end]
    ending = "" if end >= len(text.rstrip()) or piece.rstrip()[-1:] in ".!?。！？…" else "…"
    return _in_one_line(mark_text(piece, tuple(shift))) + ending


def _in_one_line(marked: str) -> str:
    """Set lines that are no sentences, as the points of a list, apart from each other."""
    return _LINE_END.sub(lambda end: f"{end[1]} " if end[1] else " · ", marked.strip())


def _best_sentences(text: str, spans: Spans) -> tuple[int, int]:
    sentences = [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()] or [(0, len(text))]
    counts = [len({text[low:high].casefold() for low, high in spans if start <= low < end}) for start, end in sentences]
    best = max(range(len(sentences)), key=counts.__getitem__)
    start, end = sentences[best]
    if best + 1 < len(sentences) and sentences[best + 1][1] - start <= LONGEST_GLIMPSE:
        end = sentences[best + 1][1]
    if end - start <= LONGEST_GLIMPSE:
        return start, end
    first = next((low for low, _ in spans if low >= start), start)
    start = max(start, min(first - LONGEST_GLIMPSE // 4, end - LONGEST_GLIMPSE))
    while start and text[start - 1].isalnum() and text[start].isascii() and first - start < LONGEST_GLIMPSE // 2:
        start -= 1
    return start, min(end, start + LONGEST_GLIMPSE)


class _Marker(HTMLParser):
    """Writes HTML again as it was, except for marks in its text."""

    def __init__(self, wanted: Collection[str], language: str) -> None:
        super().__init__(convert_charrefs=False)
        self._wanted, self._language = wanted, language
        self._written: list[str] = []
        self._text: list[str] = []

    def result(self) -> str:
        self._end_of_text()
        return "".join(self._written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_of_text()
        self._written.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._end_of_text()
        self._written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(html.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._text.append(html.unescape(f"&#{name};"))

    def _end_of_text(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if text:
            self._written.append(mark_text(text, find(text, self._wanted, self._language)))
