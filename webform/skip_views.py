"""People who may skip, as leads see, add and end them."""

import re
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from kb import trace
from kb.web import database
from webform import skips
from webform.contact_forms import clean_line
from webform.routing_forms import DOMAIN
from webform.sign_in import require
from webform.skips import LONGEST_NAME, MOST_SKIPS
from webform.staff import RoleName
from webform.web import tokens

# Whoever has an address with one of these has nothing in common with the others.
EVERYBODY = re.compile(
    r"(gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|me|aol|gmx|web|proton|protonmail|mail|yandex|ya|bk|inbox|list|rambler|qq|163|126|sina)\.[a-z.]{2,6}"
)
blueprint = Blueprint("skips", __name__)


@blueprint.get("/staff/skips")
@require(RoleName.LEAD)
def page() -> ResponseReturnValue:
    """List who goes straight to a person, with the links."""
    return _page()


@blueprint.post("/staff/skips")
@require(RoleName.LEAD)
def add() -> ResponseReturnValue:
    """Let the people of a domain skip, or make a link for somebody."""
    name, domain = clean_line(request.form.get("name")), clean_line(request.form.get("domain")).casefold().lstrip("@")
    errors = _wrong(name, domain, by_domain=request.form.get("by") == "domain")
    if not errors:
        now = datetime.now(UTC)
        with database().writing() as session:
            if len(skips.every(session)) >= MOST_SKIPS:
                abort(409)
            kept = domain if request.form.get("by") == "domain" else ""
            made = skips.add(session, name=name, domain=kept, urgent="urgent" in request.form, author=current_user.email, now=now)
            trace.record(session, actor=current_user.email, action="added", subject=f"skip:{made.id}", after=made.facts(), now=now)
        flash(gettext("%(name)s goes straight to a person from now on.", name=name))
        return redirect(url_for("skips.page"), 303)
    return _page(422, errors=errors, given=request.form)


@blueprint.post("/staff/skips/<int:number>/revoke")
@require(RoleName.LEAD)
def revoke(number: int) -> ResponseReturnValue:
    """End it for a domain, or take a link back."""
    now = datetime.now(UTC)
    with database().writing() as session:
        ended = skips.revoke(session, min(number, 2**31 - 1), author=current_user.email, now=now)
        if ended is not None:
            before = ended.facts() | {"active": True}
            trace.record(session, actor=current_user.email, action="withdrawn", subject=f"skip:{ended.id}", before=before, after=ended.facts(), now=now)
            flash(gettext("%(name)s sees the form as everybody does from now on.", name=ended.name))
    return redirect(url_for("skips.page"), 303)


def _wrong(name: str, domain: str, *, by_domain: bool) -> dict[str, str]:
    errors = {}
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = gettext("Say who it is, in %(most)s characters at most; the team reads it on requests", most=LONGEST_NAME)
    if by_domain and not DOMAIN.fullmatch(domain):
        errors["domain"] = gettext("Write a domain that looks like example.org")
    elif by_domain and EVERYBODY.fullmatch(domain):
        errors["domain"] = gettext("Anybody can have an address there; give these people a link")
    return errors


def _page(status: int = 200, **more: object) -> ResponseReturnValue:
    with database().reading() as session:
        shown: dict[str, object] = {"people": skips.every(session), "errors": {}, "given": {"by": "domain"}}
    return render_template("desk-skips.html", key=tokens().skip_key, **(shown | more)), status
