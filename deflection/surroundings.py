"""Surroundings: where a visit happens. Facts of the visit, none of the person: a kind of device, a site, a release."""

from dataclasses import dataclass
from enum import StrEnum


class Device(StrEnum):
    """How much room there is, as the page itself says. Nothing of a browser's name is kept."""

    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"


class Way(StrEnum):
    """How a visit speaks to us."""

    FORM = "form"
    PROGRAM = "api"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a visit's place; empty where nothing is.

    ``site`` is the host of the page that the form is embedded in, empty on a page of its own; ``release`` names the version
    of the product and of the definitions of its figures; ``browser`` is a keyed hash of the random mark of a browser.
    """

    device: str = ""
    site: str = ""
    release: str = ""
    channel: Way = Way.FORM
    browser: str = ""


UNKNOWN = Surroundings()


def device_named(word: str) -> str:
    """Give the device of that name, or nothing for any other text."""
    return word if word in set(Device) else ""
