"""The page of exports: what the list finds goes out as a zip, and comes back from it."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Article, Status, save_translation
from kb.database import Database
from kb.exports import WRITERS, drafts_of
from kb.imports import import_articles
from tests.webform.conftest import SignIn
from webform.staff import RoleName


@pytest.mark.parametrize("form", WRITERS)
def test_what_was_found_goes_out_as_a_zip_and_comes_back(signed_in: SignIn, database: Database, now: datetime, tmp_path: Path, form: str) -> None:
    with database.writing() as session:
        for number, (language, title) in enumerate([("en", "Air"), ("ru", "Воздух 🙂"), ("zh", "空气")]):
            save_translation(
                session, external_id="air", language=language, title=title, body=f"{title}\n", category="Pumps", status=list(Status)[number], now=now
            )
        save_translation(session, external_id="bill", language="en", title="Bill", body="x", category="Money", now=now)
    client = signed_in(RoleName.WRITER)
    page = client.get("/staff/export?category=Pumps").text
    assert "3 translations" in page
    answer = client.get(f"/staff/export/articles.zip?category=Pumps&form={form}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename=articles-{form}-")
    packed = tmp_path / "packed.zip"
    packed.write_bytes(answer.data)
    assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    with database.writing() as session:
        before = [draft for draft in drafts_of(session) if draft.external_id == "air"]
        for article in session.query(Article):
            session.delete(article)
    report = import_articles(database, packed, now=now)
    with database.reading() as session:
        assert (report.created, report.failures, list(drafts_of(session))) == (3, [], before)


def test_an_export_that_finds_nothing_says_so_and_no_other_form_is_known(signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    assert "No article fits." in client.get("/staff/export?q=nothing+at+all").text
    assert client.get("/staff/export/articles.zip?form=word").status_code == 400
