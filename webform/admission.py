"""Admission: who may tell something about a visit or search, said to those that know no tokens, no settings and no rates."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from deflection.web import Admission
from webform import origin
from webform.tokens import TokenError, Tokens
from webform.web import may

EVENTS_PER_SUGGESTION = 4  # A suggestion is opened, read, and then solves the problem or does not.


def admission(config: Mapping[str, Any], tokens: Tokens) -> Admission:
    """Make the rules of an installation."""

    def read_visit(token: str) -> str | None:
        try:
            return tokens.read_visit(token, hours=config["FORM_HOURS"])
        except TokenError:
            return None

    return Admission(
        is_own=lambda: origin.is_own(request, config["BASE_URL"]),
        may_tell=lambda: may("events", config["SUGGESTIONS_PER_MINUTE"] * EVENTS_PER_SUGGESTION, 60),
        read_visit=read_visit,
        holdout_share=config["HOLDOUT_SHARE"],
        secret=config["SECRET_KEY"],
    )


def search_limit(config: Mapping[str, Any]) -> Callable[[], bool]:
    """Make the rule of how often one network may search the help centre."""
    return lambda: may("searches", config["SEARCHES_PER_MINUTE"], 60)
