"""Events that a visit's page tells us."""

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from deflection.events import NO_ARTICLE, Kind, record
from deflection.statements import BadStatement, Statement, Step, parse
from deflection.visits import see_in_passing
from deflection.web import Admission, admission
from kb.articles import Article
from kb.problem_web import problem
from kb.web import database

MOST_BYTES = 2048
TYPES = {"application/json", "text/plain"}  # `navigator.sendBeacon` sends the second when it is given a string.
RETRY_SECONDS = 60
PATIENCE = 5.0  # Seconds: nobody waits for the answer, and what is told late is told all the same.
blueprint = Blueprint("visits", __name__)
log = logging.getLogger(__name__)


@blueprint.post("/visits/<token>/events")
def events(token: str) -> Response:
    """Record one fact of a visit: that its form was opened, or an article was opened, read, solved the problem or did not."""
    rules = admission()
    if not rules.is_own():
        return problem(403, "Events are taken from pages of this site only.")
    if rules.is_robot():
        return Response(status=204)
    if not rules.may_tell():
        return _later(429, "Too many events came from this network.")
    visit = rules.read_visit(token)
    if visit is None:
        return problem(403, "The token of the visit was not made here, or has expired. Open the form again.")
    try:
        statement = _statement()
        _record(visit, statement, rules)
    except BadStatement as error:
        return problem(400, str(error))
    except RequestEntityTooLarge:
        return problem(413, f"An event has at most {MOST_BYTES} bytes.")
    except SQLAlchemyError as error:
        log.error("an event could not be recorded", extra={"fault": type(error).__name__})
        return _later(503, "The event could not be recorded now.")
    return Response(status=204)


def _statement() -> Statement:
    request.max_content_length = MOST_BYTES
    if request.mimetype not in TYPES:
        raise BadStatement("an event is sent as application/json")
    return parse(request.get_data(cache=False))


def _record(visit: str, statement: Statement, rules: Admission) -> None:
    now = datetime.now(UTC)
    articles = [] if statement.article == NO_ARTICLE else [statement.article]
    place, language = rules.surroundings(statement.place), statement.place.get("language", "")
    with database().counting(patience=PATIENCE) as session:
        if articles and session.get(Article, statement.article) is None:
            raise BadStatement("there is no such article")
        seen = see_in_passing(
            session.connection(),
            token=visit,
            language=language,
            scripted=True,
            begun=statement.kind is not Step.ARRIVED,
            surroundings=place,
            holdout_share=rules.holdout_share,
            secret=rules.secret,
            now=now,
        )
        if isinstance(statement.kind, Kind):
            rules.tell(session, seen, statement.kind, articles, now)
            record(session, seen, statement.kind, articles=articles, reason=statement.reason, seconds=statement.seconds, now=now)


def _later(status: int, detail: str) -> Response:
    response = problem(status, detail)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
