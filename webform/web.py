"""What a request needs of the form: handed over by the application, found here by the edge."""

from typing import cast

from flask import current_app

from webform.tokens import Tokens

TOKENS = "webform.tokens"


def tokens() -> Tokens:
    """Give the application's signer."""
    return cast("Tokens", current_app.extensions[TOKENS])
