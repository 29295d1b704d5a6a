from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb import picture_bytes
from kb.markdown import render
from tests.kb.painting import bomb, photograph, picture
from tests.webform.conftest import SignIn, csrf_token
from webform.staff import RoleName


def send(client: FlaskClient, content: bytes | None, **fields: str) -> TestResponse:
    data: dict[str, object] = {"csrf_token": csrf_token(client.get("/staff/articles")), **fields}
    if content is not None:
        data["picture"] = (BytesIO(content), "valve.png")
    return client.post("/staff/pictures", data=data)


def test_a_writer_gets_the_markdown_of_a_picture_and_readers_get_the_picture(signed_in: SignIn, client: FlaskClient) -> None:
    answer = send(signed_in(RoleName.WRITER), photograph(), alternative="The *valve*\n[open]")
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["markdown"] == f"![The \\*valve\\* \\[open\\]]({told['address']})"
    assert "question" not in told
    assert f'<img src="{told["address"]}" alt="The *valve* [open]" width="40" height="60" loading="lazy">' in render(told["markdown"])
    served = client.get(told["address"])
    assert served.content_type == "image/jpeg"
    assert b"SECRET" not in served.data


def test_a_picture_without_words_asks_for_them(signed_in: SignIn) -> None:
    told = send(signed_in(RoleName.WRITER), picture()).get_json()
    assert told["question"].startswith("What does the picture show?")
    assert told["markdown"] == f"![]({told['address']})"


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (None, 422, "empty"),
        (b"<svg onload=alert(1)>", 415, "SVG"),
        (picture()[:60], 422, "broken"),
        (b"MZ", 415, "none of them"),
        (bomb(40_000, 40_000), 413, "30 million pixels"),
        (picture() + bytes(100_000), 413, "10 MB"),
    ],
    ids=["none", "drawing", "broken", "program", "bomb", "large"],
)
def test_what_is_no_picture_is_refused_in_words(signed_in: SignIn, content: bytes | None, status: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_bytes, "MOST_BYTES", 100_000)
    answer = send(signed_in(RoleName.WRITER), content)
    assert answer.status_code == status
    assert words in answer.get_json()["error"]


def test_a_refusal_speaks_the_writers_language(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    client.get("/staff/articles?lang=ru")
    assert send(client, b"<svg>").get_json()["error"].startswith("Рисунок SVG")


def test_nobody_without_a_role_or_a_token_sends_a_picture(signed_in: SignIn, client: FlaskClient) -> None:
    assert client.post("/staff/pictures", data={"picture": (BytesIO(picture()), "x.png")}).status_code == 400
    assert signed_in(RoleName.WRITER).post("/staff/pictures", data={"picture": (BytesIO(picture()), "x.png")}).status_code == 400
