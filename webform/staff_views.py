"""The staff's pages: their home, articles and counts; requests stand in ``ticket_views``."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webform import ticket_views
from webform.sign_in import may, require
from webform.staff import RoleName

blueprint = Blueprint("staff", __name__)
blueprint.add_url_rule("/staff/requests", "requests", ticket_views.requests)


@blueprint.get("/staff")
@require(RoleName.WRITER)
def home() -> ResponseReturnValue:
    """Lead everybody to the page that their work begins with."""
    return redirect(url_for("staff.requests" if may(RoleName.LEAD) else "staff.articles"), 303)


@blueprint.get("/staff/articles")
@require(RoleName.WRITER)
def articles() -> ResponseReturnValue:
    return render_template("desk-articles.html")


@blueprint.get("/staff/deflection")
@require(RoleName.WRITER)
def counts() -> ResponseReturnValue:
    return render_template("desk-counts.html")
