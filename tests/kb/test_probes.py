"""The safe default: with few examples the gate follows from the articles themselves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kb.engine import Engine
from kb.holdings import Entry, Holdings, Sample
from kb.imports import Failure, find_drafts
from kb.passages import cut
from kb.probes import FEW_ARTICLES, FEWEST, LENGTH, MOST, make_probes
from kb.sample import FOLDER
from kb.shelf import Shelf
from kb.teaching import study
from kb.workshop import make

OFF_TOPIC = (
    "what is the capital of France and who wrote Hamlet", "do you sponsor local football clubs", "my dog ate a chocolate cake yesterday",
    "is there a vegetarian restaurant nearby", "the birds sing and the sun is out today", "how to learn python programming",
    "I lost my passport at the airport", "your driver was rude and blocked my garage", "quarterly tax declaration form for freelancers",
    "I want to apply for a job as an accountant in your office",
)  # fmt: skip
FALSE_SHOWS = 2
"""Texts of these that may be shown something: one in ten is what the gate promises, and chance may double it."""


def sample_entries(number: int) -> list[Entry]:
    """The first articles of the sample in English."""
    drafts = [found.draft for found in find_drafts(FOLDER / "articles") if not isinstance(found, Failure) and found.draft.language == "en"]
    entries = []
    for place, draft in enumerate(drafts[:number], 1):
        sections = cut(draft.body)
        text = "\n".join([draft.summary, *(f"{section.heading}\n{section.text}" for section in sections)])
        headings = tuple(section.heading for section in sections if section.heading)
        entries.append(Entry(place, place, "en", draft.title, draft.category, headings, text, place))
    return entries


def teach(folder: Path, entries: Sequence[Entry], samples: Sequence[Sample]) -> Engine:
    holdings = Holdings(1, tuple(entries), tuple(samples))
    untaught = make(Shelf(folder / "index"), holdings, None)
    return make(Shelf(folder / "index"), holdings, untaught, study(untaught.rooms, holdings))


def requests(entries: Sequence[Entry], number: int) -> list[Sample]:
    """Texts as customers write them: a few words of an article, and a few of their own."""
    own = ("please can somebody tell me", "hello since yesterday", "thank you in advance for help with", "I have tried everything about")
    made = []
    for place in range(number):
        entry = entries[place % len(entries)]
        words = entry.title.split()[place // len(entries) % 2 :][:4]
        made.append(Sample(f"{own[place % len(own)]} {' '.join(words)}", entry.article_id, "en"))
    return made


@pytest.mark.parametrize(("articles", "examples"), [(1, 0), (1, 19), (2, 1), (3, 5), (12, 0), (12, 1), (12, 5), (12, 19), (12, 20)])
def test_with_few_examples_titles_are_shown_and_texts_about_something_else_are_not(tmp_path: Path, articles: int, examples: int) -> None:
    entries = sample_entries(articles)
    engine = teach(tmp_path, entries, requests(entries, examples))
    gate = engine.judgement.gate
    assert engine.judgement.basis == "articles"
    for entry in entries:
        shown = [candidate.article_id for candidate in engine.believe(entry.title, "en", 3).shown(gate, 3)]
        assert entry.article_id in shown, entry.title
    assert sum(bool(engine.believe(text, "en", 3).shown(gate, 3)) for text in OFF_TOPIC) <= FALSE_SHOWS


def test_a_single_example_does_not_make_every_text_look_like_it(tmp_path: Path) -> None:
    entries = sample_entries(5)
    before, after = (teach(tmp_path / str(number), entries, requests(entries, number)) for number in (0, 1))
    shown = [[bool(engine.believe(text, "en", 3).shown(engine.judgement.gate, 3)) for text in OFF_TOPIC] for engine in (before, after)]
    assert sum(shown[1]) <= sum(shown[0]) + 1


def test_titles_without_a_text_are_probed_too(tmp_path: Path) -> None:
    titles = ("The pump hums", "Where is my parcel", "An invoice with a VAT number", "Connect to Wi-Fi", "Store the kit in winter", "Replace a dripper")
    entries = [Entry(place, place, "en", title, "", (), "", place) for place, title in enumerate(titles, 1)]
    engine = teach(tmp_path, entries, [])
    assert [engine.believe(title, "en", 3).shown(engine.judgement.gate, 1)[0].article_id for title in titles] == [1, 2, 3, 4, 5, 6]


def test_without_an_article_nothing_is_derived_and_nothing_shown(tmp_path: Path) -> None:
    engine = teach(tmp_path, [], [])
    assert engine.believe("the pump hums", "en", 3).shown(engine.judgement.gate, 3) == ()


@pytest.mark.parametrize("number", [1, 4, 41])
def test_every_article_is_probed_and_each_round_has_articles_of_its_own(number: int) -> None:
    rounds = list(make_probes(sample_entries(number), np.random.default_rng(1)))
    probes = [probe for part in rounds for probe in part]
    assert {probe.article_id for probe in probes} == set(range(1, number + 1))
    assert sum(len({probe.article_id for probe in part}) for part in rounds) == number
    assert FEWEST <= len(probes) <= MOST
    assert all(bool(probe.strange) == (number < FEW_ARTICLES) for probe in probes)
    assert all(len(probe.text.split()) <= LENGTH for probe in probes)


def test_chinese_is_probed_by_characters() -> None:
    entries = [Entry(place, place, "zh", "水泵在响，但是不出水", "", (), "把水泵平放在水下二十秒，直到没有气泡。", place) for place in range(1, 7)]
    probes = [probe.text for part in make_probes(entries, np.random.default_rng(1)) for probe in part]
    known = set(entries[0].title + entries[0].text)
    assert all(" " not in text for text in probes)
    assert 0.35 < sum(letter in known for text in probes for letter in text) / sum(map(len, probes)) < 0.65
