"""Handing out: a panel as CSV or JSON, in the order and under the names that programs know."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from flask import Response

from webform import spreadsheet
from webform.panels import Panel, plain


class Format(StrEnum):
    """As what a panel can be taken out."""

    CSV = "csv"
    JSON = "json"


def panel(made: Panel, form: Format, facts: Mapping[str, object]) -> Response:
    """Give a panel as a file.

    :param facts: what the figures are of: period, filters, definitions; JSON says so beside the rows, CSV has nothing but the table.
    """
    return rows(made.name, made.keys, made.rows, form, facts)


def rows(name: str, keys: Sequence[str], values: Iterable[Sequence[object]], form: Format, facts: Mapping[str, object]) -> Response:
    """Give rows as a file, as they come: there may be many."""
    told = ([plain(value) for value in row] for row in values)
    written = spreadsheet.lines(keys, ([_cell(value) for value in row] for row in told)) if form is Format.CSV else _json(name, keys, told, facts)
    response = Response(written, mimetype="text/csv" if form is Format.CSV else "application/json")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{form}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _cell(value: object) -> object:
    return "" if value is None else value


def _json(name: str, keys: Sequence[str], told: Iterable[Sequence[object]], facts: Mapping[str, object]) -> Iterator[str]:
    head = json.dumps({"panel": name, **facts}, ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['
    between = "\n"
    for row in told:
        yield between + json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"
