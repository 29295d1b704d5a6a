"""Proposals: the topic that a text is probably about, for a form in which none was chosen yet."""

import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from kb.suggest import Answer
from webform import topics
from webform.web import every_topic

LEAST_SHARE = 0.6
"""Belief under which nothing is proposed: a wrong proposal costs a look, none costs nothing."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic, and the share of belief that a text is about it."""

    slug: str
    share: float


def proposed(answer: Answer, chosen: str, language: str) -> Proposal | None:
    """Tell which topic to propose, if any; a fault proposes nothing.

    :param chosen: slug of the topic that was chosen already, which is never changed.
    """
    if chosen or not answer.topic or answer.topic_share < LEAST_SHARE:
        return None
    try:
        topic = topics.one_of_category(every_topic(), answer.topic, language)
    except SQLAlchemyError as fault:
        log.error("topics could not be looked up: %s", type(fault).__name__)
        return None
    return Proposal(topic.slug, round(min(answer.topic_share, 1.0), 4)) if topic is not None else None
