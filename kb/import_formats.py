"""Formats of an import: told by what is in the files, or by the person who knows."""

from collections.abc import Iterator
from enum import StrEnum

from kb import article_files, foreign_json, html_pages
from kb.bundle import Bundle, BundleError
from kb.foreign import Item, Reading
from kb.freshdesk import Freshdesk
from kb.gallery import Gallery
from kb.help_scout import HelpScout
from kb.import_report import Failure
from kb.intercom import Intercom
from kb.sentences import Sentence
from kb.zendesk import Zendesk

LOOKED_AT = 500
"""Rows by which the system is told that wrote them."""


class Format(StrEnum):
    """What an export can be."""

    MARKDOWN = "markdown"
    HTML = "html"
    ZENDESK = "zendesk"
    FRESHDESK = "freshdesk"
    INTERCOM = "intercom"
    HELP_SCOUT = "helpscout"
    CONFLUENCE = "confluence"


_SYSTEMS: dict[Format, type[Zendesk | Freshdesk | Intercom | HelpScout]] = {
    Format.ZENDESK: Zendesk,
    Format.FRESHDESK: Freshdesk,
    Format.INTERCOM: Intercom,
    Format.HELP_SCOUT: HelpScout,
}


def tell(bundle: Bundle) -> Format:
    """Tell what an export is.

    :raises BundleError: if it is none that is known.
    """
    if not bundle.names or bundle.with_ending(*article_files.ENDINGS, ".jsonl"):
        return Format.MARKDOWN
    if bundle.with_ending(*foreign_json.ENDINGS):
        for row in foreign_json.rows_from(bundle, LOOKED_AT):
            for name, system in _SYSTEMS.items():
                if system.speaks(row):
                    return name
        raise BundleError(Sentence("has JSON, but no article as Zendesk, Freshdesk, Intercom or Help Scout give it"))
    if bundle.with_ending(*html_pages.ENDINGS):
        return Format.CONFLUENCE if html_pages.is_confluence(bundle) else Format.HTML
    raise BundleError(Sentence("has no article: neither Markdown nor HTML nor JSON"))


def read(bundle: Bundle, gallery: Gallery, chosen: Format, language: str) -> Reading:
    """Read an export.

    :param language: of articles that do not tell their own.
    :raises BundleError: if it cannot be read at all.
    """
    if chosen is Format.MARKDOWN:
        reading = article_files.read_files(bundle, gallery)
    elif chosen is Format.HTML:
        reading = html_pages.read_folder(bundle, gallery, language)
    elif chosen is Format.CONFLUENCE:
        reading = html_pages.read_confluence(bundle, gallery, language)
    else:
        reading = foreign_json.read_system(bundle, gallery, _SYSTEMS[chosen](language))
    return Reading(reading.total + len(bundle.refused), _with_refused(bundle.refused, reading))


def _with_refused(refused: list[Failure], reading: Reading) -> Iterator[Item | Failure]:
    yield from refused
    yield from reading.items
