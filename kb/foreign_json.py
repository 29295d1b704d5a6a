"""JSON exports of Zendesk, Freshdesk, Intercom and Help Scout: the answers of their programming interfaces, saved as files."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Protocol

from kb.bundle import Bundle, BundleError
from kb.foreign import Foreign, Item, Reading, Target, draft_of
from kb.gallery import Gallery
from kb.import_report import Failure
from kb.json_rows import JsonError, Row, read_rows

ENDINGS = (".json",)


class System(Protocol):
    """What is known of one system's export; it hears of every row before the first article is asked for."""

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row.

        :return: how many articles it makes.
        """

    def articles(self, row: Row, page: str) -> Iterator[Foreign]:
        """Give the articles that a row makes: none, one, or one in each language."""

    def target(self) -> Target:
        """Tell which article an address means."""


def read_system(bundle: Bundle, gallery: Gallery, system: System) -> Reading:
    """Read an export twice: once for what it has, once for its articles."""
    total = sum(system.learn(row, page) for page, row in _rows(bundle) if not isinstance(row, Failure))
    return Reading(total, _items(bundle, gallery, system))


def rows_from(bundle: Bundle, most: int) -> Iterator[Row]:
    """Give the first rows, to tell by them which system it was."""
    for number, (_, row) in enumerate(_rows(bundle)):
        if number >= most:
            return
        if isinstance(row, Row):
            yield row


def _items(bundle: Bundle, gallery: Gallery, system: System) -> Iterator[Item | Failure]:
    target = system.target()
    for page, row in _rows(bundle):
        if isinstance(row, Failure):
            yield row
            continue
        for foreign in system.articles(row, page):
            yield Item(foreign.where, partial(draft_of, foreign, gallery, target))


def _rows(bundle: Bundle) -> Iterator[tuple[str, Row | Failure]]:
    for name in bundle.with_ending(*ENDINGS):
        try:
            for row in read_rows(BytesIO(bundle.read(name)), name):
                yield name, row
        except (BundleError, JsonError) as error:
            yield name, Failure.because(name, error)
