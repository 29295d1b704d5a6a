import json
import logging
from collections.abc import Callable

import pytest
from flask import Flask

from webform import create_app, logs

SECRET = "my card 4242 4242 was refused"
Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Lines:
    """Give what the application has written to its log since the last time."""
    logs.configure("info", readable=False)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_logged_by_its_rule_and_never_by_its_path_or_query(app: Flask, lines: Lines) -> None:
    app.test_client().get(f"/help/en/{SECRET}?q={SECRET}", headers={"User-Agent": SECRET, "Referer": SECRET, "X-Request-Id": SECRET})
    (line,) = lines()
    assert line | {"event": "request", "method": "GET", "route": "/help/<lang>/<slug>", "status": 404} == line
    assert isinstance(line["ms"], float)
    assert "4242" not in json.dumps(line)


def test_an_address_without_a_route_and_a_method_of_somebodys_own_are_not_repeated(app: Flask, lines: Lines) -> None:
    app.test_client().open(f"/{SECRET}", method="STEAL4242")
    (line,) = lines()
    assert (line["method"], line["route"]) == ("other", "none")
    assert "4242" not in json.dumps(line)


def test_the_id_of_a_request_is_in_its_answer_and_on_all_its_lines(app: Flask, lines: Lines) -> None:
    @app.get("/noisy")
    def noisy() -> str:
        logging.getLogger("anything").warning("something", extra={"fault": "Kind"})
        return ""

    first, second = (app.test_client().get("/noisy").headers["X-Request-Id"] for _ in range(2))
    written = lines()
    assert [line["request_id"] for line in written] == [first, first, second, second]
    assert first != second
    assert written[0] | {"fault": "Kind", "level": "warning", "logger": "anything"} == written[0]


def test_a_fault_is_logged_with_its_places_but_without_any_value(app: Flask, lines: Lines) -> None:
    app.testing = False

    @app.get("/broken/<token>")
    def broken(token: str) -> str:
        typed = SECRET
        try:
            int(typed)
        except ValueError as error:
            raise KeyError(typed, token) from error
        return typed

    answer = app.test_client().get("/broken/token-4242")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    fault, request = written = lines()
    assert (fault["fault"], fault["route"], request["status"]) == ("KeyError", "/broken/<token>", 500)
    places = fault["places"]
    assert isinstance(places, list)
    assert "ValueError" in places
    assert any(str(place).startswith(__file__) and str(place).endswith(" broken") for place in places)
    assert "4242" not in json.dumps(written)


def test_a_fault_that_a_module_logs_itself_shows_no_value_either(lines: Lines) -> None:
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("any.module").exception("could not be stored")
    (line,) = lines()
    assert (line["event"], line["fault"]) == ("could not be stored", "ValueError")
    assert "4242" not in json.dumps(line)


def test_a_fault_that_causes_itself_ends(lines: Lines) -> None:
    fault = ValueError(SECRET)
    other = KeyError(SECRET)
    fault.__cause__, other.__cause__ = other, fault
    assert logs.places(fault) == ["KeyError", "ValueError"]


def test_on_a_terminal_lines_are_for_people(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", readable=True)
    app.test_client().get("/healthz")
    written = capsys.readouterr().err
    assert "request" in written
    assert "/healthz" in written
    assert not written.startswith("{")


def test_many_applications_in_one_process_log_each_line_once(settings: dict[str, str], app: Flask, lines: Lines) -> None:
    create_app(settings, environ={}).test_client().get("/healthz")
    assert len(lines()) == 1


def test_less_is_logged_when_less_is_asked_for(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", readable=False)
    app.test_client().get("/healthz")
    assert capsys.readouterr().err == ""
