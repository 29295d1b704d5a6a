"""What a newcomer's first command does, as processes on a machine: no browser, no fixture of ours."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

FORM = re.compile(r'name="visit"[^>]*value="([^"]+)"')


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def product(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """``webform run`` on embedded defaults, except for port, folder and holdout."""
    command = [sys.executable, "-m", "webform.cli", "run"]
    process = subprocess.Popen(command, env=environment(tmp_path, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)
        assert process.stdout
        process.stdout.close()


def environment(folder: Path, port: int) -> dict[str, str]:
    """Embedded defaults, except for port, folder and holdout."""
    return {
        "PATH": os.environ["PATH"],
        "WEBFORM_INSTANCE": str(folder / "instance"),
        "WEBFORM_BIND": f"127.0.0.1:{port}",
        "WEBFORM_HOLDOUT_SHARE": "0",
    }


def wait_until(true: object, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def ask(port: int, method: str, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    body = urlencode(fields) if fields is not None else None
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    answer = response.status, dict(response.getheaders()), response.read().decode()
    connection.close()
    return answer


def suggest(port: int, question: dict[str, str]) -> list[dict[str, str]]:
    """Ask as the page does: once more where there was no time; here for half a minute, for many tests run beside this one."""
    for _ in range(30):
        status, headers, body = ask(port, "POST", "/suggestions", question, Accept="application/json")
        assert status == 200
        if "X-Cut-Short" not in headers:
            found: list[dict[str, str]] = json.loads(body)["suggestions"]
            return found
        time.sleep(1)
    raise AssertionError("no answer within its time, thirty times in a row")


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/readyz")[0] == 200
    except OSError:
        return False


def children(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return {int(line) for line in listed.split()}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_the_first_start_suggests_takes_a_request_writes_its_mail_and_stops_cleanly(product: subprocess.Popen[str], port: int, tmp_path: Path) -> None:
    wait_until(lambda: answers(port), 240)
    visit = FORM.search(ask(port, "GET", "/")[2])
    assert visit
    question = {"subject": "", "message": "the pump hums but no water comes out", "visit": visit[1]}
    assert suggest(port, question)[0]["url"].partition("#")[0] == "/help/en/pump-runs-no-water"
    status, headers, _ = ask(port, "POST", "/", {**question, "email": "anna@customer.example", "name": "", "topic": "pump", "confirmed": "1"})
    assert status == 303
    assert ask(port, "GET", headers["Location"].removeprefix(f"http://127.0.0.1:{port}"))[0] == 200
    wait_until(lambda: len(list((tmp_path / "instance" / "mail").glob("*.eml"))) == 2, 120)
    family = children(product.pid)
    assert len(family) == 3
    product.send_signal(signal.SIGTERM)
    assert product.wait(120) == 0
    assert product.stdout
    said = product.stdout.read()
    assert re.search(r"Form +http://127\.0\.0\.1:\d+/\n", said)
    assert re.search(r"admin@\S+ with the password \S{10,}", said)
    assert "instance/mail" in said
    assert "Traceback" not in said
    assert "hums" not in said
    wait_until(lambda: not any(map(alive, family)), 60)


def test_when_the_server_is_killed_its_worker_ends_too(product: subprocess.Popen[str], port: int) -> None:
    wait_until(lambda: answers(port), 240)
    family = children(product.pid)
    os.kill(product.pid, signal.SIGKILL)
    product.wait(60)
    wait_until(lambda: not any(map(alive, family)), 120)


ZEBRA = """---
id: paint-zebra
lang: en
title: How do I paint the zebra?
---
Paint the zebra with stripes of black zebra paint, and let the zebra dry overnight.
"""


@pytest.mark.usefixtures("product")
def test_every_process_of_the_running_product_sees_what_another_command_publishes(port: int, tmp_path: Path) -> None:
    wait_until(lambda: answers(port), 240)
    visit = FORM.search(ask(port, "GET", "/")[2])
    assert visit
    question = {"subject": "", "message": "how do I paint the zebra", "visit": visit[1]}

    def zebras() -> int:
        """Ask often enough to meet both processes."""
        found = [suggest(port, question) for _ in range(6)]
        return sum(any(suggestion["title"] == "How do I paint the zebra?" for suggestion in suggestions) for suggestions in found)

    assert zebras() == 0
    (tmp_path / "zebra.md").write_text(ZEBRA, "utf-8")
    command = [sys.executable, "-m", "webform.cli", "kb", "import", str(tmp_path / "zebra.md")]
    subprocess.run(command, env=environment(tmp_path, port), check=True, capture_output=True, timeout=300)
    wait_until(lambda: zebras() == 6, 120)
