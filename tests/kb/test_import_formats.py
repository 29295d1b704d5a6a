"""Exports of every known system come in: in three languages, with tables, code, emoji, links and pictures, and never over the network."""

import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.articles import Translation, find_translation
from kb.bundle import open_bundle
from kb.database import Database
from kb.drafts import Status
from kb.import_formats import tell
from kb.import_report import Verdict
from kb.imports import Failure, Report, import_articles
from kb.markdown import render
from kb.picture_bytes import draw
from kb.picture_names import address
from kb.pictures import content_of
from kb.visibility import STAFF, published
from tests.kb.foreign_exports import EXPORTS, TEXTS, VALVE, confluence, put

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLACE = address(draw(VALVE).name)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a connection or an address has failed."""

    def refuse(*_anything: object) -> None:
        raise AssertionError("an import went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def bring(database: Database, folder: Path, now: datetime, **options: object) -> Report:
    return import_articles(database, folder, now=now, **options)  # type: ignore[arg-type]


def found(database: Database, identity: str, language: str) -> Translation:
    with database.reading() as session:
        translation = find_translation(session, identity, language)
    assert translation is not None, (identity, language)
    return translation


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_comes_in_whole_and_a_second_time_changes_nothing(database: Database, tmp_path: Path, now: datetime, name: str) -> None:
    write, pump, other = EXPORTS[name]
    assert tell(open_bundle(write(tmp_path))) == name
    report = bring(database, tmp_path, now)
    assert report.failures == []
    assert (report.created, report.updated, report.pictures) == (5 if name in ("zendesk", "freshdesk") else 4, 0, 1)
    for language, (title, category, advice, colours) in TEXTS.items():
        text = found(database, pump, language)
        assert (text.title, text.category, text.status) == (title, category, Status.PUBLISHED)
        page = render(text.body)
        assert f'<img src="{PLACE}" alt="{advice}" width="60" height="40" loading="lazy">' in page
        assert f'<th scope="col">{colours.replace("&", "&amp;")}</th>' in page
        assert "<td>x | y</td>" in page
        assert f"if x:\n    print(&quot;{advice}&quot;)" in page.replace('"', "&quot;") or f'print("{advice}")' in page
        assert f"<li>{advice}\n<ol>\n<li>1.5 bar</li>" in page
        assert "a*b &lt;script&gt;" in page
        assert "alert" not in text.body
        assert f"[{advice}](article:{other})" in text.body
    draft = found(database, other, "en")
    assert (draft.title, draft.status) == ("Other", Status.DRAFT)
    assert f"(article:{pump}" in draft.body
    with database.reading() as session:
        assert content_of(session, draw(VALVE).name) == draw(VALVE).content
    again = bring(database, tmp_path, now + timedelta(days=1))
    assert (again.created, again.updated, again.unchanged) == (0, 0, report.created)


@pytest.mark.parametrize("name", ["zendesk", "freshdesk", "html"])
def test_dates_and_key_words_come_along(database: Database, tmp_path: Path, now: datetime, name: str) -> None:
    write, pump, _ = EXPORTS[name]
    bring(database, write(tmp_path), now)
    text = found(database, pump, "en")
    assert text.updated_at == CHANGED
    assert "keywords:\n- air\n" in text.extra


@pytest.mark.parametrize("name", ["zendesk", "freshdesk"])
def test_what_only_some_could_read_there_is_for_staff_alone(database: Database, tmp_path: Path, now: datetime, name: str) -> None:
    report = bring(database, EXPORTS[name][0](tmp_path), now)
    text = found(database, f"{name}-103", "en")
    assert text.status == Status.PUBLISHED
    with database.reading() as session:
        assert published(session, "en", text.slug) is None
        assert published(session, "en", text.slug, STAFF) is not None
    assert any("here staff alone can" in note.reason for note in report.notes)


def test_a_space_of_confluence_comes_in(database: Database, tmp_path: Path, now: datetime) -> None:
    assert tell(open_bundle(confluence(tmp_path))) == "confluence"
    report = bring(database, tmp_path, now)
    assert (report.created, report.failures, report.notes) == (4, [], [])
    for number, language in ((101, "en"), (103, "ru"), (104, "zh")):
        text = found(database, f"confluence-{number}", language)
        assert (text.title, text.category) == (TEXTS[language][0], "Pumps")
        assert text.updated_at == datetime(2026, 1, 2, tzinfo=UTC)
        assert f"![{TEXTS[language][2]}]({PLACE})" in text.body
        assert "> [!WARNING]\n> Hot" in text.body
        assert "```java\nint x;\n```" in text.body
        assert f"[{TEXTS[language][2]}](article:confluence-102)" in text.body
        assert "Secret Person" not in text.body
    assert "[x](article:confluence-101) [y](article:confluence-103)" in found(database, "confluence-102", "en").body


def test_an_export_in_a_zip_is_the_same(database: Database, tmp_path: Path, now: datetime) -> None:
    EXPORTS["zendesk"][0](tmp_path / "export")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "export")
    report = bring(database, Path(packed), now)
    assert (report.created, report.failures, report.pictures) == (5, [], 1)
    assert bring(database, tmp_path / "export", now).unchanged == 5


def test_a_dry_run_tells_what_would_change_and_writes_nothing(database: Database, tmp_path: Path, now: datetime) -> None:
    write, pump, _ = EXPORTS["html"]
    first = bring(database, write(tmp_path), now, dry_run=True)
    assert [(change.article, change.language, change.verdict) for change in first.changes if change.article == pump] == [
        (pump, language, Verdict.CREATED) for language in ("en", "ru", "zh")
    ]
    with database.reading() as session:
        assert find_translation(session, pump, "en") is None
        assert content_of(session, draw(VALVE).name) is None
    bring(database, tmp_path, now)
    put(tmp_path, {"en/other.html": "<title>Other</title><meta name=status content=draft><p>New</p>", "en/broken.html": b"<p>\x80\xff"})
    second = bring(database, tmp_path, now, dry_run=True)
    assert (second.created, second.updated, second.unchanged, second.refused) == (0, 1, 3, 1)
    assert [(change.article, change.fields) for change in second.changes if change.verdict is Verdict.UPDATED] == [("other", ("body",))]
    assert [failure.where for failure in second.failures] == ["en/broken.html"]


def test_a_second_text_in_a_language_keeps_its_region(database: Database, tmp_path: Path, now: datetime) -> None:
    home = {"id": 1, "section_id": 5, "draft": False, "source_locale": "en-us", "title": "Colour", "body": "<p>x</p>"}
    put(tmp_path, {"articles.json": {"articles": [{**home, "locale": "en-gb"}, {**home, "locale": "en-us", "title": "Color"}, {**home, "locale": "zh-tw"}]}})
    bring(database, tmp_path, now)
    assert {code: found(database, "zendesk-1", code).title for code in ("en", "en-GB", "zh-TW")} == {"en": "Color", "en-GB": "Colour", "zh-TW": "Colour"}


def test_missing_pictures_are_named_and_their_words_stay(database: Database, tmp_path: Path, now: datetime) -> None:
    body = '<p><img src="https://cdn.example/lost.png" alt="a [lost] one"> <img src="../../etc/passwd" alt="two"> <img src="evil.svg" alt="three"></p>'
    put(tmp_path, {"a.html": f"<title>A</title>{body}", "evil.svg": "<svg onload=alert(1)>", "evil.png": b"<svg onload=alert(1)>"})
    report = bring(database, tmp_path, now)
    assert render(found(database, "a", "en").body) == "<p>a [lost] one two three</p>"
    assert [note.where for note in report.notes] == ["a.html"] * 3
    assert ["lost.png" in report.notes[0].reason, "etc/passwd" in report.notes[1].reason, "SVG" in report.notes[2].reason] == [True, True, True]


@pytest.mark.parametrize(
    ("files", "failures"),
    [
        ({"x.txt": "x"}, [Failure("in", "has no article: neither Markdown nor HTML nor JSON")]),
        ({"x.json": {"a": [{"b": 1}]}}, [Failure("in", "has JSON, but no article as Zendesk, Freshdesk, Intercom or Help Scout give it")]),
    ],
)
def test_what_is_no_export_is_refused_as_a_whole(database: Database, tmp_path: Path, now: datetime, files: dict[str, object], failures: list[Failure]) -> None:
    assert bring(database, put(tmp_path / "in", files), now).failures == failures


def test_a_broken_file_does_not_stop_the_others(database: Database, tmp_path: Path, now: datetime) -> None:
    write, _, _ = EXPORTS["zendesk"]
    row = '{"id": 9, "section_id": 5, "locale": "en-us", "title": %s, "body": %s}'
    put(
        write(tmp_path),
        {
            "broken-1.json": '{"articles": [' + row % ('"Before"', '"<p>x</p>"') + ", {",
            "broken-2.json": "[" * 100_000,
            "broken-3.json": b'{"articles": ["\xff"]}',
            "odd.json": '{"articles": [' + ",".join([row % ("[1]", "{}"), row % ('""', '"x"'), row % ('"T"', '"\\ud800"'), "1", "null", "[]"]) + "]}",
            "deep.json": '{"articles": [' + row % ('"T"', '"' + "<div>" * 1000 + '"') + "]}",
        },
    )
    report = bring(database, tmp_path, now)
    assert report.created == 5 + 1
    reasons = {failure.where.partition(",")[0]: failure.reason for failure in report.failures}
    assert set(reasons) == {"broken-1.json", "broken-2.json", "broken-3.json", "odd.json", "deep.json"}
    assert "nested too deeply" in reasons["broken-2.json"]
    assert "nested too deeply" in reasons["deep.json"]
