"""Measuring on labelled sets."""

import json
from pathlib import Path

import pytest
from flask import Flask

from kb.engine import Belief, Candidate
from kb.evaluation import Ranked, figures
from kb.labelled import LabelledSetError, Question, read_labelled_set
from webform.cli import webform

KEYS = {
    "articles", "queries", "no_answer", "recall_at_1", "recall_at_3", "recall_at_5", "mrr", "gate", "shown_share",
    "answered_at_3", "false_show_share", "words_to_hit", "latency_ms", "curve",
}  # fmt: skip
THINGS = ("pump", "invoice", "parcel", "winter", "filter", "button")
PHRASES = ("my {} is broken today", "a question about the {} please", "{} does not do what it should", "where do I find the {}", "the {} is too loud")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Six articles, thirty past requests, and test texts with and without an answer."""
    articles = [{"id": thing, "lang": "en", "title": f"About the {thing}", "body": f"All that is known of a {thing}.", "category": "x"} for thing in THINGS]
    train = [(phrase.format(thing), thing) for thing in THINGS for phrase in PHRASES]
    test = [{"text": f"help with a {thing} at home", "lang": "en", "article_ids": [thing], "split": "test"} for thing in THINGS]
    nothing = [{"text": "who wrote Hamlet in London", "lang": "en", "article_ids": [], "split": "test"}]
    queries = [{"text": text, "lang": "en", "article_ids": [thing], "split": "train"} for text, thing in train]
    _write(tmp_path / "articles.jsonl", articles)
    _write(tmp_path / "queries.jsonl", [*queries, *test, *nothing])
    _write(tmp_path / "requests.jsonl", [{"text": text, "article_id": thing} for text, thing in train])
    (tmp_path / "removed.json").write_text('["pump"]')
    return tmp_path


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def test_the_command_prints_one_object_with_every_figure(app: Flask, labelled: Path) -> None:
    result = app.test_cli_runner().invoke(webform, ["kb", "evaluate", str(labelled), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert set(found) >= KEYS | {"by_language"}
    assert set(found["by_language"]["en"]) == KEYS
    assert (found["articles"], found["queries"], found["no_answer"]) == (6, 7, 1)
    assert found["recall_at_3"] == 1.0
    bounds = {f"{name}_{end}" for name in ("answered_at_3", "false_show_share") for end in ("low", "high")}
    assert all(set(point) == {"gate", "answered_at_3", "false_show_share"} | bounds for point in found["curve"])
    assert [point["gate"] for point in found["curve"]] == sorted(point["gate"] for point in found["curve"])
    first, *_, last = found["curve"]
    assert (first["gate"], first["answered_at_3"], first["answered_at_3_high"]) == (0.0, 1.0, 1.0)
    assert (last["gate"], last["answered_at_3"], last["false_show_share"]) == (1.0, 0.0, 0.0)
    assert set(found["latency_ms"]) == {"p50", "p95", "p99"}


def test_removed_articles_are_forgotten_with_their_requests_and_must_get_nothing(labelled: Path) -> None:
    found = read_labelled_set(labelled, remove=labelled / "removed.json")
    assert len(found.holdings.entries) == 5
    assert len(found.holdings.samples) == 25
    assert found.holdings.trials == ()
    assert sum(not question.articles for question in found.questions) == 2


def test_cold_leaves_past_requests_out_of_learning_and_keeps_them_for_the_gate(labelled: Path) -> None:
    found = read_labelled_set(labelled, cold=True)
    assert found.holdings.samples == ()
    assert len(found.holdings.trials) == 30


def test_figures_count_as_documented() -> None:
    def ranked(right: set[int], articles: tuple[int, ...], sure: float, hit: float | None = None) -> Ranked:
        belief = Belief(sure, tuple(Candidate(article, sure / len(articles)) for article in articles))
        return Ranked(Question("x", "en", frozenset(right)), belief, 0.001, hit)

    answers = [
        ranked({1}, (1, 2), 0.9, 0.5),
        ranked({2}, (1, 2), 0.8, 0.25),
        ranked({3}, (1, 2, 4, 5, 3), 0.9),
        ranked({4}, (4,), 0.1),
        ranked(set(), (1,), 0.9),
        ranked(set(), (1,), 0.2),
    ]
    found = figures(answers, 0.5, 5)
    assert found["recall_at_1"] == 0.5
    assert found["recall_at_3"] == 0.75
    assert found["recall_at_5"] == 1.0
    assert found["mrr"] == round((1 + 1 / 2 + 1 / 5 + 1) / 4, 4)
    assert found["answered_at_3"] == 0.5
    assert found["false_show_share"] == 0.5
    assert found["shown_share"] == round(4 / 6, 4)
    assert found["words_to_hit"] == 0.375


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": "x"}'])
def test_a_damaged_line_is_named(app: Flask, labelled: Path, line: str) -> None:
    with (labelled / "articles.jsonl").open("a") as file:
        file.write("\n" + line)
    with pytest.raises(LabelledSetError, match="line 7"):
        read_labelled_set(labelled)
    result = app.test_cli_runner().invoke(webform, ["kb", "evaluate", str(labelled)])
    assert result.exit_code == 1
    assert "line 7" in result.output


def test_reindex_and_train_tell_facts_and_can_be_repeated(app: Flask) -> None:
    for command in ("reindex", "reindex", "train", "train"):
        result = app.test_cli_runner().invoke(webform, ["kb", command])
        assert result.exit_code == 0, result.output
        assert "generation 0" in result.output
