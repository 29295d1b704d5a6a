"""The contact form that answers first, composed of the knowledge base and its measurement."""

from webform.factory import create_app

__all__ = ["create_app"]
__version__ = "0.1.0"
