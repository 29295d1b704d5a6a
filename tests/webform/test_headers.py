import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from webform import create_app

PUBLIC = ("/", "/help", "/help/search?q=pump", "/help/en/none", "/requests/T-AAAAAA?key=x", "/healthz", "/nowhere", "/static/form.css")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_answers_are_strict_and_set_no_cookie(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    response.close()
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers


def test_a_believed_proxy_is_only_the_one_that_was_configured(settings: dict[str, str]) -> None:
    def seen(app: Flask) -> str:
        app.add_url_rule("/seen", "seen", lambda: str(request.remote_addr))
        return app.test_client().get("/seen", headers={"X-Forwarded-For": "203.0.113.9"}).text

    assert seen(create_app(settings, environ={})) == "127.0.0.1"
    assert seen(create_app({**settings, "TRUSTED_PROXIES": "1"}, environ={})) == "203.0.113.9"
