"""Events that a visit's page tells us."""

from flask import Blueprint

blueprint = Blueprint("visits", __name__)
