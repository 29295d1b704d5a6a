"""The outbox as staff see it."""

from flask import Blueprint

blueprint = Blueprint("outbox", __name__)
