"""Requests, as staff read and sort them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webform.sign_in import require
from webform.staff import RoleName


@require(RoleName.LEAD)
def requests() -> ResponseReturnValue:
    """List requests."""
    return render_template("desk-requests.html")
