"""Headers of every answer: what a browser may load, keep and tell others."""

from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def protect(response: Response) -> Response:
    """Set what a view has not set itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def install(app: Flask) -> None:
    """Protect every answer of the application."""
    app.after_request(protect)
