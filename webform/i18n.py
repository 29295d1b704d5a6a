"""Languages of the interface: the URL decides, then the browser, then the setting."""

from flask import Flask, current_app, g, request
from flask_babel import Babel

LANGUAGES = {"en": "English", "ru": "Русский", "zh": "中文"}
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def choose_language() -> str:
    """Tell the language of the page that is being made.

    A view that knows better (a help page under ``/help/<lang>/``, a ticket's own language) sets ``g.language``.
    """
    chosen = getattr(g, "language", None) or request.args.get("lang", "")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or str(current_app.config["LANGUAGE"])


def direction(language: str | None = None) -> str:
    """Tell in which direction a language is written: ``ltr`` or ``rtl``."""
    return "rtl" if (language or choose_language()).split("-")[0] in RIGHT_TO_LEFT else "ltr"


def install(app: Flask) -> None:
    """Give templates their translations."""
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LANGUAGE"]
    Babel(app, locale_selector=choose_language)
    app.jinja_env.globals.update(languages=LANGUAGES, language=choose_language, direction=direction)
