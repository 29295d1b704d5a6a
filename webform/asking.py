"""Asking: questions to the suggester on behalf of a visit, in every place where answers are shown."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from kb.ready import Line
from kb.suggest import Answer
from kb.web import database, suggester
from webform import dispatch, offers, skipping, topics
from webform.fields import Answers
from webform.lines import storable
from webform.routing import Facts
from webform.tokens import is_probe
from webform.web import every_topic, rules_in_force

NO_ANSWERS: Answers = {}
PATIENCE = 1.0  # Seconds: nobody who types waits longer for a count.
log = logging.getLogger(__name__)
Toll = Callable[[Line], bool]


def free(_line: Line) -> bool:
    """Count nothing."""
    return True


def look_up(subject: str, message: str, *, language: str, topic: str = "") -> Answer:
    """Find what answers a text, within the time that is allowed; a fault is an answer without suggestions.

    :param language: language of the interface; the text's own wins.
    :param topic: slug of the topic that was chosen.
    """
    config = current_app.config
    subject, message = subject[: config["MAX_SUBJECT"]], message[: config["MAX_MESSAGE"]]
    return suggester().suggest_within(config["SUGGEST_SECONDS"], subject, message, language=language, topic=topic)


def settle(place: offers.Place, subject: str, message: str, answer: Answer, *, domain: str = "", answers: Answers = NO_ANSWERS) -> offers.Place:
    """Tell of a place whether its text goes straight to a person, by who writes or by a routing rule; a fault says no.

    :param domain: of the sender's address, as far as it is known.
    :param answers: to the topic's fields, as far as they are known.
    """
    if place.straight or skipping.of_domain(domain) is not None:
        return replace(place, straight=True)
    try:
        rules = rules_in_force()
        if not any(rule.actions.never_suggest for rule in rules):
            return place
        with database().reading() as session:
            predicted = topics.of_category(session, answer.topic)
            guess = predicted.slug if predicted else ""
            facts = Facts(place.topic, answer.language, datetime.now(UTC), domain, answers, guess, answer.topic_share)
            return replace(place, straight=dispatch.route(session, facts, f"{subject}\n\n{message}", rules).never_suggest)
    except SQLAlchemyError as error:
        log.error("routing rules could not be looked at", extra={"fault": type(error).__name__})
        return place


class Flooded(Exception):
    """A network has asked too often."""


def show(answer: Answer, place: offers.Place, wishes: offers.Wishes = offers.NO_WISHES, *, toll: Toll = free, noted: bool = True) -> offers.Offered:
    """Note what a visit is shown, and give it: nothing in the holdout, nor for what goes straight to a person.

    What cannot be noted is not shown: a count that misses some would be worth less than an answer.

    :param toll: counts, in the same transaction, that somebody has asked, and tells whether that is within the limit.
    :param noted: whether there is anybody to show something to, rather than a robot.
    :raises Flooded: if it is not; then nothing is noted.
    """
    silent = not noted or (not answer.engaged and answer.tact.urgent is None and not place.straight)
    if silent and toll is free:
        return offers.NOTHING
    try:
        if place.topic:  # A topic that does not exist is a text of somebody's own.
            slug = storable(place.topic)
            place = replace(place, topic=slug if any(topic.active and topic.slug == slug for topic in every_topic()) else "")
        with database().counting_plainly(patience=PATIENCE) as line:
            offered, paid = offers.NOTHING, toll(line)
            if paid and not silent:
                offered = offers.offer(line, answer, place, wishes, terms=offers.terms(current_app.config), now=datetime.now(UTC))
            if is_probe(place.visit):  # The self-check goes the whole way of a customer and is counted nowhere.
                line.undo()
    except SQLAlchemyError as error:
        log.error("suggestions could not be noted, so none is shown", extra={"fault": type(error).__name__})
        return offers.Offered(straight=place.straight or answer.tact.urgent is not None, calm=answer.tact.urgent is None)

    if not paid:
        raise Flooded
    return offered
