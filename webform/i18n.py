"""Languages of the interface: the URL decides, then the browser, then the setting."""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

from kb.languages import base

LANGUAGES = {"en": "English", "ru": "Русский", "zh": "中文"}
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def choose_language() -> str:
    """Tell the language of the page that is being made.

    A view that knows better (a help page under ``/help/<lang>/``, a ticket's own language) sets ``g.language``.
    """
    if chosen := spoken(getattr(g, "language", None) or request.args.get("lang", "")):
        return chosen
    wished = (spoken(tag) for tag, quality in request.accept_languages if quality)
    return next(filter(None, wished), str(current_app.config["LANGUAGE"]))


def spoken(tag: str) -> str:
    """Give the language of the interface that a language tag asks for, ``ru-RU`` as well as ``ru``; nothing if it is not spoken."""
    language = base(tag)
    return language if language in LANGUAGES else ""


def direction(language: str | None = None) -> str:
    """Tell in which direction a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if (language or choose_language()).split("-")[0] in RIGHT_TO_LEFT else "ltr"


def address_in(language: str) -> str:
    """Give the address of the same page in another language of the interface.

    What was posted to cannot always be opened: then it is the nearest page above that can, and of what does not exist the form.
    """
    path = request.path if request.endpoint else "/"
    while (found := _opens(path)) is None:
        path = path.rpartition("/")[0] or "/"
    endpoint, values = found
    asked = request.args.to_dict() if path == request.path else {}
    return f"{url_for(endpoint, **values | ({'lang': language} if 'lang' in values else {}))}?{urlencode(asked | {'lang': language})}"


def _opens(path: str) -> tuple[str, dict[str, Any]] | None:
    """Find the page that a browser opens at a path of this site."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return None
    return str(endpoint), dict(values)


def install(app: Flask) -> None:
    """Give templates their translations."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LANGUAGE"]
    Babel(app, locale_selector=choose_language)
    app.jinja_env.globals.update(languages=LANGUAGES, language=choose_language, direction=direction, address_in=address_in)
