"""Letters: the words of mails, rendered from templates in a language of the interface.

Mails are made below the edge, in the language of their reader and not of the visit, so this asks Jinja and Babel
themselves instead of the web framework.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webform.lines import storable

HERE = Path(__file__).parent
MOMENT = "EEEE, d MMMM yyyy, HH:mm"
MOMENTS = {"zh": "y年M月d日EEEE HH:mm"}  # Chinese goes from the year down to the minute.


def render(template: str, language: str, **values: object) -> str:
    """Render a mail template.

    What comes out can stand in a mail, whatever settings and articles brought in.

    :param template: file name under ``templates/mail``; only ``.html`` is escaped.
    :param language: language of the reader.
    """
    return storable(_environment(language).get_template(template).render(values))


def translator(language: str) -> Callable[..., str]:
    """Give the function that translates a text and fills in its named placeholders."""
    catalogue = _catalogue(language)

    def translate(text: str, **values: object) -> str:
        translated = catalogue.gettext(text)
        return translated % values if values else translated

    return translate


def plural(language: str) -> Callable[..., str]:
    """Give the function that translates a text that counts, and fills in its number and other placeholders."""
    catalogue = _catalogue(language)

    def translate(one: str, many: str, number: int, **values: object) -> str:
        return catalogue.ngettext(one, many, number) % {"num": number, **values}

    return translate


def language_name(code: str, language: str) -> str:
    """Name a language in the words of a reader: ``ru`` is Russian, русский, 俄语."""
    try:
        return Locale.parse(code, sep="-").get_display_name(language) or code
    except (ValueError, UnknownLocaleError):
        return code


def moment(when: datetime, language: str) -> str:
    """Write a moment with its zone, to the minute."""
    return f"{format_datetime(when, MOMENTS.get(language, MOMENT), locale=language)} UTC"


def day(when: datetime, language: str) -> str:
    """Write the day of a moment, in UTC."""
    return without_stop(format_date(when.astimezone(UTC), "long", locale=language))


def without_stop(day: str) -> str:
    """Leave out the short word for "year" of Russian days: its full stop would stand before that of a sentence."""
    return day.removesuffix("г.").rstrip()


def file_size(size: int, language: str) -> str:
    """Write a number of bytes as a person would say it."""
    if size < 1000:
        return format_unit(size, "digital-byte", "long", locale=language)
    if size < 1_000_000:
        return format_unit(round(size / 1000), "digital-kilobyte", "short", locale=language)
    return format_unit(round(size / 1_000_000, 1), "digital-megabyte", "short", locale=language)


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(HERE / "translations"), [language])


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates" / "mail"),
        autoescape=lambda name: bool(name and name.endswith(".html")),  # noqa: S701 - plain text must not be escaped
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(_catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["moment"] = lambda when: moment(when, language)
    environment.filters["language_name"] = lambda code: language_name(code, language)
    environment.filters["decimal"] = lambda value: format_decimal(value, "0.00", locale=language)
    environment.filters["file_size"] = lambda size: file_size(size, language)
    return environment
