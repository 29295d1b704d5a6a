"""The customer's page of a request that was sent."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__)
