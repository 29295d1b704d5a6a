import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from kb.articles import find_article, store
from kb.database import Database
from kb.drafts import Draft
from kb.example_files import load_examples
from kb.examples import Example


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"text": "pump hums ", "article_id": "a"},
        {"text": "какая погода", "lang": "ru", "article_id": None},
        {"text": "pump hums", "article_id": "a"},
        {"text": "lost", "article_id": "nowhere"},
        {"text": " ", "article_id": "a"},
        {"text": "\x00", "article_id": "a"},
        {"text": 3, "article_id": "a"},
        {"text": "x", "article_id": ["a"]},
        {"text": "x" * 20_001},
    ]
    path = tmp_path / "requests.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n{\n", "utf-8")
    return path


def test_examples_are_loaded_once_and_bad_lines_named(database: Database, file: Path, now: datetime) -> None:
    with database.writing() as session:
        store(session, Draft("a", "en", "Pump", "Air."), now=now)
        added, failures = load_examples(session, file, source="import", now=now)
        article = find_article(session, "a")
        assert article is not None
        found = {(each.text, each.language, each.article_id, each.source) for each in session.scalars(select(Example))}
    assert added == 2
    assert found == {("pump hums", "", article.id, "import"), ("какая погода", "ru", None, "import")}
    assert [failure.where.removeprefix("requests.jsonl ") for failure in failures] == [f"line {number}" for number in (4, 5, 6, 7, 8, 9, 10)]
    with database.writing() as session:
        assert load_examples(session, file, source="import", now=now)[0] == 0
