"""Around a visit: what a request tells of the place where it happens. Kinds and hosts only; no name of a browser is kept."""

import re
from collections.abc import Mapping

from flask import current_app, request

from deflection.outcomes import DEFINITIONS
from deflection.surroundings import Device, Surroundings, Way, device_named
from webform import __version__, embedding
from webform.web import tokens

RELEASE = f"{__version__}+{DEFINITIONS}"
"""The version of the product, and that of the definitions its figures are made by."""
MARK = re.compile(r"[A-Za-z0-9_-]{22}")
ROBOT = re.compile(
    r"bot\b|bots?[/;_-]|crawl|spider|slurp|archiver|preview|facebookexternalhit|mediapartners|feedfetcher|lighthouse|pingdom|uptime|monitor",
    re.IGNORECASE,
)
HINTS = {"?1": Device.PHONE, "?0": Device.DESKTOP}


def surroundings(fields: Mapping[str, str], *, channel: Way = Way.FORM) -> Surroundings:
    """Give what is known of the place of a visit.

    :param fields: ``device`` as the page measured it, else the coarse hint that a browser may send by itself; ``browser``, the random mark that it
        keeps for seven days; ``embed``, the origin of the site around, which counts only if it may show the form.
    """
    mark = fields.get("browser", "")
    return Surroundings(
        device=device_named(fields.get("device", "")) or HINTS.get(request.headers.get("Sec-CH-UA-Mobile", ""), ""),
        site=_site(fields.get("embed", "") or request.args.get("embed", "")),
        release=RELEASE,
        channel=channel,
        browser=tokens().digest("browser", mark) if MARK.fullmatch(mark) else "",
    )


def _site(origin: str) -> str:
    config = current_app.config
    return embedding.host_of(embedding.allowed_origin(origin, config["EMBED_SITES"], config["BASE_URL"]))


def is_robot() -> bool:
    """Tell whether a request says itself that a program makes it. What it calls itself is looked at and forgotten."""
    return ROBOT.search(request.user_agent.string) is not None
