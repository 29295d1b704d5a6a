"""Marks: where the words of a question stand in an answer, shown with ``<mark>``."""

import html
import re
from bisect import bisect_right
from collections.abc import Collection, Mapping
from functools import lru_cache
from html.parser import HTMLParser

from kb.kept_terms import term_places

Spans = tuple[tuple[int, int], ...]

LONGEST_GLIMPSE = 240
_SENTENCE = re.compile(r"(?:[^.!?。！？…\n]|[.!?…]++(?![。！？]|\s|[”»\")\]]|$|[\u3000-\u9fff]))*+(?:[.!?。！？…]+|\n+|$)")
"""A dot within a name or a number, as in example.com or 2.4, ends no sentence."""
_LINE_END = re.compile(r"([.!?。！？…:：;；,，])?\s*\n\s*")


def find(text: str, wanted: Collection[str], language: str) -> Spans:
    """Tell where wanted terms stand in a text, sorted, joined where they touch."""
    places = term_places(text, language)
    spans: list[tuple[int, int]] = []
    for _, start, end in sorted(place for term in places.keys() & wanted for place in places[term]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
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
    return "".join(mark_text(piece, find(piece, wanted, language)) if is_text else piece for piece, is_text in _parted(source))


@lru_cache(maxsize=2000)
def _parted(source: str) -> tuple[tuple[str, bool], ...]:
    """Part safe HTML into tags and texts, and keep it: the same passages are shown again with every word that is typed."""
    parts = _Parts()
    parts.feed(source)
    parts.close()
    return parts.result()


def glimpse(text: str, wanted: Mapping[str, float], language: str) -> str:
    """Show the one or two sentences that hold most of what was said, or else of other words for it, as HTML with both marked.

    :param wanted: what each term counts, 1 for what was said and less for other words for it.
    """
    spans = find(text, wanted, language)
    said = find(text, [term for term, counts in wanted.items() if counts >= 1], language)
    start, end = _best_sentences(text, said or spans)
    shift = [(max(low, start) - start, min(high, end) - start) for low, high in spans if low < end and high > start]
    piece = text[start:end]
    ending = "" if end >= len(text.rstrip()) or piece.rstrip()[-1:] in ".!?。！？…" else "…"
    return _in_one_line(mark_text(piece, tuple(shift))) + ending


def _in_one_line(marked: str) -> str:
    """Set lines that are no sentences, as the points of a list, apart from each other."""
    return _LINE_END.sub(lambda end: f"{end[1]} " if end[1] else " · ", marked.strip())


def _best_sentences(text: str, spans: Spans) -> tuple[int, int]:
    begins, sentences = _sentences(text)
    places = ((bisect_right(begins, low) - 1, low, high) for low, high in spans)
    words = {(number, text[low:high].casefold()) for number, low, high in places if number >= 0 and low < sentences[number][1]}
    counts = [0] * len(sentences)
    for number, _ in words:
        counts[number] += 1
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


@lru_cache(maxsize=2000)
def _sentences(text: str) -> tuple[tuple[int, ...], Spans]:
    """Tell where the sentences of a passage begin, and each with its end, and keep it likewise."""
    found = tuple(match.span() for match in _SENTENCE.finditer(text) if match.group().strip()) or ((0, len(text)),)
    return tuple(start for start, _ in found), found


class _Parts(HTMLParser):
    """Writes HTML again as it was, its texts apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._written: list[tuple[str, bool]] = []
        self._text: list[str] = []

    def result(self) -> tuple[tuple[str, bool], ...]:
        self._end_of_text()
        return tuple(self._written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_of_text()
        self._written.append((self.get_starttag_text() or "", False))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._end_of_text()
        self._written.append((f"</{tag}>", False))

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
            self._written.append((text, True))
