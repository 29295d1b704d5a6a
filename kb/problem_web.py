"""Problems: refusals that a program reads, as RFC 9457 describes them."""

from http import HTTPStatus

from flask import Response, json


def problem(status: int, detail: str, *, title: str = "", **members: object) -> Response:
    """Make the answer to a request that cannot be met.

    :param detail: what happened and what to do, in words; never what the request held.
    :param title: the kind of refusal in a few words; that of the status unless given.
    :param members: further facts, for example ``errors`` by field.
    """
    told = {"type": "about:blank", "title": title or HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    response = Response(json.dumps(told), status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response
