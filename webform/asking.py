"""Asking: questions to the suggester on behalf of a visit, in every place where answers are shown."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from kb.suggest import Answer, Suggestion
from kb.web import database, suggester
from webform import offers, topics

PATIENCE = 1.0  # Seconds: nobody who types waits longer for a count.
log = logging.getLogger(__name__)


def look_up(subject: str, message: str, *, language: str) -> Answer:
    """Find what answers a text, within the time that is allowed; a fault is an answer without suggestions.

    :param language: language of the interface; the text's own wins.
    """
    config = current_app.config
    return suggester().suggest_within(config["SUGGEST_SECONDS"], subject[: config["MAX_SUBJECT"]], message[: config["MAX_MESSAGE"]], language=language)


def show(answer: Answer, place: offers.Place, *, without: Collection[int] = ()) -> tuple[Suggestion, ...]:
    """Note what a visit is shown, and give it: nothing in the holdout, nor for a topic that is answered by people only.

    What cannot be noted is not shown: a count that misses some would be worth less than an answer.
    """
    if not answer.engaged:
        return ()
    try:
        with database().reading() as session:
            topic = topics.find(session, place.topic) if place.topic else None
        if topic is not None and not topic.suggests:
            return ()
        place = replace(place, topic=topic.slug if topic is not None else "")  # A topic that does not exist is a text of somebody's own.
        with database().writing(patience=PATIENCE) as session:
            return offers.offer(session, answer, place, without=without, terms=offers.terms(current_app.config), now=datetime.now(UTC))
    except SQLAlchemyError as error:
        log.error("suggestions could not be noted, so none is shown", extra={"fault": type(error).__name__})
        return ()
