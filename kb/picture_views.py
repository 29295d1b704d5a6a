"""Pictures as browsers get them: to keep for good, because another picture has another name, and with no power at all."""

from flask import Response, make_response, request
from werkzeug.exceptions import NotFound

from kb.picture_bytes import content_type
from kb.picture_names import is_name
from kb.pictures import content_of
from kb.web import database

KEPT_SECONDS = 365 * 24 * 3600
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def picture(name: str) -> Response:
    """Give one picture."""
    if not is_name(name):
        raise NotFound
    if request.if_none_match.contains(name):
        return _lasting(make_response(b"", 304), name)
    with database().reading() as session:
        content = content_of(session, name)
    if content is None:
        raise NotFound
    return _lasting(make_response(content), name)


def _lasting(response: Response, name: str) -> Response:
    response.content_type = content_type(name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.cache_control.max_age = KEPT_SECONDS
    response.set_etag(name)
    return response
