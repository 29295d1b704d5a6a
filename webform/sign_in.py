"""Signing in: sessions that exist under ``/staff`` only, and who may open which page there, by Flask-Security."""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, Request, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user
from flask_security import utils as security_utils
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import scoped_session, sessionmaker
from werkzeug.exceptions import HTTPException

from kb import web as kb_web
from kb.database import Database
from kb.import_jobs import MOST_BYTES
from webform import desk, passwords
from webform.i18n import LANGUAGES
from webform.staff import Role, RoleName, User

PLACE = "/staff"
OPEN_ENDPOINTS = frozenset({"sign_in.form", "sign_in.enter"})
LARGE = {"imports.upload": MOST_BYTES + 100_000, "baseline.upload": MOST_BYTES + 100_000}
"""Bytes that people who are signed in may send, where that is more than a customer may."""
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)

Parameters = ParamSpec("Parameters")
View = Callable[Parameters, ResponseReturnValue]


class StaffSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie that no page outside ``/staff`` can read, make or be sent."""

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Give the session; outside ``/staff`` one that refuses to keep anything."""
        return super().open_session(app, request) if is_staff_path(request.path) else None


class StaffDatastore(SQLAlchemySessionUserDatastore):  # type: ignore[misc]
    """Finds people for Flask-Security, in a transaction that is over before the page begins its own."""

    def find_user(self, case_insensitive: bool = False, **attribute: Any) -> User | None:
        """Find a person by one attribute, roles included."""
        user: User | None = super().find_user(case_insensitive, **attribute)
        self.commit()
        return user


def is_staff_path(path: str) -> bool:
    """Tell whether a path belongs to the staff."""
    return path == PLACE or path.startswith(f"{PLACE}/")


def require(role: RoleName) -> Callable[[View[Parameters]], View[Parameters]]:
    """Open a view to people of a role, and to those whose role includes it."""

    def decorate(view: View[Parameters]) -> View[Parameters]:
        @wraps(view)
        def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not may(role):
                return render_template("desk-refused.html", needed=role), 403
            return view(*args, **kwargs)

        return guarded

    return decorate


def may(role: RoleName) -> bool:
    """Tell whether whoever asks has a role, or one that includes it."""
    held = getattr(current_user, "role", None)
    return held is not None and held.includes(role)


def begin_session(user: User) -> None:
    """Sign a person in, in a session that has nothing of the one before (neither its values nor its form tokens)."""
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["language"] = language
    security_utils.login_user(user, remember=False, authn_via=["password"])


def end_session() -> None:
    """Sign whoever asks out, and take the cookie away."""
    security_utils.logout_user()
    session.clear()


def install(app: Flask) -> None:
    """Guard the staff's pages."""
    app.session_interface = StaffSessions()
    app.config.update(
        SESSION_COOKIE_NAME="webform_staff",
        SESSION_COOKIE_PATH=PLACE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.config["BASE_URL"].startswith("https:"),
        SESSION_PROTECTION=None,  # It would sign a telephone out whenever it changes networks.
        PERMANENT_SESSION_LIFETIME=IDLE,
        WTF_CSRF_CHECK_DEFAULT=False,  # Public pages have no session; their tokens are signed visits. See guard().
        WTF_CSRF_TIME_LIMIT=None,  # As long as the session: a request page may stay open over lunch.
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__memory_cost": passwords.MEMORY_KIBIBYTES,
            "argon2__time_cost": passwords.ROUNDS,
            "argon2__parallelism": passwords.LANES,
        },
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    CSRFProtect(app)
    database: Database = app.extensions[kb_web.DATABASE]
    people = scoped_session(sessionmaker(database.reader, expire_on_commit=False))
    app.teardown_appcontext(lambda _error: people.remove())
    security = Security(app, StaffDatastore(people, User, Role), register_blueprint=False)
    security.login_manager.request_loader(None)  # A session is the only way in: no token in a URL, a header or a body.
    app.before_request(_guard)
    app.after_request(_keep_private)
    app.register_error_handler(CSRFError, _refuse_token)
    desk.install(app)
    app.jinja_env.globals.update(may=may, roles=RoleName)


def _guard() -> ResponseReturnValue | None:
    """Refuse a stranger every page under ``/staff`` but the sign-in, and any act without its token."""
    if not is_staff_path(request.path):
        return None
    if current_user.is_authenticated and request.endpoint in LARGE:
        request.max_content_length = LARGE[request.endpoint]
    current_app.extensions["csrf"].protect()
    _choose_language()
    if current_user.is_authenticated and time.time() - session.get("fs_paa", 0) > LONGEST.total_seconds():
        end_session()
    if current_user.is_authenticated:
        session.modified = True  # Renews the signature's time, from which idleness is counted.
    elif request.endpoint not in OPEN_ENDPOINTS:
        return _to_sign_in()
    return None


def _choose_language() -> None:
    """Keep the language that a person chose by ``?lang=`` for the pages after it."""
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    elif session.get("language") in LANGUAGES:
        g.language = session["language"]


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.path if request.method == "GET" else None
    return redirect(url_for("sign_in.form", next=wanted), 303)


def _keep_private(response: Response) -> Response:
    """Let no cache keep what staff see."""
    if is_staff_path(request.path):
        response.headers["Cache-Control"] = "no-store"
    return response


def _refuse_token(error: HTTPException) -> ResponseReturnValue:
    return render_template("desk-token.html"), error.code or 400
