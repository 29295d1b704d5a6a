import shutil
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.articles import Status, find_translation, save_translation
from kb.database import Database
from kb.import_jobs import MOST_BYTES
from kb.import_keeping import Keeping
from tests.kb.foreign_exports import zendesk
from tests.webform.conftest import SignIn, csrf_token
from webform import sign_in
from webform.leases import clock
from webform.staff import RoleName

PAGE = "/staff/import"


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    zendesk(tmp_path / "export")
    (tmp_path / "export" / "broken.json").write_text("{")
    return Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "export")).read_bytes()


def send(client: FlaskClient, content: bytes, name: str = "Export é.zip", **fields: str) -> TestResponse:
    data = {"csrf_token": csrf_token(client.get(PAGE)), "export": (BytesIO(content), name), "format": "", "language": "en", **fields}
    return client.post(PAGE, data=data)


def work(database: Database) -> None:
    Keeping(database, clock, "one").attempt()


def test_a_lead_sees_what_would_change_confirms_it_and_sees_it_done(signed_in: SignIn, database: Database, packed: bytes) -> None:
    client = signed_in(RoleName.LEAD)
    place = send(client, packed).headers["Location"]
    assert "It is being looked through" in client.get(place).text
    work(database)
    page = client.get(place)
    assert "5 articles would change" in page.text
    assert "Насос гудит 🙂" in page.text
    assert "broken.json" in page.text
    assert "Zendesk Help Center" in page.text
    assert client.post(place, data={"csrf_token": csrf_token(page), "act": "import"}).headers["Location"] == place
    assert "It is being brought in" in client.get(place).text
    work(database)
    assert "It was brought in" in client.get(place).text
    assert "Export é.zip" in client.get(PAGE).text
    with database.reading() as session:
        assert find_translation(session, "zendesk-101", "zh") is not None
    again = client.post(place, data={"csrf_token": csrf_token(page), "act": "import"}, follow_redirects=True)
    assert "Nothing was changed" in again.text
    twice = send(client, packed).headers["Location"]
    work(database)
    assert "Nothing would change" in client.get(twice).text
    refused = send(client, b"---\nlang: en\ntitle: x\n---\n", name="x.md").headers["Location"]
    work(database)
    assert "Nothing can be brought in" in client.get(refused).text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("id is missing", "picture a.png is not in the export", "status is &#39;maybe&#39;", "lang is not a language code", "text, title")),
        ("ru", ("не указано поле id", "картинка a.png: нет в выгрузке", "status: &#39;maybe&#39;; допустимо только", "не код языка", "текст, заголовок")),
        ("zh", ("缺少 id", "图片 a.png：不在导出文件中", "status 的值是 &#39;maybe&#39;", "lang 不是语言代码", ", 标题")),
    ],
)
def test_refusals_speak_the_language_of_their_reader(signed_in: SignIn, database: Database, now: datetime, language: str, told: tuple[str, ...]) -> None:
    with database.writing() as session:
        save_translation(session, external_id="known", language="en", title="Before", body="Before.", status=Status.PUBLISHED, now=now)
    heads = ("lang: en\ntitle: x", "id: b\nlang: en\ntitle: x\nstatus: maybe", "id: c\nlang: nowhere at all\ntitle: x", "id: known\nlang: en\ntitle: After")
    export = BytesIO()
    with zipfile.ZipFile(export, "w") as archive:
        for number, head in enumerate(heads):
            archive.writestr(f"{number}.md", f"---\n{head}\n---\n![A](a.png)\n")
    client = signed_in(RoleName.LEAD)
    place = send(client, export.getvalue()).headers["Location"]
    work(database)
    page = client.get(place, headers={"Accept-Language": language}).text
    assert [words for words in told if words not in page] == []


def test_a_lead_can_give_it_up(signed_in: SignIn, database: Database, packed: bytes) -> None:
    client = signed_in(RoleName.LEAD)
    place = send(client, packed).headers["Location"]
    work(database)
    client.post(place, data={"csrf_token": csrf_token(client.get(place)), "act": "discard"})
    assert "It was given up; nothing was written" in client.get(place).text
    with database.reading() as session:
        assert find_translation(session, "zendesk-101", "zh") is None


@pytest.mark.parametrize(
    ("content", "name", "fields", "words"),
    [
        (b"", "x.zip", {}, "Choose the file"),
        (b"x", "", {}, "Choose the file"),
        (b"x", "x.exe", {}, "is none of them"),
        (b"x", "x.zip", {"language": "<b>"}, "by its code"),
        (b"x", "x.zip", {"format": "pdf"}, "by its code"),
    ],
)
def test_what_is_no_export_is_refused_in_words(signed_in: SignIn, content: bytes, name: str, fields: dict[str, str], words: str) -> None:
    answer = send(signed_in(RoleName.LEAD), content, name, **fields)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_export_may_be_larger_than_what_customers_send_and_a_strangers_may_not(app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in.LARGE["imports.upload"] > MOST_BYTES > app.config["MAX_CONTENT_LENGTH"]
    lead, stranger = signed_in(RoleName.LEAD), app.test_client()
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    monkeypatch.setitem(sign_in.LARGE, "imports.upload", 2_000)

    def status(who: FlaskClient, size: int) -> int:
        return who.post(PAGE, data=b"x=" + b"y" * size, content_type="application/x-www-form-urlencoded").status_code

    assert (status(lead, 1_500), status(lead, 2_500), status(stranger, 1_500)) == (400, 413, 413)


def test_a_page_of_no_import_is_not_there(signed_in: SignIn) -> None:
    assert signed_in(RoleName.LEAD).get(f"{PAGE}/99").status_code == 404
