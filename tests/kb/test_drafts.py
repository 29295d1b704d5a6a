from datetime import datetime
from typing import Any

import pytest

from kb.drafts import ArticleError, Draft, is_language

GOOD: dict[str, Any] = {"external_id": "filter", "language": "en", "title": "Clean the filter", "body": "Rinse it."}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"external_id": ""}, "id is missing"),
        ({"external_id": "x" * 201}, "id is longer than 200"),
        ({"title": "  "}, "title is missing"),
        ({"title": "a\nb"}, "line break"),
        ({"title": "a\u2028b"}, "line break"),
        ({"title": "x" * 301}, "title is longer than 300"),
        ({"title": "\ud83d"}, "lone surrogate"),
        ({"category": "x" * 101}, "category is longer"),
        ({"category": "a\tb"}, "control character"),
        ({"summary": "x" * 2001}, "summary is longer"),
        ({"body": "a\0b"}, "NUL"),
        ({"body": "\udc00"}, "position 0"),
        ({"body": "x" * 100_001}, "body is longer"),
        ({"body": "я" * 50_001}, "100 kB"),
        ({"language": ""}, "lang is not"),
        ({"language": "english!"}, "lang is not"),
        ({"language": "en-" + "x" * 14}, "lang is not"),
        ({"updated_at": datetime(2026, 11, 22)}, "time zone"),  # noqa: DTZ001 - the naive time is the point
    ],
)
def test_a_draft_that_cannot_be_kept_says_why(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        Draft(**(GOOD | wrong))


def test_a_draft_may_have_everything_that_can_be_kept() -> None:
    Draft(**(GOOD | {"body": "\r\n\t\x01🙂" + "x" * 90_000, "summary": "two\nlines", "category": "Насос", "language": "zh-Hans-CN"}))


@pytest.mark.parametrize(("code", "fits"), [("en", True), ("zh-CN", True), ("sr-Latn", True), ("e", False), ("en_GB", False), ("\0", False), ("en\n", False)])
def test_a_language_code_is_recognised(code: str, fits: bool) -> None:
    assert is_language(code) is fits
