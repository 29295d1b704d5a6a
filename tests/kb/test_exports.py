from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kb.articles import Article, store
from kb.database import Database
from kb.drafts import Draft, Status, Visibility
from kb.exports import export_articles
from kb.generations import current_generation
from kb.imports import import_articles
from kb.picture_bytes import draw
from kb.picture_names import address
from kb.pictures import Picture, content_of, keep
from kb.visibility import set_visibility
from tests.kb.article_texts import DRAFTS
from tests.kb.painting import film, photograph, picture
from tests.kb.shelves import empty, kept


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


def test_pictures_and_who_may_read_go_out_and_come_back_as_they_were(database: Database, tmp_path: Path, now: datetime) -> None:
    drawn = [draw(photograph()), draw(picture()), draw(film())]
    body = "".join(f"![x]({address(each.name)})\n" for each in drawn)
    with database.writing() as session:
        for each in drawn:
            keep(session, each, now)
        for language in ("en", "ru"):
            stored = store(session, Draft("a", language, "T", body, status=Status.DRAFT), now=now)
        set_visibility(session, stored.translation.article, Visibility.STAFF)
        stored.translation.article.owner, stored.translation.article.review_at = "anna@example.com", now
        stored.translation.publish_at, stored.translation.withdraw_at = now, now + timedelta(days=1)
        store(session, Draft("b", "zh", "水泵", "x"), now=now)
    before = kept(database)
    first = export_articles(database, tmp_path)
    assert (first.written, first.strangers) == (6, [])
    assert (tmp_path / "en" / "t.md").read_text("utf-8").startswith("---\nid: a\nlang: en\ntitle: T\nslug: t\nstatus: draft\n")
    assert "visibility" not in (tmp_path / "zh" / "水泵.md").read_text("utf-8")
    assert (export_articles(database, tmp_path).written, import_articles(database, tmp_path, now=now).unchanged) == (0, 3)
    empty(database)
    with database.writing() as session:
        session.query(Picture).delete()
    report = import_articles(database, tmp_path, now=now)
    assert (report.created, report.pictures, report.failures, report.notes) == (3, 3, [], [])
    assert kept(database) == before
    shared, day = {"visibility": "staff", "owner": "anna@example.com", "review_at": now.isoformat()}, timedelta(days=1)
    assert [draft.facts for draft in before] == [shared, shared | {"publish_at": now.isoformat(), "withdraw_at": (now + day).isoformat()}, {}]
    with database.reading() as session:
        assert [content_of(session, each.name) for each in drawn] == [each.content for each in drawn]
    assert export_articles(database, tmp_path).written == 0


def test_a_file_can_close_an_article_and_says_so_in_a_dry_run(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        store(session, Draft("a", "en", "T", "x"), now=now)
    export_articles(database, tmp_path)
    file = tmp_path / "en" / "t.md"
    file.write_text(file.read_text("utf-8").replace("status: published\n", "status: published\nvisibility: link\n"), "utf-8")
    assert [change.fields for change in import_articles(database, tmp_path, now=now, dry_run=True).changes] == [("visibility",)]
    assert import_articles(database, tmp_path, now=now).updated == 1
    with database.reading() as session:
        assert session.query(Article).one().visibility == Visibility.LINK
        assert current_generation(session) == 1
    file.write_text(file.read_text("utf-8").replace("visibility: link\n", "visibility: everybody\n"), "utf-8")
    assert "visibility is 'everybody'" in import_articles(database, tmp_path, now=now).failures[0].reason
