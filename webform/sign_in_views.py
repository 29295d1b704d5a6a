"""Signing in and out."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_security import current_user

from kb.web import database
from webform import lockout, passwords, sign_in, staff, web
from webform.staff import User

blueprint = Blueprint("sign_in", __name__)

TRIES_OF_A_NETWORK = 60
NETWORK_SECONDS = 900


@blueprint.get("/staff/sign-in")
def form() -> ResponseReturnValue:
    """Ask for address and password."""
    if current_user.is_authenticated:
        return redirect(_wanted(), 303)
    return render_template("desk-sign-in.html")


@blueprint.post("/staff/sign-in")
def enter() -> ResponseReturnValue:
    """Let a member of staff in; every refusal looks and takes the same, whether or not the address is known."""
    now = datetime.now(UTC)
    if not web.may("sign-in", TRIES_OF_A_NETWORK, NETWORK_SECONDS):
        return _refuse(gettext("Too many tries came from your network. Wait 15 minutes, then sign in again."), 429, NETWORK_SECONDS)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    key = web.tokens().digest("sign-in", staff.normal_address(email[:1000]))
    with database().writing() as session:
        rests_until = lockout.count_try(session, key, now)
    if rests_until:
        return _refuse_resting(int((rests_until - now).total_seconds()))
    user = _known(email, password)
    if user is None:
        return _refuse(gettext("The address and the password do not belong together. Check both, then try again."), 422)
    with database().writing() as session:
        lockout.forget_tries(session, key, now)
    sign_in.begin_session(user)
    return redirect(_wanted(), 303)


@blueprint.post("/staff/sign-out")
def leave() -> ResponseReturnValue:
    """Sign out on every device: a cookie that somebody copied is worthless afterwards."""
    with database().writing() as session:
        if user := session.get(User, current_user.id):
            staff.end_sessions(session, user)
    sign_in.end_session()
    return redirect(url_for("sign_in.form", left=1), 303)


def _known(email: str, password: str) -> User | None:
    with database().reading() as session:
        user = staff.find(session, email) if len(email) <= 255 else None
    fits = passwords.fits(password, user.password if user else None)
    return user if user and fits and user.active else None


def _wanted() -> str:
    """Give the page that a person wanted before signing in, if it is one of the staff's."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted) if wanted.isascii() and wanted.isprintable() and "\\" not in wanted else None
    if parts and not parts.scheme and not parts.netloc and sign_in.is_staff_path(parts.path):
        return parts.path
    return url_for("staff.home")


def _refuse_resting(seconds: int) -> ResponseReturnValue:
    minutes = max(1, -(-seconds // 60))
    words = ngettext(
        "This address was tried too often with a wrong password. Wait %(num)d minute, then sign in again.",
        "This address was tried too often with a wrong password. Wait %(num)d minutes, then sign in again.",
        minutes,
    )
    return _refuse(words, 429, max(1, seconds))


def _refuse(words: str, status: int, retry_after: int | None = None) -> ResponseReturnValue:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return render_template("desk-sign-in.html", refused=words, email=request.form.get("email", "")[:255]), status, headers
