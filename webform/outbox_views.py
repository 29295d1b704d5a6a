"""The outbox as staff see it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webform.sign_in import require
from webform.staff import RoleName

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/staff/outbox")
@require(RoleName.LEAD)
def queue() -> ResponseReturnValue:
    """Show what failed, what waits and what was sent lately."""
    return render_template("desk-outbox.html")
