"""What was typed and not sent is nowhere: not in the database, not in a file, not in a log, not in a figure."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deflection import ledger
from deflection.day_counts import day_count
from kb.database import Database
from kb.schema import Base
from tests.webform.form_world import HUM, open_form, write_articles
from webform import logs

TYPED = ("xylophone", "quagmire", "zeppelin", "marzipan", "+49 170 9999999", "неопубликованное", "未发送的文字")
MESSAGE = f"{HUM} {' '.join(TYPED)}"
NETWORK, BROWSER = "203.0.113.77", "Mozilla/5.0 (Fictional; rv:99.7) Gecko/20991231 Xylograph/9"
NOBODYS = (*TYPED, "203.0.113", "Xylograph", "rv:99.7")
"""What is kept nowhere: texts, and what a request tells of who makes it."""
SENT = "The pump hums, and this sentence about a walrus is sent."


@pytest.fixture
def furnished(app: Flask, database: Database, now: datetime) -> FlaskClient:
    write_articles(database, now)
    app.extensions["kb.suggester"].ensure_ready()
    app.testing = False
    logs.configure("debug", readable=False)
    client = app.test_client()
    client.environ_base |= {"REMOTE_ADDR": NETWORK, "HTTP_USER_AGENT": BROWSER}
    return client


def stored(database: Database, *, without: tuple[str, ...] = ()) -> str:
    """Everything that the tables hold, bytes read as text."""
    with database.reading() as session:
        cells = [cell for table in Base.metadata.sorted_tables if table.name not in without for row in session.execute(select(table)) for cell in row]
    return "\n".join(cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in cells)


def files(folder: Path) -> str:
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def wander(client: FlaskClient) -> str:
    """Type in every place where text can come in without being sent; give the token of the visit."""
    token = open_form(client, f"/?message={MESSAGE}&subject={MESSAGE}")
    json = {"Accept": "application/json"}
    client.post("/suggestions", json={"visit": token, "subject": MESSAGE[:150], "message": MESSAGE, "topic": TYPED[0]}, headers=json)
    shown = client.post("/suggestions", json={"visit": token, "subject": TYPED[0], "message": HUM}, headers=json).json
    mark = "random-mark-of-a-brows"
    for told in ({"kind": "arrived"}, {"kind": "began", "browser": mark}, {"kind": "began", "browser": TYPED[0]}, {"kind": "began", "embed": TYPED[1]}):
        client.post(f"/visits/{token}/events", json=told | {"device": "phone"}, headers={"User-Agent": TYPED[2]})
    client.post(f"/visits/{token}/events", json={"kind": "began", "device": TYPED[3], "language": TYPED[3]})
    client.post("/suggestions", json={"visit": token, "message": MESSAGE, "browser": mark, "device": TYPED[2]}, headers=json)
    for told in ({"kind": "opened"}, {"kind": "read", "seconds": 9}, {"kind": "declined", "reason": "too-long"}, {"kind": "solved"}):
        client.post(f"/visits/{token}/events", json=told | {"article": shown["suggestions"][0]["article"]})
    client.post(f"/visits/{token}/events", json={"kind": "declined", "reason": MESSAGE, "text": MESSAGE})
    client.post("/suggestions", data={"visit": TYPED[0], "message": MESSAGE})
    client.post("/suggestions", data={"visit": token, "message": MESSAGE}, headers={"User-Agent": TYPED[1], "Referer": f"http://localhost/?q={TYPED[0]}"})
    client.post("/", data={"visit": token, "message": MESSAGE, "email": f"{TYPED[0]}@{TYPED[1]}", "name": TYPED[2]})
    before = client.post("/", data={"visit": token, "message": HUM, "subject": TYPED[0], "email": "anna@customer.example", "name": TYPED[2]})
    assert before.status_code == 200, "this must stop at the page before sending"
    client.post("/api/v1/requests", json={"message": MESSAGE, "email": TYPED[0]}, headers={"Idempotency-Key": TYPED[1]})
    client.get("/help/search", query_string={"q": MESSAGE})
    client.get(f"/{TYPED[0]}", query_string={TYPED[1]: TYPED[2]})
    return token


def test_a_text_that_was_not_sent_leaves_no_trace(furnished: FlaskClient, app: Flask, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    token = wander(furnished)
    ledger.count(database, datetime.now(UTC))
    everything = {
        "database": stored(database),
        "files": files(app.config["INSTANCE"]),
        "log": "".join(capsys.readouterr()),
        "metrics": app.test_client().get("/metrics").text,
    }
    found = [(where, word) for where, text in everything.items() for word in NOBODYS if word.lower() in text.lower()]
    assert found == []
    assert "webform_deflection_engaged" in everything["metrics"]
    assert '"route": "/suggestions"' in everything["log"]
    assert "declined" in everything["database"] or "solved" in everything["database"]
    assert token not in "".join(everything.values())
    assert "random-mark-of-a-brows" not in "".join(everything.values())
    with database.reading() as session:
        assert session.execute(select(day_count.c.engaged, day_count.c.shown)).all() == [(1, 1)]


def test_a_fault_in_suggesting_leaves_no_trace_either(
    furnished: FlaskClient, app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(subject: str, message: str, **_: object) -> None:
        raise ValueError(f"cannot stand {subject} {message}")

    monkeypatch.setattr(app.extensions["kb.suggester"], "suggest", fail)
    token = open_form(furnished)
    answer = furnished.post("/suggestions", json={"visit": token, "message": MESSAGE}, headers={"Accept": "application/json"})
    written = capsys.readouterr().err
    assert (answer.status_code, answer.json["suggestions"]) == (200, [])
    assert "ValueError" in written
    assert [word for word in TYPED if word in written or word.encode("unicode_escape").decode() in written] == []


def test_what_was_sent_stands_in_the_request_and_its_mails_only(
    furnished: FlaskClient, app: Flask, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = furnished.post("/", data={"visit": open_form(furnished), "message": SENT, "email": "walrus@customer.example", "confirmed": "1"})
    assert answer.status_code == 303
    furnished.get(answer.headers["Location"])
    assert "walrus" in stored(database)
    assert "walrus" not in stored(database, without=("ticket", "outbox_message"))
    assert "walrus" not in files(app.config["INSTANCE"])
    written = capsys.readouterr().err
    assert "walrus" not in written
    kept = stored(database) + files(app.config["INSTANCE"]) + written
    assert [word for word in (NETWORK, BROWSER) if word in kept] == []
    assert answer.headers["Location"].split("key=")[1][:20] not in written
