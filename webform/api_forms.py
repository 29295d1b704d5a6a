"""The form as programs fill it in: one JSON object with the form's fields."""

from dataclasses import dataclass

from flask import Request, current_app, g
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from kb.web import database
from webform import topics
from webform.contact_forms import ContactForm, limits
from webform.i18n import LANGUAGES, choose_language
from webform.idempotency import LONGEST_KEY
from webform.tokens import TokenError
from webform.web import tokens

MOST_BYTES = 512 * 1024
FIELDS = frozenset({"name", "email", "subject", "message", "topic", "language", "visit"})
KEY = "Idempotency-Key"


class Unreadable(Exception):
    """What was sent is not a request; ``status`` says in which way, the message in words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled-in form: its fields checked, the visit it belongs to, and the key that a repeat would have.

    ``errors`` are words by field; with any, the rest is not to be used.
    """

    form: ContactForm
    visit: str
    key: str
    body: dict[str, str]
    errors: dict[str, list[str]]


def read_filled(request: Request) -> Filled:
    """Read and check what a program sent.

    :raises Unreadable: if it is not an object of texts.
    """
    body = _body(request)
    key = request.headers.get(KEY, "")
    if KEY in request.headers and not _is_key(key):
        raise Unreadable(400, f"{KEY} is 1 to {LONGEST_KEY} visible ASCII characters.")
    errors: dict[str, list[str]] = {}
    if body.get("language", "en") not in LANGUAGES:
        errors["language"] = [gettext("Choose one of these languages: %(languages)s", languages=", ".join(LANGUAGES))]
    else:
        g.language = body.get("language")
    with database().reading() as session:
        form = ContactForm(body, limits=limits(current_app.config), topics=topics.choices(session, choose_language()))
    if not form.validate():
        errors |= {name: [str(words) for words in said] for name, said in form.errors.items() if name}
    visit = _visit(body.get("visit"))
    if visit is None:
        errors["visit"] = [gettext("Leave the visit out, or send the token of a form that was opened lately")]
    return Filled(form, visit or "", key, body, errors)


def _body(request: Request) -> dict[str, str]:
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        raise Unreadable(415, "Send the request as application/json.")
    try:
        body = request.get_json()
    except RequestEntityTooLarge:
        raise Unreadable(413, f"A request has at most {MOST_BYTES} bytes.") from None
    except (BadRequest, RecursionError):
        raise Unreadable(400, "This is not JSON.") from None
    if not isinstance(body, dict) or not all(isinstance(text, str) for text in body.values()):
        raise Unreadable(400, "An object is expected whose values are texts.")
    if not body.keys() <= FIELDS:
        raise Unreadable(400, f"Only these fields are known: {', '.join(sorted(FIELDS))}.")
    return body


def _is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and all("!" <= character <= "~" for character in key)


def _visit(token: str | None) -> str | None:
    """Give the visit that a token names, a fresh one without a token, nothing for a token that is not good."""
    hours = current_app.config["FORM_HOURS"]
    try:
        return tokens().read_visit(tokens().new_visit() if token is None else token, hours=hours)
    except TokenError:
        return None
