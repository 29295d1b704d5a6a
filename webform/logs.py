"""Logs: one line for each fact, in JSON or, on a terminal, in words. Never what a person typed, and never an address.

A request is logged by the rule of its route, because paths carry tokens and queries carry texts. A fault is logged by
its kind and the places in the code it came through, because its message may quote what was sent.
"""

import logging
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

QUIET = {"alembic": logging.WARNING, "werkzeug": logging.WARNING}
ID_BYTES = 6
log = logging.getLogger(__name__)
Fault = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


class ServerLog(logging.StreamHandler[TextIO]):
    """Writes to the standard error of the moment, which a test or a daemon may have replaced."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """Give where lines go."""
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        pass


def install(app: Flask) -> None:
    """Log every request of the application, and every fault."""
    configure(app.config["LOG_LEVEL"], readable=sys.stderr.isatty())
    app.before_request(_begin)
    app.after_request(_end)
    app.log_exception = _log_fault  # type: ignore[method-assign]  # Flask's own writes the path, and with it tokens.


def configure(level: str, *, readable: bool) -> None:
    """Send what every module logs to standard error; a second call replaces the first.

    :param readable: in words for a person rather than in JSON for a program.
    """
    last: Processor = structlog.dev.ConsoleRenderer(colors=readable) if readable else structlog.processors.JSONRenderer(ensure_ascii=True)
    handler = ServerLog()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _describe_fault, last],
        )
    )
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known, ServerLog)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def places(fault: BaseException) -> list[str]:
    """Tell through which places in the code a fault and its causes came, outermost first; without any value."""
    found: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = fault
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__, limit=-20)]
        found = [*frames, type(cause).__qualname__, *found]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def _describe_fault(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()
    if isinstance(fault, tuple) and fault[1] is not None:
        event["fault"] = type(fault[1]).__qualname__
        event["places"] = places(fault[1])
    return event


def _begin() -> None:
    g.request_id = secrets.token_hex(ID_BYTES)
    g.began_at = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    milliseconds = round((time.perf_counter() - g.began_at) * 1000, 1)
    log.info("request", extra={"method": _method(), "route": _route(), "status": response.status_code, "ms": milliseconds})
    return response


def _log_fault(exc_info: Fault) -> None:
    log.error("a request failed", exc_info=exc_info, extra={"method": _method(), "route": _route()})


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "none"


def _method() -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "other"
