"""What the public pages say of answering: by when, when we call, and which ways to a person are open."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from kb.web import database
from webform import answer_time, call_words, hand_over
from webform.answer_time import Promise
from webform.hand_over import HandOver
from webform.i18n import choose_language
from webform.submissions import terms
from webform.tickets import Ticket
from webform.topics import Topic
from webform.web import tokens


def promised(offered: Sequence[Topic]) -> dict[str, Promise]:
    """Tell by when a message is answered that is sent now: by slug for topics with a time of their own, under no slug for all others.

    A database that cannot be read takes nothing else from the form.
    """
    given = terms(current_app.config, tokens())
    try:
        with database().reading() as session:
            return answer_time.promises(session, offered, given, datetime.now(UTC))
    except OperationalError:
        return {"": Promise(given.answer_hours)}


def handed_over(slug: str | None) -> HandOver:
    """Tell which ways to a person are shown; none where the database cannot be read."""
    try:
        with database().reading() as session:
            return hand_over.shown(session, slug or "", choose_language(), datetime.now(UTC))
    except OperationalError:
        return HandOver()


def call_when(ticket: Ticket) -> str:
    """Say when the sender of a request wants to be called."""
    call = call_words.call_of(ticket)
    return call_words.when(call.slot, choose_language()) if call else ""


def call_sentence(ticket: Ticket) -> str:
    """Say to the sender of a request when we call."""
    call = call_words.call_of(ticket)
    return call_words.sentence(call.slot, choose_language()) if call else ""


def install(app: Flask) -> None:
    """Let the templates say it."""
    app.jinja_env.globals.update(promised=promised, handed_over=handed_over, call_when=call_when, call_sentence=call_sentence)
