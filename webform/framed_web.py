"""Framed pages: the form as it is shown in a frame of another site, known by what its address carries."""

from typing import Any, cast

from flask import Flask, Response, current_app, g, request

from webform import embedding
from webform.embedding import Mode
from webform.headers import POLICY

FRAMED = {"contact", "requests"}


def origin() -> str:
    """Give the origin of the site around the page that is being made; nothing if it stands by itself."""
    if request.blueprint not in FRAMED:
        return ""
    known = getattr(g, "around", None)
    if known is None:
        config = current_app.config
        known = g.around = embedding.allowed_origin(request.args.get("embed", ""), config["EMBED_SITES"], config["BASE_URL"])
    return cast("str", known)


def mode() -> Mode:
    """Tell what comes first on the page that is being made."""
    return embedding.read_mode(request.args.get("mode", ""))


def layout() -> str:
    """Name the layout of the page: with a masthead, or for a frame."""
    return "framed.html" if origin() else "layout.html"


def install(app: Flask) -> None:
    """Carry the site around from page to page, and let the browser know who may show these pages."""
    app.jinja_env.globals.update(layout=layout, framed_by=origin, form_mode=mode)
    app.url_defaults(_carry)
    app.after_request(_let_in)


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.partition(".")[0] in FRAMED and request and (around := origin()):
        values.setdefault("embed", around)
        if mode() is not Mode.EQUAL:
            values.setdefault("mode", mode().value)


def _let_in(response: Response) -> Response:
    if "Content-Security-Policy" not in response.headers and origin():  # A file that is saved has a stricter one.
        ancestors = embedding.frame_ancestors(current_app.config["EMBED_SITES"])
        response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")
    return response
