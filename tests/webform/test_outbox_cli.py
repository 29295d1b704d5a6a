from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import Result
from flask import Flask

from kb.database import Database
from tests.webform.delivering import put
from tests.webform.smtp_servers import Sink, free_port, serve
from webform import outbox_cli


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    with serve(Sink()) as sink:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=sink.port)
        yield sink


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(outbox_cli.group, words)


def test_delivering_says_what_was_sent(app: Flask, database: Database, sink: Sink) -> None:
    with database.writing() as session:
        put(session, datetime.now(UTC))
    assert run(app, "deliver").stdout == "1 sent\n"
    assert run(app, "deliver").stdout == "nothing is due\n"
    assert len(sink.received) == 1


def test_without_a_server_mail_becomes_files(app: Flask, database: Database) -> None:
    with database.writing() as session:
        put(session, datetime.now(UTC))
    assert run(app, "deliver").stdout == "1 sent\n"
    assert len(list((app.config["INSTANCE"] / "mail").glob("*.eml"))) == 1


def test_a_server_that_cannot_be_used_is_named_and_the_command_fails(app: Flask, database: Database) -> None:
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=free_port())
    with database.writing() as session:
        put(session, datetime.now(UTC))
    result = run(app, "deliver")
    assert result.exit_code == 1
    assert "the mail server cannot be used" in result.output
    assert "refused" in result.output


def test_failed_and_waiting_are_listed_and_retried(app: Flask, database: Database, sink: Sink) -> None:
    sink.at_rcpt = lambda address: "550 5.1.1 User unknown"
    with database.writing() as session:
        numbers = [put(session, datetime.now(UTC)) for _ in range(2)]
    assert run(app, "deliver").stdout == "2 failed\n"
    listed = run(app, "list").stdout
    assert listed.startswith("2 failed, 0 waiting, 0 sent in the last 24 hours\n")
    assert listed.count("550 5.1.1 User unknown") == 2
    sink.at_rcpt = lambda address: ""
    assert run(app, "retry", str(numbers[0])).stdout == f"{numbers[0]} is due now\n"
    assert run(app, "retry", "--failed").stdout == "1 due now\n"
    assert run(app, "retry", "--failed").stdout == "0 due now\n"
    assert run(app, "deliver").stdout == "2 sent\n"
    refused = run(app, "retry", str(numbers[0]))
    assert refused.exit_code == 1
    assert "cannot be retried" in refused.output
    assert "\tsent\tT-" in run(app, "list", "--sent", "5").stdout


@pytest.mark.parametrize("words", [["retry"], ["retry", "1", "--failed"], ["retry", "soon"]])
def test_a_retry_that_names_nothing_or_too_much_is_refused(app: Flask, words: list[str]) -> None:
    assert run(app, *words).exit_code == 2
