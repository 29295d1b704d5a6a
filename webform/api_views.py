"""The JSON twin of the form, and its description."""

from flask import Blueprint

blueprint = Blueprint("api", __name__)
