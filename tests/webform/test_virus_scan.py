import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.form_world import open_form
from tests.webform.test_upload_views import count, up
from webform import create_app
from webform.settings import SettingError
from webform.virus_scan import CHUNK, Verdict, scan

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def answer(line: socket.socket, says: bytes, read: list[bytes]) -> None:
    """Speak clamd's part once, as its manual describes it."""
    with line, line.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(length)
        read.append(content)
        line.sendall(says or (b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"))


@contextmanager
def clamd(address: str | None = None, says: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """Run a scanner that knows one virus, or always says the same."""
    read: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0)) if address is None else socket.socket(socket.AF_UNIX)
    if address is not None:
        server.bind(address)
        server.listen()

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            answer(line, says, read)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield address or f"127.0.0.1:{server.getsockname()[1]}", read
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(60)


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_a_file_is_read_whole_and_judged(tmp_path: Path) -> None:
    large = bytes(range(256)) * 4096
    with clamd() as (address, read):
        assert scan(address, large) is Verdict.CLEAN
        assert scan(address, large + EICAR) is Verdict.INFECTED
    assert read[0] == large
    assert len(large) > CHUNK
    with clamd(str(tmp_path / "s")) as (address, _read):
        assert scan(address, EICAR) is Verdict.INFECTED


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: x ERROR\0", b"nonsense\0", b"x" * 9000])
def test_whatever_else_it_says_is_no_verdict(says: bytes) -> None:
    with clamd(says=says) as (address, _read):
        assert scan(address, b"words") is Verdict.SILENT


def test_a_scanner_that_is_not_there_or_never_answers_is_silent(tmp_path: Path) -> None:
    assert scan(closed_port(), b"words") is Verdict.SILENT
    assert scan(str(tmp_path / "nothing"), b"words") is Verdict.SILENT
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert scan(f"127.0.0.1:{mute.getsockname()[1]}", b"words", seconds=0.2) is Verdict.SILENT


def test_an_infected_file_is_refused_in_words_and_a_clean_one_is_kept(client: FlaskClient, app: Flask, database: Database) -> None:
    token = open_form(client)
    with clamd() as (address, _read):
        app.config["CLAMD_SOCKET"] = address
        assert up(client, token).status_code == 200
        refused = up(client, token, EICAR, "tool.txt")
    assert refused.status_code == 422
    assert "a virus was found in “tool.txt”" in refused.json["wrong"]
    assert count(database) == 1


def test_without_an_answer_files_are_refused_or_kept_as_the_setting_says(client: FlaskClient, app: Flask, database: Database) -> None:
    token = open_form(client)
    app.config["CLAMD_SOCKET"] = closed_port()
    refused = up(client, token)
    assert refused.status_code == 503  # The page tries again by itself.
    assert "could not be checked for viruses" in refused.json["wrong"]
    assert count(database) == 0
    app.config["CLAMD_REQUIRED"] = False
    assert up(client, token).status_code == 200


@pytest.mark.parametrize("address", ["clamd", "clamd:", "host:99999", "relative/path"])
def test_an_address_that_cannot_be_one_refuses_to_start(address: str, settings: dict[str, str]) -> None:
    with pytest.raises(SettingError):
        create_app(settings | {"CLAMD_SOCKET": address}, environ={})
