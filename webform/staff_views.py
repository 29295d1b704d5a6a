"""The staff's pages: requests, articles and counts."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__)
