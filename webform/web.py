"""What a request needs of the form: handed over by the application, found here by the edge."""

from collections.abc import Callable
from functools import partial
from typing import cast

from flask import current_app, request

from kb.known import Known
from kb.ready import Line
from webform.networks import network
from webform.rates import Rates
from webform.routing import RoutingRule
from webform.tokens import Tokens
from webform.topics import Topic

TOKENS = "webform.tokens"
RATES = "webform.rates"
RULES = "webform.rules"
TOPICS = "webform.topics"
PRIVATE = "private, no-cache"  # Nobody else may keep the page, but the browser's Back button gives it back with what was typed.
HOUR = 3600


def tokens() -> Tokens:
    """Give the application's signer."""
    return cast("Tokens", current_app.extensions[TOKENS])


def rates() -> Rates:
    """Give the application's count of who asked how often."""
    return cast("Rates", current_app.extensions[RATES])


def rules_in_force() -> list[RoutingRule]:
    """List the routing rules that are applied at this moment, in their order."""
    return cast("Known[list[RoutingRule]]", current_app.extensions[RULES]).now()


def every_topic() -> list[Topic]:
    """List the topics as they are at this moment, for reading only."""
    return cast("Known[list[Topic]]", current_app.extensions[TOPICS]).now()


def may(name: str, limit: int, seconds: int) -> bool:
    """Count one use by the network that asks, and tell whether it is within the limit."""
    return rates().spend(name, network(request.remote_addr), limit, seconds)


def toll(name: str, limit: int, seconds: int) -> Callable[[Line], bool]:
    """Give what counts such a use in a transaction in which something else is written too."""
    return partial(rates().spend_within, name=name, who=network(request.remote_addr), limit=limit, seconds=seconds)


def is_spent(name: str) -> bool:
    """Tell, at no cost, whether the network that asks is known to be over a limit."""
    return rates().is_spent(name, network(request.remote_addr))


def learned_network() -> str:
    """Name the network that asks, if what customers say of articles is learned from; else nothing."""
    return network(request.remote_addr) if current_app.config["LEARN"] else ""


def may_send(address: str) -> bool:
    """Count one request of a network and of an e-mail address, and tell whether both are within their limits."""
    config = current_app.config
    return may("requests", config["REQUESTS_PER_HOUR"], HOUR) and rates().spend("address", address.lower(), config["REQUESTS_PER_ADDRESS"], HOUR)
