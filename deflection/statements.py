"""Statements: what a visit's page says has happened, read from bytes that anybody may have sent."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deflection.events import NO_ARTICLE, Kind, Reason
from deflection.surroundings import Device


class Step(StrEnum):
    """What happens to the visit as a whole before anything is asked: its form was opened, or its first character typed."""

    ARRIVED = "arrived"
    BEGAN = "began"


KINDS = frozenset({Kind.OPENED, Kind.READ, Kind.SOLVED, Kind.DECLINED})
ABOUT_AN_ARTICLE = frozenset({Kind.OPENED, Kind.READ})
FIELDS = frozenset({"kind", "article", "reason", "seconds"})
PLACE_FIELDS = frozenset({"kind", "device", "browser", "embed", "language"})
LONGEST_PLACE = 255
LANGUAGE = re.compile(r"[a-z]{2,3}")
LARGEST_ARTICLE = 2**31 - 1
LONGEST_SECONDS = 86_400
CREDIBLE_SECONDS = 3_600  # A page that lay open overnight was not read all night.


class BadStatement(Exception):
    """What was sent says nothing that could be recorded; the message tells why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact as a page tells it; ``article`` is ``NO_ARTICLE`` when the visit as a whole is meant, ``place`` what a step tells of where it is."""

    kind: Kind | Step
    article: int = NO_ARTICLE
    reason: str = ""
    seconds: float | None = None
    place: Mapping[str, str] = field(default_factory=dict)


def parse(body: bytes) -> Statement:
    """Read a statement from JSON.

    :raises BadStatement: if it is anything but an object of known fields with known values: a field that nobody knows
        could carry what was typed.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadStatement("this is not JSON") from None
    if not isinstance(told, dict):
        raise BadStatement("an object is expected")
    if isinstance(kind := told.get("kind"), str) and kind in set(Step):
        return Statement(Step(kind), place=_place(told))
    if not told.keys() <= FIELDS:
        raise BadStatement("an object with kind, article, reason and seconds is expected")
    fact = _kind(told)
    article = _article(told)
    if article == NO_ARTICLE and fact in ABOUT_AN_ARTICLE:
        raise BadStatement(f"{fact} needs an article")
    if "reason" in told and fact is not Kind.DECLINED:
        raise BadStatement("only declined takes a reason")
    if "seconds" in told and fact is not Kind.READ:
        raise BadStatement("only read takes seconds")
    return Statement(fact, article, _reason(told), _seconds(told))


def _place(told: Mapping[str, object]) -> Mapping[str, str]:
    place = {name: text for name, text in told.items() if name != "kind" and isinstance(text, str) and len(text) <= LONGEST_PLACE}
    known = place.get("device", Device.PHONE) in set(Device) and LANGUAGE.fullmatch(place.get("language", "en"))
    if not told.keys() <= PLACE_FIELDS or len(place) != len(told) - 1 or not known:
        raise BadStatement(f"device is one of {', '.join(Device)}, language the code of one; browser and embed are texts; nothing else is expected")
    return place


def _kind(told: Mapping[str, object]) -> Kind:
    kind = told.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadStatement(f"kind is one of {', '.join(sorted({*KINDS, *Step}))}")
    return Kind(kind)


def _article(told: Mapping[str, object]) -> int:
    article = told.get("article", NO_ARTICLE)
    if type(article) is not int or not (1 if "article" in told else 0) <= article <= LARGEST_ARTICLE:
        raise BadStatement("article is the number that a suggestion gave")
    return article


def _reason(told: Mapping[str, object]) -> str:
    reason = told.get("reason", "")
    if not isinstance(reason, str) or ("reason" in told and reason not in set(Reason)):
        raise BadStatement(f"reason is one of {', '.join(Reason)}")
    return reason


def _seconds(told: Mapping[str, object]) -> float | None:
    if "seconds" not in told:
        return None
    seconds = told["seconds"]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_SECONDS or math.isnan(seconds):
        raise BadStatement(f"seconds is a number from 0 to {LONGEST_SECONDS}")
    return min(float(seconds), CREDIBLE_SECONDS)
