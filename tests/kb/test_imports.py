import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import event, select

from kb import import_formats, imports
from kb.articles import Status, Translation, find_translation
from kb.database import Database
from kb.foreign import Item, Reading
from kb.generations import current_generation
from kb.imports import Failure, find_drafts, import_articles
from kb.visibility import published


def article(identity: str, title: str = "Title", body: str = "Body.", **fields: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in {"id": identity, "lang": "en", "title": title, **fields}.items())
    return f"---\n{lines}---\n{body}"


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "articles"


def translations(database: Database) -> dict[tuple[str, str], str]:
    with database.reading() as session:
        return {(each.language, each.slug): each.status for each in session.scalars(select(Translation))}


def test_a_folder_of_markdown_is_imported(database: Database, folder: Path, now: datetime) -> None:
    put(
        folder,
        {"en/a.md": article("a"), "ru/a.markdown": article("a", "Насос", lang="ru"), "b.MD": article("b", status="draft"), "notes.txt": "x", ".git/c.md": "x"},
    )
    report = import_articles(database, folder, now=now)
    assert (report.created, report.updated, report.unchanged, report.failures) == (3, 0, 0, [])
    assert translations(database) == {("en", "title"): "draft", ("en", "title-2"): "published", ("ru", "насос"): "published"}
    with database.reading() as session:
        assert current_generation(session) == 1


def test_importing_again_changes_nothing(database: Database, folder: Path, now: datetime) -> None:
    put(folder, {"a.md": article("a"), "b.md": article("b", updated_at="2026-01-02")})
    import_articles(database, folder, now=now)
    report = import_articles(database, folder, now=now + timedelta(days=1))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    with database.reading() as session:
        assert current_generation(session) == 1
        found = find_translation(session, "a", "en")
        assert found is not None
        assert found.updated_at == now


def test_a_changed_file_updates_its_article_by_its_id(database: Database, folder: Path, now: datetime) -> None:
    import_articles(database, put(folder, {"a.md": article("a"), "b.md": article("b")}), now=now)
    (folder / "a.md").rename(folder / "renamed.md")
    report = import_articles(database, put(folder, {"renamed.md": article("a", "Other", "New.", status="archived")}), now=now)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    with database.reading() as session:
        found = find_translation(session, "a", "en")
        assert found is not None
        assert (found.title, found.body, found.slug, found.status) == ("Other", "New.", "title", Status.ARCHIVED)
        assert published(session, "en", "title") is None
        assert current_generation(session) == 2


def test_drafts_alone_do_not_raise_the_generation(database: Database, folder: Path, now: datetime) -> None:
    import_articles(database, put(folder, {"a.md": article("a", status="draft")}), now=now)
    with database.reading() as session:
        assert current_generation(session) == 0


def test_a_bad_file_is_named_and_stops_nothing(database: Database, folder: Path, now: datetime) -> None:
    put(folder, {"1.md": "# no front matter", "2.md": article("a"), "3.md": article("", "T"), "sub/5.md": article("a", "Again")})
    (folder / "4.md").write_bytes(b"---\nid: x\nlang: en\ntitle: \xff\n---\n")
    report = import_articles(database, folder, now=now)
    assert report.created == 1
    assert [(failure.where, failure.reason.split(":")[0]) for failure in report.failures] == [
        ("1.md", "there is no front matter"),
        ("3.md", "id is missing"),
        ("4.md", "is not UTF-8 at byte 26"),
        ("sub/5.md", "has the id and language of 2.md"),
    ]


def test_a_labelled_set_is_imported_and_its_other_fields_kept(database: Database, tmp_path: Path, now: datetime) -> None:
    rows = [
        {"id": "ru/1", "lang": "ru", "title": "Насос\nгудит", "body": "Воздух.", "category": "насос", "keywords": ["вода"]},
        {"id": "zh/1", "lang": "zh", "title": "水泵", "body": "空气", "category": "", "status": "draft"},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), ""]), "utf-8")
    for source in (path, tmp_path):
        import_articles(database, source, now=now)
        assert translations(database) == {("ru", "насос-гудит"): "published", ("zh", "水泵"): "draft"}
    with database.reading() as session:
        found = find_translation(session, "ru/1", "ru")
        assert found is not None
        assert (found.category, found.extra) == ("насос", "keywords:\n- вода\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("1", "is not a JSON object"),
        ('{"lang": "en", "title": "T"}', "id is missing"),
        ('{"id": 1, "lang": "en", "title": "T"}', "id is not a text"),
        ('{"id": "a", "lang": "en", "title": "T", "body": 1}', "body is not a text"),
        ('{"id": "a", "lang": "en", "title": "T", "body": null}', "body is not a text"),
        ('{"id": "a", "lang": "en", "title": "\\ud800", "body": ""}', "lone surrogate"),
        ('{"id": "a", "lang": "en", "title": "T", "body": "\\u0000"}', "NUL"),
        ("[" * 100_000, "is not JSON"),
        ("\udcff", "is not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_stops_nothing(database: Database, tmp_path: Path, now: datetime, line: str, reason: str) -> None:
    good = '{"id": "good", "lang": "en", "title": "T", "body": ""}'
    (tmp_path / "articles.jsonl").write_bytes(f"{line}\n{good}\n".encode(errors="surrogateescape"))
    report = import_articles(database, tmp_path, now=now)
    assert report.created == 1
    assert [failure.where for failure in report.failures] == ["articles.jsonl line 1"]
    assert reason in report.failures[0].reason


def test_a_path_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    assert list(find_drafts(tmp_path / "missing.md")) == [Failure("missing.md", "No such file or directory")]
    assert list(find_drafts(tmp_path / "missing.jsonl")) == [Failure("missing.jsonl", "No such file or directory")]


def test_many_articles_take_several_short_transactions_and_one_generation(database: Database, folder: Path, now: datetime) -> None:
    put(folder, {f"{number:03}.md": article(f"a{number}") for number in range(imports.BATCH * 2 + 1)})
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    report = import_articles(database, folder, now=now)
    assert report.created == imports.BATCH * 2 + 1
    assert len(commits) == 4
    with database.reading() as session:
        assert current_generation(session) == 1


def test_an_interrupted_import_still_raises_the_generation(database: Database, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, {f"{number:03}.md": article(f"a{number}") for number in range(imports.BATCH + 1)})
    whole = import_formats.read

    def interrupted(*everything: object) -> Reading:
        reading = whole(*everything)  # type: ignore[arg-type]
        return Reading(reading.total, broken_off(reading.items))

    def broken_off(items: Iterator[Item | Failure]) -> Iterator[Item | Failure]:
        yield from islice(items, imports.BATCH)
        raise KeyboardInterrupt

    monkeypatch.setattr(import_formats, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_articles(database, folder, now=now)
    with database.reading() as session:
        assert current_generation(session) == 1
    assert len(translations(database)) == imports.BATCH
