"""Words of groups: how topics, languages, devices, sites, releases, articles and weekdays are called."""

from collections.abc import Collection, Iterable

from babel.dates import get_day_names
from flask_babel import gettext
from sqlalchemy.orm import Session

from deflection.slices import Dimension
from deflection.surroundings import Device
from webform import desk, topics
from webform.i18n import choose_language
from webform.tried import translations


def dimensions() -> dict[str, tuple[str, str]]:
    """Name what visits are told apart by, for programs and for people, under the name of its tile."""
    return {
        "topics": ("topic", gettext("Topic")),
        "languages": ("language", gettext("Language")),
        "devices": ("device", gettext("Device")),
        "sites": ("site", gettext("Site")),
        "releases": ("release", gettext("Release")),
    }


def every() -> dict[Dimension, str]:
    """Name the choice of all values."""
    return {
        Dimension.TOPIC: gettext("Every topic"),
        Dimension.LANGUAGE: gettext("Every language"),
        Dimension.DEVICE: gettext("Every device"),
        Dimension.SITE: gettext("Every site"),
        Dimension.RELEASE: gettext("Every release"),
    }


def heads() -> dict[Dimension, str]:
    """Name the dimensions."""
    return {Dimension(key): words for key, words in dimensions().values()}


def names(session: Session, dimension: Dimension, values: Iterable[str]) -> dict[str, str]:
    """Name each value of a dimension; what is not named otherwise is called as it is."""
    unknown = {Dimension.TOPIC: gettext("No topic"), Dimension.SITE: gettext("The form's own page")}.get(dimension, gettext("Not known"))
    if dimension is Dimension.LANGUAGE:
        return {value: desk.language_name(value) if value else unknown for value in values}
    known: dict[str, str] = {}
    if dimension is Dimension.TOPIC:
        known = dict(topics.choices(session, choose_language()))
    if dimension is Dimension.DEVICE:
        known = {Device.PHONE: gettext("Phone"), Device.TABLET: gettext("Tablet"), Device.DESKTOP: gettext("Desktop")}
    return {value: known.get(value, value) or unknown for value in values}


def article_titles(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """Name articles by their titles; one that was deleted by its number."""
    found = translations(session, list(numbers), [choose_language()])
    return {number: found[number].title if number in found else gettext("Article %(id)s, deleted", id=number) for number in numbers}


def weekdays() -> list[str]:
    """Name the days of the week, Monday first."""
    called = get_day_names("abbreviated", context="stand-alone", locale=choose_language())
    return [called[day] for day in range(7)]
