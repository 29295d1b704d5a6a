"""Liveness, readiness and metrics."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)
