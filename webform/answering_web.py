"""What the public pages say of answering: by when, computed from the hours that hold."""

from datetime import UTC, datetime

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from kb.web import database
from webform import answer_time, topics
from webform.answer_time import Promise
from webform.submissions import terms
from webform.web import tokens


def promised(slug: str) -> Promise:
    """Tell by when a message about a topic is answered that is sent now; a database that cannot be read takes nothing else from the form."""
    given = terms(current_app.config, tokens())
    try:
        with database().reading() as session:
            return answer_time.promise(session, topics.find(session, slug) if slug else None, given, datetime.now(UTC))
    except OperationalError:
        return Promise(given.answer_hours)


def install(app: Flask) -> None:
    """Let the templates say it."""
    app.jinja_env.globals.update(promised=promised)
