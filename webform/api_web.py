"""What a program shows at the API: its key, what the key is good for, and how much of it is left."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn

from flask import Response, abort, current_app, g, request

from kb.problem_web import problem
from kb.web import database
from webform import api_keys, origin
from webform.api_keys import Scope
from webform.rates import Spent
from webform.web import HOUR, rates, tokens

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that has shown a good key."""

    prefix: str
    name: str

    @property
    def title(self) -> str:
        """Its name in the trace."""
        return f"key: {self.name} ({self.prefix})"


def refuse_foreign() -> None:
    """Refuse what a page of another site sends from a visitor's browser.

    :raises werkzeug.exceptions.HTTPException: 403.
    """
    if not origin.is_own(request, current_app.config["BASE_URL"]):
        abort(problem(403, "Pages of other sites cannot send requests from a visitor's browser."))


def shown(scope: Scope) -> Caller | None:
    """Give the program whose key was shown, or nothing where none was.

    :raises werkzeug.exceptions.HTTPException: 401 if the key is not good, 403 if it is not good for ``scope``.
    """
    showed = request.authorization
    if showed is None or showed.type != "bearer":
        return None
    now = datetime.now(UTC)
    with database().reading() as session:
        key = api_keys.find(session, tokens(), showed.token or "", now)
    if key is None:
        demand(' error="invalid_token"')
    if scope not in key.may:
        response = problem(403, f"This key is not good for {scope}.")
        response.headers["WWW-Authenticate"] = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
        abort(response)
    if key.used_on != now.date():
        with database().writing() as session:
            api_keys.note_use(session, key.id, now.date())
    g.keyed = True
    return Caller(key.prefix, key.name)


def caller(scope: Scope) -> Caller:
    """Give the program that asks, and count that it did.

    :raises werkzeug.exceptions.HTTPException: 401 without a good key, 403 without the scope or from a foreign page, 429 beyond the limit.
    """
    refuse_foreign()
    program = shown(scope) or demand()
    if not _spend("asked", program, current_app.config["API_PER_MINUTE"], MINUTE):
        abort(problem(429, "This key has asked too often. Wait as many seconds as Retry-After says."))
    return program


def may_send(program: Caller) -> bool:
    """Count one request that a program sends, and tell whether it is within the limit of its key."""
    return _spend("sent", program, current_app.config["API_REQUESTS_PER_HOUR"], HOUR)


def demand(error: str = "") -> NoReturn:
    """Ask for a key.

    :raises werkzeug.exceptions.HTTPException: 401.
    """
    words = "This key is wrong, has expired or was taken back." if error else "Show an API key: Authorization: Bearer KEY."
    response = problem(401, words)
    response.headers["WWW-Authenticate"] = 'Bearer realm="api"' + ("," + error if error else "")
    abort(response)


def tell_limits(response: Response) -> Response:
    """Say what is left of a key, and let nobody keep what was answered to it."""
    if g.get("keyed"):
        response.headers["Cache-Control"] = "no-store"
    policy, spent = g.get("limit") or ("", None)
    if spent is not None:
        response.headers["RateLimit-Policy"] = policy
        response.headers["RateLimit"] = f'"key";r={spent.left};t={spent.seconds}'
        if not spent.allowed:
            response.headers["Retry-After"] = str(spent.seconds)
    return response


def _spend(name: str, program: Caller, limit: int, seconds: int) -> bool:
    spent: Spent = rates().weigh(f"key {name}", program.prefix, limit, seconds)
    g.limit = f'"key";q={limit};w={seconds}', spent
    return spent.allowed
