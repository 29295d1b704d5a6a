"""The contact form that answers first, composed of the knowledge base and its measurement."""

__version__ = "0.1.0"

from webform.factory import create_app

__all__ = ["create_app"]
