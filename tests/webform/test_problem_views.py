import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.webform.form_world import heading
from webform.i18n import address_in


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing-here", 404, "This page does not exist"),
        ("GET", "/suggestions", 405, "This page cannot be opened like that"),
        ("DELETE", "/", 405, "This page cannot be opened like that"),
    ],
)
def test_a_fault_is_a_page_that_says_what_to_do(client: FlaskClient, method: str, path: str, status: int, words: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert heading(response) == words
    assert "/help" in response.text
    assert "Content-Security-Policy" in response.headers


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    assert "POST" in client.get("/suggestions").headers["Allow"]


def test_the_languages_of_a_fault_lead_to_the_form(client: FlaskClient) -> None:
    assert 'href="/?lang=ru"' in client.get("/nothing-here").text


def test_a_page_keeps_its_place_in_another_language_whatever_its_address_holds(app: Flask) -> None:
    with app.test_request_context("/help/search?q=%3Cpump%3E&endpoint=x&_external=1&lang=en"):
        assert address_in("ru") == "/help/search?q=%3Cpump%3E&endpoint=x&_external=1&lang=ru"


@pytest.mark.parametrize(
    ("posted", "opened"),
    [("/staff/robots/questions", "/staff/robots?"), ("/staff/words?language=zh", "/staff/words?language=zh&"), ("/staff/rules/topics/pump", "/staff/rules?"),
     ("/verdict", "/?"), ("/help/en/pump?key=k", "/help/ru/pump?key=k&")],
)  # fmt: skip
def test_a_page_that_was_posted_leads_to_the_nearest_that_can_be_opened(app: Flask, posted: str, opened: str) -> None:
    with app.test_request_context(posted, method="POST"):
        assert address_in("ru") == f"{opened}lang=ru"


def test_a_program_gets_an_object(client: FlaskClient) -> None:
    response = client.get("/nothing-here", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["status"] == 404


def test_an_unexpected_fault_shows_nothing_of_the_inside(app: Flask) -> None:
    def broken() -> None:
        raise RuntimeError("the secret inside")

    app.add_url_rule("/broken", view_func=broken)
    app.testing = False
    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert heading(response) == "Something is wrong on our side"
    assert "secret" not in response.text


def test_a_database_that_does_not_answer_is_a_page_with_a_time(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def locked() -> None:
        raise OperationalError("SELECT 'private words'", {}, Exception("database is locked"))

    app.add_url_rule("/locked", view_func=locked)
    response = app.test_client().get("/locked")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "private words" not in response.text + caplog.text
