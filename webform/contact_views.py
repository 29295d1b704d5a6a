"""The form: opening it, asking for suggestions, sending it."""

from flask import Blueprint

blueprint = Blueprint("contact", __name__)
