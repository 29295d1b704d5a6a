"""The help centre: its home, its articles and its search."""

from flask import Blueprint

blueprint = Blueprint("help", __name__, template_folder="templates", static_folder="static", static_url_path="/static/kb")
