"""Skipping: who a request comes from that goes straight to a person, told by a signed link or by an address's domain."""

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from kb.web import database
from webform import skips
from webform.skips import Skipping
from webform.web import tokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Skipper:
    """Somebody with a good link, and the key that the form carries on."""

    key: str
    who: Skipping


def skipper(key: str) -> Skipper | None:
    """Tell who came by a link; a link that was forged or taken back is as good as none, and nobody is told."""
    number = tokens().read_skip_key(key) if key else 0
    if not number:
        return None
    try:
        with database().reading() as session:
            who = skips.of_link(session, number)
    except SQLAlchemyError as fault:
        log.error("a skip link could not be looked up: %s", type(fault).__name__)
        return None
    return Skipper(key, who) if who is not None else None


def of_domain(domain: str) -> Skipping | None:
    """Tell who writes from a domain, if its people skip."""
    if not domain:
        return None
    try:
        with database().reading() as session:
            return skips.of_domain(session, domain)
    except SQLAlchemyError as fault:
        log.error("the domains that skip could not be looked up: %s", type(fault).__name__)
        return None
