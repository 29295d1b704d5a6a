from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given

from kb.drafts import ArticleError, Draft, Status
from kb.front_matter import read, write
from tests.kb.article_texts import DRAFTS


@given(DRAFTS)
def test_what_is_written_is_read_back_to_the_letter(draft: Draft) -> None:
    text = write(draft)
    assert read(text) == draft
    assert write(read(text)) == text


def test_a_file_reads_like_one_that_a_person_wrote() -> None:
    draft = read("---\nid: filter\nlang: no\ntitle: 3: Clean the filter\n---\n\nBody\n".replace("3: C", "'3: C").replace("filter\n---", "filter'\n---"))
    assert (draft.external_id, draft.language, draft.title, draft.body) == ("filter", "no", "3: Clean the filter", "\nBody\n")
    assert (draft.slug, draft.category, draft.summary, draft.status, draft.updated_at, draft.extra) == ("", "", "", Status.PUBLISHED, None, "")


def test_scalars_are_taken_as_they_are_written() -> None:
    draft = read("---\nid: 007\nlang: en\ntitle: yes\ncategory: 2026-11-22\nsummary: null\n---\n")
    assert (draft.external_id, draft.title, draft.category, draft.summary) == ("007", "yes", "2026-11-22", "null")


def test_line_ends_of_windows_and_a_byte_order_mark_are_read() -> None:
    draft = read("\ufeff---\r\nid: a\r\nlang: en\r\ntitle: T\r\n---\r\nline\r\n\r\n")
    assert (draft.title, draft.body) == ("T", "line\r\n\r\n")


def test_a_body_may_begin_with_a_rule_or_be_missing() -> None:
    assert read("---\nid: a\nlang: en\ntitle: T\n---\n---\nx\n---\n").body == "---\nx\n---\n"
    assert read("---\nid: a\nlang: en\ntitle: T\n---").body == ""


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T10:00:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00+03:00", datetime(2026, 11, 22, 7, tzinfo=UTC)),
        ("2026-11-22 10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_utc_unless_it_says_otherwise(written: str, moment: datetime) -> None:
    assert read(f"---\nid: a\nlang: en\ntitle: T\nupdated_at: {written}\n---\n").updated_at == moment


def test_unknown_keys_come_back_in_the_export() -> None:
    text = "---\nid: a\nlang: en\ntitle: T\ntags: [pump, 2]\nreviewed: 2026-11-22\nowner: {name: Ann}\n---\nBody"
    written = write(read(text))
    assert "tags:\n- pump\n- 2\nreviewed: 2026-11-22\nowner:\n  name: Ann\n---\nBody" in written
    assert write(read(written)) == written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no front matter"),
        ("# Just Markdown", "no front matter"),
        ("---\nid: a\n", "no front matter"),
        ("---\nid: [a\n---\n", "not YAML: .* in line"),
        ("---\nid: a\n\tlang: en\n---\n", "not YAML"),
        ("---\njust words\n---\n", "not a list"),
        ("---\n- a\n---\n", "not a list"),
        ("---\n---\n", "not a list"),
        ("---\nlang: en\ntitle: T\n---\n", "id is missing"),
        ("---\nid: a\ntitle: T\n---\n", "lang is missing"),
        ("---\nid: a\nlang: en\ntitle:\n---\n", "title is missing"),
        ("---\nid: [a]\nlang: en\ntitle: T\n---\n", "id is not a text"),
        ("---\nid: a\nlang: en\ntitle: T\nstatus: live\n---\n", "status is 'live', but can only be draft, review, published, archived"),
        ("---\nid: a\nlang: en\ntitle: T\nupdated_at: tomorrow\n---\n", "updated_at is 'tomorrow'"),
        ("---\nid: a\nlang: en\ntitle: T\nupdated_at: 0001-01-01T00:00:00+23:00\n---\n", "updated_at is"),
        ("---\nid: a\nlang: en\ntitle: T\nwhen: 2026-99-99\n---\n", "not YAML"),
        ("---\nid: a\nlang: en\ntitle: T\nx: !!python/object/apply:os.system [ls]\n---\n", "not YAML"),
        ("---\nid: a\nlang: klingon!\ntitle: T\n---\n", "lang is not a language code"),
        (f"---\nid: a\nlang: en\ntitle: T\nx: {'[' * 5000}\n---\n", "front matter is not YAML"),
        (f"---\nid: a\nlang: en\ntitle: T\nx: {'y' * 60_000}\n---\n", "longer than"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        read(text)


def test_rare_line_breaks_in_other_fields_survive() -> None:
    source = '---\nid: a\nlang: en\ntitle: A\n"one\\N two": "three\\L four\\P"\n---\nText.\n'
    draft = read(source)
    assert yaml.safe_load(draft.extra or "") == {"one\x85 two": "three\u2028 four\u2029"}
    assert read(write(draft)).extra == draft.extra
