from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kb.articles import Article, store
from kb.database import Database
from kb.drafts import Draft, Status
from kb.exports import drafts_of, export_articles
from kb.generations import current_generation
from kb.imports import import_articles
from tests.kb.article_texts import DRAFTS


def kept(database: Database) -> list[Draft]:
    with database.reading() as session:
        return list(drafts_of(session))


def empty(database: Database) -> None:
    with database.writing() as session:
        for article in session.query(Article):
            session.delete(article)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(DRAFTS, max_size=4))
def test_an_import_of_an_export_is_what_was_exported(database: Database, now: datetime, drafts: list[Draft]) -> None:
    empty(database)
    with database.writing() as session:
        for draft in drafts:
            store(session, draft, now=now)
    before = kept(database)
    with TemporaryDirectory() as name:
        export_articles(database, Path(name))
        empty(database)
        report = import_articles(database, Path(name), now=now + timedelta(days=1))
    assert report.failures == []
    assert kept(database) == before


def test_exporting_twice_writes_nothing_new_and_importing_it_changes_nothing(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        store(session, Draft("a", "ru", "Насос", "---\r\nтекст 🙂\r\n", status=Status.DRAFT), now=now)
        store(session, Draft("a", "zh", "水泵", "| 灯 |\n|---|\n| 红 |"), now=now)
    first = export_articles(database, tmp_path / "out")
    assert (first.written, first.unchanged, first.strangers) == (2, 0, [])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")) == ["out/ru/насос.md", "out/zh/水泵.md"]
    second = export_articles(database, tmp_path / "out")
    assert (second.written, second.unchanged) == (0, 2)
    report = import_articles(database, tmp_path / "out", now=now)
    assert (report.unchanged, report.failures) == (2, [])
    with database.reading() as session:
        assert current_generation(session) == 0


def test_files_that_are_not_of_the_export_are_named_and_left(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        store(session, Draft("a", "en", "Old", "Body"), now=now)
    export_articles(database, tmp_path)
    with database.writing() as session:
        store(session, Draft("a", "en", "Old", "Body", slug="new"), now=now)
    report = export_articles(database, tmp_path)
    assert (report.written, report.strangers) == (1, ["en/old.md"])
    assert (tmp_path / "en" / "old.md").is_file()
