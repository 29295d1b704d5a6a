"""The form as programs fill it in: one JSON object with the form's fields."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Request, current_app, g
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from kb.web import database
from webform import questions, topics
from webform.contact_forms import ContactForm, limits
from webform.fields import YES
from webform.i18n import LANGUAGES, choose_language
from webform.idempotency import LONGEST_KEY
from webform.questions import PREFIX, Questions, Sent
from webform.tokens import TokenError
from webform.web import tokens

MOST_BYTES = 512 * 1024
FIELDS = frozenset({"name", "email", "subject", "message", "topic", "language", "visit", "fields"})
MOST_ANSWERS, MOST_CHOICES = 40, 100
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
    body: dict[str, Any]
    errors: dict[str, list[str]]
    questions: Questions


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
        asked = questions.read(session, body.get("topic", "").strip(), _sent(body.get("fields", {})))
        form = ContactForm(body, limits=limits(current_app.config), topics=topics.choices(session, choose_language()))
    if not form.validate():
        errors |= {name: [str(words) for words in said] for name, said in form.errors.items() if name}
    errors |= _wrong_answers(asked)
    visit = _visit(body.get("visit"))
    if visit is None:
        errors["visit"] = [gettext("Leave the visit out, or send the token of a form that was opened lately")]
    return Filled(form, visit or "", key, body, errors, asked)


def _sent(answers: dict[str, Any]) -> Sent:
    """Write answers as a form would have sent them."""
    pairs = [(f"{PREFIX}{key}", text) for key, answer in answers.items() for text in (answer if isinstance(answer, list) else [_text(answer)])]
    return Sent(pairs)


def _text(answer: str | bool) -> str:
    return answer if isinstance(answer, str) else YES if answer else ""


def _wrong_answers(asked: Questions) -> dict[str, list[str]]:
    """Say what is wrong with answers, by ``fields.`` and the field's key; an answer to no question of the topic is wrong too."""
    asked.check()
    unknown = dict.fromkeys(name.removeprefix(PREFIX) for name, _ in asked.carried)
    return {f"fields.{key}": said for key, said in asked.errors.items()} | {f"fields.{key}": [gettext("This topic does not ask that")] for key in unknown}


def read_texts(request: Request, known: Collection[str]) -> dict[str, str]:
    """Read an object of texts.

    :param known: the names that it may have.
    :raises Unreadable: if it is none, or has other names.
    """
    texts = _object(request)
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise Unreadable(400, "An object is expected whose values are texts.")
    if not texts.keys() <= set(known):
        raise Unreadable(400, f"Only these fields are known: {', '.join(sorted(known))}.")
    return texts


def _object(request: Request) -> Any:
    request.max_content_length = MOST_BYTES
    if request.mimetype != "application/json":
        raise Unreadable(415, "Send the request as application/json.")
    try:
        return request.get_json()
    except RequestEntityTooLarge:
        raise Unreadable(413, f"A request has at most {MOST_BYTES} bytes.") from None
    except (BadRequest, RecursionError):
        raise Unreadable(400, "This is not JSON.") from None


def _body(request: Request) -> dict[str, Any]:
    body = _object(request)
    if not isinstance(body, dict) or not all(isinstance(text, str) for name, text in body.items() if name != "fields"):
        raise Unreadable(400, "An object is expected whose values are texts.")
    if not _are_answers(body.get("fields", {})):
        raise Unreadable(400, "In fields an object is expected whose values are texts, true or false, or lists of texts.")
    if not body.keys() <= FIELDS:
        raise Unreadable(400, f"Only these fields are known: {', '.join(sorted(FIELDS))}.")
    return body


def _are_answers(answers: object) -> bool:
    if not isinstance(answers, dict) or len(answers) > MOST_ANSWERS:
        return False
    lists = [answer for answer in answers.values() if isinstance(answer, list)]
    plain = all(isinstance(answer, str | bool) for answer in answers.values() if not isinstance(answer, list))
    return plain and all(len(answer) <= MOST_CHOICES and all(isinstance(each, str) for each in answer) for answer in lists)


def _is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and all("!" <= character <= "~" for character in key)


def _visit(token: str | None) -> str | None:
    """Give the visit that a token names, a fresh one without a token, nothing for a token that is not good."""
    hours = current_app.config["FORM_HOURS"]
    try:
        return tokens().read_visit(tokens().new_visit() if token is None else token, hours=hours)
    except TokenError:
        return None
