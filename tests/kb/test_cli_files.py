import json
from pathlib import Path

from flask import Flask

from webform.cli import webform


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(webform, list(words))
    return result.exit_code, result.stdout, result.stderr


def write(path: Path, identity: str) -> None:
    path.write_text(f"---\nid: {identity}\nlang: en\ntitle: T {identity}\n---\nBody", "utf-8")


def test_articles_go_in_and_come_out_on_the_command_line(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "a.md", "a")
    assert run(app, "kb", "import", str(folder)) == (0, "1 articles created, 0 updated, 0 unchanged, 0 examples added\n", "")
    assert run(app, "kb", "import", str(folder)) == (0, "0 articles created, 0 updated, 1 unchanged, 0 examples added\n", "")
    assert run(app, "kb", "export", str(tmp_path / "out")) == (0, "1 files written, 0 unchanged\n", "")
    assert (tmp_path / "out" / "en" / "t-a.md").read_text("utf-8").endswith("---\nBody")
    assert run(app, "kb", "export", str(tmp_path / "out"), "--format", "zendesk", "--status", "draft")[:2] == (0, "3 files written, 0 unchanged\n")
    assert run(app, "kb", "export", str(tmp_path / "out"), "--format", "zendesk", "--language", "en")[:2] == (0, "2 files written, 3 unchanged\n")
    assert run(app, "kb", "import", str(tmp_path / "out" / "articles-1.json"))[:2] == (0, "0 articles created, 0 updated, 1 unchanged, 0 examples added\n")


def test_an_import_with_a_bad_file_says_which_and_fails(app: Flask, tmp_path: Path) -> None:
    write(tmp_path / "a.md", "a")
    write(tmp_path / "b.md", "")
    code, told, blamed = run(app, "kb", "import", str(tmp_path))
    assert (code, told) == (1, "1 articles created, 0 updated, 0 unchanged, 0 examples added\n")
    assert blamed == "b.md: id is missing\n1 could not be imported\n"


def test_a_labelled_set_brings_its_past_requests(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": "a", "lang": "en", "title": "T", "body": ""}), "utf-8")
    (tmp_path / "requests.jsonl").write_text(json.dumps({"text": "How?", "article_id": "a"}), "utf-8")
    assert run(app, "kb", "import", str(tmp_path))[1] == "1 articles created, 0 updated, 0 unchanged, 1 examples added\n"
    assert run(app, "kb", "import", str(tmp_path / "articles.jsonl"))[1] == "0 articles created, 0 updated, 1 unchanged, 0 examples added\n"


def test_a_path_that_is_not_there_and_a_folder_that_cannot_be_written_fail_in_words(app: Flask, tmp_path: Path) -> None:
    assert run(app, "kb", "import", str(tmp_path / "nothing"))[0] != 0
    write(tmp_path / "a.md", "a")
    run(app, "kb", "import", str(tmp_path))
    (tmp_path / "en").write_text("a file in the way", "utf-8")
    code, _, blamed = run(app, "kb", "export", str(tmp_path))
    assert code == 1
    assert "en" in blamed
    assert "Traceback" not in blamed


def test_a_dry_run_lists_what_would_change(app: Flask, tmp_path: Path) -> None:
    write(tmp_path / "a.md", "a")
    run(app, "kb", "import", str(tmp_path))
    write(tmp_path / "b.md", "b")
    (tmp_path / "a.md").write_text("---\nid: a\nlang: en\ntitle: New\n---\nBody", "utf-8")
    code, told, blamed = run(app, "kb", "import", "--dry-run", str(tmp_path))
    assert (code, blamed) == (0, "")
    assert told.splitlines() == [
        "updated: a en “New” (title)",
        "created: b en “T b”",
        "would be: 1 articles created, 1 updated, 0 unchanged, 0 examples added; nothing was written",
    ]
    found = json.loads(run(app, "kb", "import", "--dry-run", "--json", "--format", "markdown", str(tmp_path))[1])
    assert (found["created"], found["updated"], found["refused"]) == (1, 1, 0)
    assert [change["verdict"] for change in found["changes"]] == ["updated", "created"]
