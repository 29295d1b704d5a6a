"""Keeps the gettext catalogues: ``python -m tests.catalogues [LANGUAGE …]`` extracts, updates and compiles them."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "webform" / "translations"
LANGUAGES = ("ru", "zh")
BEGUN = datetime(2026, 11, 22, tzinfo=UTC)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "pgettext": ((1, "c"), 2), "Sentence": None}


def extracted() -> Catalog:
    """Everything that the product says, as it stands in the code."""
    catalog = Catalog(project="webform", charset="utf-8")
    for package in ("kb", "deflection", "webform"):
        for filename, line, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, keywords=KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
        ):
            catalog.add(message, locations=[(f"{package}/{filename}", line)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """A catalogue as it is kept; an empty one when there is none yet."""
    path = po_path(language)
    if not path.is_file():
        return Catalog(
            locale=language,
            project="webform",
            charset="utf-8",
            fuzzy=False,
            header_comment="#",
            creation_date=BEGUN,
            revision_date=BEGUN,
            last_translator="webform",
            language_team="webform",
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def po_path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def spoken(content: bytes) -> dict[tuple[str, str | None], object]:
    """What a compiled catalogue says; the name of the program that compiled it, which stands in its header, is left out."""
    return {(str(message.id), message.context): message.string for message in read_mo(io.BytesIO(content)) if message.id}


def main(languages: tuple[str, ...]) -> None:
    template = extracted()
    for language in languages:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date = BEGUN  # A date of its own would make every run a change.
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = [message.id for message in catalog if message.id and not all(message.string if isinstance(message.string, tuple) else [message.string])]
        print(f"{language}: {len(catalog)} messages, {len(missing)} not translated")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or LANGUAGES)
