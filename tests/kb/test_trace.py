"""The trace: what is kept of a change, and how it is found again."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from kb import trace
from kb.database import Database
from kb.trace import Asked, record

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_only_the_fields_that_differ_are_kept(database: Database) -> None:
    with database.writing() as session:
        before = {"title": "Air", "category": "Pump"}
        deed = record(session, actor="a@x.example", action="changed", subject="article:air/en", before=before, after=before | {"title": "The air"}, now=NOON)
        assert deed is not None
        assert (deed.before, deed.after, deed.kind, deed.name, deed.fields) == ({"title": "Air"}, {"title": "The air"}, "article", "air/en", ["title"])


def test_a_change_that_changes_nothing_is_not_kept_but_a_deed_without_fields_is(database: Database) -> None:
    with database.writing() as session:
        assert record(session, actor="a", action="changed", subject="rule:1", before={"name": "x"}, after={"name": "x"}, now=NOON) is None
        assert record(session, actor="a", action="password", subject="staff:b", now=NOON)
    with database.reading() as session:
        assert [deed.action for deed in trace.page(session, Asked()).deeds] == ["password"]


def test_a_long_text_becomes_length_and_digest_and_a_list_what_went_and_came(database: Database) -> None:
    secret = "Anna lives at Elm Street. " * 20
    with database.writing() as session:
        record(
            session, actor="a", action="changed", subject="x:1", before={"body": "", "lines": ["a", "b"]}, after={"body": secret, "lines": ["b", "c"]}, now=NOON
        )
    with database.reading() as session:
        (deed,) = trace.page(session, Asked()).deeds
    assert deed.before == {"body": "", "lines": ["a"]}
    assert deed.after == {"body": {"length": len(secret), "sha256": deed.after["body"]["sha256"]}, "lines": ["c"]}  # type: ignore[index]
    with database.writing() as session:
        moved = record(session, actor="a", action="changed", subject="x:1", before={"lines": ["a", "b"]}, after={"lines": ["b", "a"]}, now=NOON)
        assert moved
        assert (moved.before, moved.after) == ({"lines": ["a", "b"]}, {"lines": ["b", "a"]})
    assert "Elm" not in json.dumps(deed.after)


@pytest.mark.parametrize(
    "value", ["\0", "\ud800", "😀" * 500, float(2), float("nan"), 10**40, {1, 2}, NOON, None, [["x" * 900]], range(3), list(range(100_000))]
)
def test_any_value_can_be_kept_and_does_not_grow(database: Database, value: object) -> None:
    with database.writing() as session:
        record(session, actor="x" * 999, action="y" * 999, subject="z:\0" * 999, before={"field": "other"}, after={"field": value}, now=NOON)
    with database.reading() as session:
        (deed,) = trace.page(session, Asked()).deeds
    assert len(json.dumps(deed.after)) < 2000


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(), ["4", "3", "2", "1"]),
        (Asked(actor="anna"), ["3", "1"]),
        (Asked(kind="rule"), ["4", "2"]),
        (Asked(subject="article:1"), ["1"]),
        (Asked(first=date(2026, 11, 23)), ["4", "3", "2"]),
        (Asked(last=date(2026, 11, 23)), ["2", "1"]),
        (Asked(first=date.min, last=date.max), ["4", "3", "2", "1"]),
        (Asked(actor="anna", kind="article", first=date(2026, 11, 24), last=date(2026, 11, 24)), ["3"]),
    ],
)
def test_deeds_are_found_by_person_kind_and_days_the_last_one_first(database: Database, asked: Asked, found: list[str]) -> None:
    with database.writing() as session:
        for number, (actor, kind) in enumerate([("anna", "article"), ("boris", "rule"), ("anna", "article"), ("boris", "rule")], 1):
            record(session, actor=actor, action="changed", subject=f"{kind}:{number}", now=NOON + timedelta(days=number - 1))
            session.flush()
    with database.reading() as session:
        assert [deed.name for deed in trace.page(session, asked).deeds] == found
        assert (trace.actors(session), trace.kinds(session)) == (["anna", "boris"], ["article", "rule"])
    assert [deed.name for deed in trace.stream(database, asked)] == found


def test_pages_follow_each_other_and_a_stream_crosses_its_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "BATCH", 3)
    with database.writing() as session:
        for number in range(7):
            record(session, actor="a", action="changed", subject=f"rule:{number}", now=NOON)
            session.flush()
    with database.reading() as session:
        pages = [trace.page(session, Asked(), number=number, per_page=3) for number in (1, 2, 3, 99)]
    assert [[deed.name for deed in each.deeds] for each in pages] == [["6", "5", "4"], ["3", "2", "1"], ["0"], ["0"]]
    assert (pages[0].total, pages[0].pages, pages[3].number) == (7, 3, 3)
    assert [deed.name for deed in trace.stream(database, Asked())] == ["6", "5", "4", "3", "2", "1", "0"]
