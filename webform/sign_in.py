"""Signing in: sessions, passwords, lock-out and roles, by Flask-Security."""

from flask import Flask


def install(app: Flask) -> None:
    """Guard the staff's pages."""
