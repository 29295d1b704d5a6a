"""Rows of JSON files: objects that stand in a list somewhere near the top, read one by one, however large the file is."""

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename
from typing import IO, Any

import ijson

from kb.sentences import Sentence

DEEPEST = 50
_PLAIN = frozenset({"items", "data", "results", "value"})
"""Lists that do not say what is in them."""
_LISTS = _PLAIN | {"articles", "sections", "categories", "translations", "folders", "collections"}
_SINGLE = {
    "article": "articles",
    "section": "sections",
    "category": "categories",
    "folder": "folders",
    "collection": "collections",
    "translation": "translations",
}


class JsonError(ValueError):
    """A file is not JSON that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """An object, and the name of the list that it stands in."""

    kind: str
    fields: dict[str, Any]


@dataclass(slots=True)
class _Level:
    container: dict[str, Any] | list[Any]
    name: str
    """The key under which it stands in the next level up."""
    key: str = ""

    def take(self, value: Any) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        else:
            self.container[self.key] = value


def read_rows(file: IO[bytes], name: str) -> Iterator[Row]:
    """Read the rows of one file; a row within a row comes before it.

    :param name: of the file: it says what is in a list that has no name.
    :raises JsonError: where the file is no JSON any more, or nested too deeply; what stood before it has been given.
    """
    levels: list[_Level] = []
    stem = basename(name).lower()
    try:
        for event, value in ijson.basic_parse(file, use_float=True):
            if event == "map_key":
                levels[-1].key = value
            elif event in ("start_map", "start_array"):
                if len(levels) >= DEEPEST:
                    raise JsonError(Sentence("is nested too deeply"))
                levels.append(_Level({} if event == "start_map" else [], levels[-1].key if levels else ""))
            else:
                if event in ("end_map", "end_array"):
                    value = levels.pop().container
                if isinstance(value, dict) and (not levels or _is_list_of_rows(levels)):
                    yield from _rows_of(value, _kind(levels) or _named(stem))
                elif levels:
                    levels[-1].take(value)
    except JsonError:
        raise
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        raise JsonError(Sentence("is not JSON: %(fault)s", fault=(str(error).splitlines() or ["?"])[0][:150])) from error


def _is_list_of_rows(levels: list[_Level]) -> bool:
    return isinstance(levels[-1].container, list) and (len(levels) == 1 or levels[-1].name in _LISTS)


def _kind(levels: list[_Level]) -> str:
    return next((level.name for level in reversed(levels) if level.name in _LISTS - _PLAIN), "")


def _named(stem: str) -> str:
    return next((kind for kind in _SINGLE.values() if kind in stem), "articles" if "article" in stem else "")


def _rows_of(fields: dict[str, Any], kind: str) -> Iterator[Row]:
    for single, plural in _SINGLE.items():
        if isinstance(inner := fields.get(single), dict):
            yield Row(plural, inner)
            return
    yield Row(kind, fields)
