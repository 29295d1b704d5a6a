"""Health: for those who watch over the server, and for the programs they watch with."""

import hmac
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.core import Metric
from sqlalchemy.exc import SQLAlchemyError

from kb.problem_web import problem
from kb.web import database, suggester
from webform import measured, metrics, readiness
from webform.metrics import Metrics, gauge
from webform.readiness import Readiness, State

METRICS = "webform.metrics"
CATCH_UP_SECONDS = 1.0
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
blueprint = Blueprint("health", __name__)


def install(app: Flask) -> None:
    """Count every answer of the application."""
    app.extensions[METRICS] = metrics.own()
    app.before_request(_begin)
    app.after_request(_count)


def share_counts(app: Flask) -> None:
    """Count from zero for all processes that will part from this one."""
    app.extensions[METRICS] = metrics.shared(app.config["INSTANCE"] / "metrics")


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process answers; nothing else is looked at."""
    return _uncached(jsonify(status="alive"))


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether requests can be taken, with what it depends on."""
    found = _look()
    response = jsonify(status=found.status, **asdict(found))
    response.status_code = 503 if found.status is State.UNAVAILABLE else 200
    return _uncached(response)


@blueprint.get("/metrics")
def exposition() -> Response:
    """Give the figures to Prometheus on this machine, or to whoever has the token."""
    if not (_is_local() or _has_token()):
        return problem(403, "Metrics are read from this machine without a proxy, or with the token of WEBFORM_METRICS_TOKEN.")
    text = cast("Metrics", current_app.extensions[METRICS]).exposition([*_gauges(_look()), *_measured()])
    return _uncached(Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4))


def _look() -> Readiness:
    """Look at everything; an index that nobody has asked since a publication gets a moment to come to it."""
    until = time.monotonic() + CATCH_UP_SECONDS
    while (found := readiness.look(database(), suggester().generation, datetime.now(UTC))).is_behind and time.monotonic() < until:
        with suppress(SQLAlchemyError):
            suggester().engine  # noqa: B018 - whoever takes it has a newer one made
        time.sleep(CATCH_UP_SECONDS / 20)
    return found


def _gauges(found: Readiness) -> Iterable[Metric]:
    yield from gauge("ready", "Whether requests can be taken.", float(found.status is not State.UNAVAILABLE))
    yield from gauge("outbox_waiting", "Mails that wait to be sent.", found.mail_waiting)
    yield from gauge("outbox_failed", "Mails that were given up.", found.mail_failed)
    yield from gauge("outbox_oldest_seconds", "Age of the oldest mail that waits.", found.oldest_mail_seconds or 0.0)
    yield from gauge("generation", "Publications so far.", found.generation)
    yield from gauge("index_generation", "The publication that the answering process suggests from.", found.index_generation)


def _measured() -> list[Metric]:
    """Give what is counted in the database; nothing when it does not answer, which the other figures tell."""
    try:
        with database().reading() as session:
            return measured.gauges(session, datetime.now(UTC))
    except SQLAlchemyError:
        return []


def _is_local() -> bool:
    """Tell whether the request comes from this machine itself; behind a proxy on this machine everybody seems to."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _has_token() -> bool:
    wanted = current_app.config["METRICS_TOKEN"]
    given = request.authorization
    if not wanted or given is None or given.type != "bearer":
        return False
    return hmac.compare_digest((given.token or "").encode(), wanted.encode())


def _begin() -> None:
    g.counted_from = time.perf_counter()


def _count(response: Response) -> Response:
    if (began := g.get("counted_from")) is not None:
        cast("Metrics", current_app.extensions[METRICS]).count(request.endpoint or "none", response.status_code, time.perf_counter() - began)
    return response


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
