"""Admission: who may tell something about a visit or search, said to those that know no tokens, no settings and no rates."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import current_app, request

from deflection.web import Admission
from kb.web import Lookers, Poll
from webform import around, hook_facts, origin
from webform.networks import network
from webform.tokens import TokenError, Tokens, is_probe
from webform.web import HOUR, may

LOOKS_PER_SEARCH = 5  # A search is a few words, each of which is looked at once or twice.
VOTES_PER_HOUR = 40  # Of one network, which may be a whole company.
EVENTS_PER_SUGGESTION = 4  # A suggestion is opened, read, and then solves the problem or does not.


def admission(config: Mapping[str, Any], tokens: Tokens) -> Admission:
    """Make the rules of an installation."""

    def read_visit(token: str) -> str | None:
        try:
            visit = tokens.read_visit(token, hours=config["FORM_HOURS"])
        except TokenError:
            return None
        return None if is_probe(visit) else visit

    return Admission(
        is_own=lambda: origin.is_own(request, config["BASE_URL"]),
        may_tell=lambda: may("events", config["SUGGESTIONS_PER_MINUTE"] * EVENTS_PER_SUGGESTION, 60),
        read_visit=read_visit,
        holdout_share=config["HOLDOUT_SHARE"],
        secret=config["SECRET_KEY"],
        surroundings=around.surroundings,
        is_robot=around.is_robot,
        tell=hook_facts.visit_tells,
    )


def poll(tokens: Tokens) -> Poll:
    """Make the rules of saying whether an article of the help centre helped."""

    def mark(article: int, day: date) -> str:
        return tokens.digest("vote", f"{network(request.remote_addr)} {article} {day.isoformat()}")

    return Poll(
        is_own=lambda: origin.is_own(request, current_app.config["BASE_URL"]),
        may_vote=lambda: may("votes", VOTES_PER_HOUR, HOUR),
        token=lambda article: tokens.digest("poll", str(article))[:32],
        mark=mark,
    )


def lookers(tokens: Tokens) -> Lookers:
    """Make the hashes by which searches are counted."""
    return Lookers(
        key=lambda words: tokens.digest("search", words),
        mark=lambda key: tokens.digest("looker", f"{key} {network(request.remote_addr)}"),
    )


def search_limit(config: Mapping[str, Any]) -> Callable[[], bool]:
    """Make the rule of how often one network may search the help centre."""
    return lambda: may("searches", config["SEARCHES_PER_MINUTE"], 60)


def look_limit(config: Mapping[str, Any]) -> Callable[[], bool]:
    """Make the rule of how often one network may see what is found while somebody types."""
    return lambda: may("looks", config["SEARCHES_PER_MINUTE"] * LOOKS_PER_SEARCH, 60)
