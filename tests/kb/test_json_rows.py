import json
from io import BytesIO

import pytest

from kb.json_rows import JsonError, Row, read_rows


def rows(value: object, name: str = "x.json") -> list[Row]:
    return list(read_rows(BytesIO(json.dumps(value).encode()), name))


def test_rows_are_found_in_every_shape_in_which_they_are_saved() -> None:
    article = {"id": 1, "body": "x", "hierarchy": [{"level": 0, "data": {"name": "n"}}]}
    expected = [Row("articles", article)]
    assert rows({"count": 1, "articles": [article]}) == [*expected, Row("", {"count": 1, "articles": []})]
    assert rows({"articles": {"items": [article]}})[:1] == expected
    assert rows([article], "en/articles-2.json") == expected
    assert rows({"article": article}) == expected
    assert rows(article, "article-1.json") == expected
    assert rows([{"category": {"id": 3}}]) == [Row("categories", {"id": 3})]
    nested = rows({"categories": [{"id": 3, "folders": [{"id": 4, "articles": [article]}]}]})
    assert [(row.kind, row.fields["id"]) for row in nested[:3]] == [("articles", 1), ("folders", 4), ("categories", 3)]


@pytest.mark.parametrize("content", [b"", b"{", b'{"articles": [{"id": 1}, {"id"', b"\xff", b"[" * 1_000_000, b'{"a": ' * 100_000, b"[1e999999]x", b"nothing"])
def test_what_is_no_json_says_so_after_what_was(content: bytes) -> None:
    found = []
    with pytest.raises(JsonError):
        for row in read_rows(BytesIO(content), "x.json"):
            found.append(row)  # noqa: PERF402 - what was given before the fault is looked at
    assert len(found) == content.count(b'{"id": 1}')
