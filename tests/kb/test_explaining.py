"""Explaining: what is told adds up to what decided, for every text."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text as sql

from kb import rules
from kb.articles import Status, save_translation
from kb.candidacies import MOST_TERMS
from kb.contributions import KINDS, in_articles, recollect
from kb.database import Database
from kb.examples import add_example
from kb.explaining import _effect, ask
from kb.explanation import Evidence, Explanation, Fate, Kind, Measure, Verdict
from kb.judgement import SIGNS
from kb.readings import Effect
from kb.rules import Draft, RuleKind
from kb.slate import SOURCES
from kb.suggest import Suggester
from kb.word_lists import save_lists
from tests.kb.hostile_texts import HOSTILE, random_texts
from tests.kb.pump_articles import publish_all
from tests.webform.scripts_in_texts import TEXTS as RISKY

ASKED = (
    "my pump hums, no water",
    "The pump hums but no water comes out",
    "I need an invoice with the VAT number for Wi-Fi parcels in winter",
    "у меня гудит насос, воды нет",
    "水泵响了不出水怎么办",
    "error e21 on the display",
    "die Pumpe brummt, kein Wasser",
    "snowman season for my gadget",
    "what is the capital of France and who wrote Hamlet",
)


@pytest.fixture
def taught(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester that knows articles in three languages and past requests, and shows whatever it finds."""
    with database.writing() as session:
        publish_all(session, now)
        for article, words in (("winter", "the snowman is coming for my gadget"), ("pump", "it hums and stays dry"), ("parcel", "the mailman lost my box")):
            number = session.scalar(sql("SELECT id FROM article WHERE external_id = :name"), {"name": article})
            for ending in ("", " again", " since monday", " please help", " today"):
                add_example(session, f"{words}{ending}", "en", number, "staff", now)
    suggester = Suggester(database, tmp_path / "index", gate=0.05)
    suggester.ensure_ready(learn=True)
    yield suggester
    suggester.close()


def whole(evidence: Evidence) -> float:
    return sum(term.adds for term in evidence.terms) + evidence.rest


def of_kind(explanation: Explanation, kind: Kind, place: int = 0) -> Evidence:
    return next(evidence for evidence in explanation.candidates[place].evidence if evidence.kind == kind)


def test_what_would_be_shown_is_exactly_what_is_shown(taught: Suggester) -> None:
    for text in (*ASKED, "", "hello"):
        for interface in ("", "ru"):
            answer, told = taught.suggest("", text, language=interface), taught.explain(text, language=interface)
            # Two runs of the same sums may differ in the last digit of a number, and in nothing else.
            assert [replace(each, score=0.0) for each in told.suggestions] == [replace(each, score=0.0) for each in answer.suggestions]
            assert [each.score for each in told.suggestions] == pytest.approx([each.score for each in answer.suggestions], rel=1e-9)
            assert (told.gate.sure, told.gate.gate) == (pytest.approx(answer.sure, rel=1e-9), answer.gate)
            assert told.language.code == answer.language
            assert [(each.article_id, each.score) for each in told.candidates if each.fate == Fate.SHOWN] == [
                (each.article_id, each.score) for each in told.suggestions
            ]
            assert (told.verdict == Verdict.SHOWN) == bool(answer.suggestions)
            assert (told.verdict == Verdict.NO_QUESTION) == (not answer.engaged)


def test_every_source_belongs_to_a_kind_that_a_writer_understands() -> None:
    assert set(KINDS) == set(SOURCES), "say in kb.contributions.KINDS what a writer knows the new source by"


def test_evidence_adds_up_to_the_total_and_totals_to_the_shares(taught: Suggester) -> None:
    for text in ASKED:
        told = taught.explain(text)
        assert told.candidates
        for each in told.candidates:
            assert sum(evidence.adds for evidence in each.evidence) == pytest.approx(each.total)
            assert [score.source for evidence in each.evidence for score in evidence.scores if score.source not in SOURCES] == []
            assert {score.source for evidence in each.evidence for score in evidence.scores} == set(SOURCES)
        totals, shares = np.array([each.total for each in told.candidates]), np.array([each.share for each in told.candidates])
        assert np.log(shares / shares[0]) == pytest.approx(totals - totals[0], abs=1e-6)


def test_terms_add_up_to_what_their_evidence_adds_and_nothing_is_left_over_but_weak_terms(taught: Suggester) -> None:
    divided = {Kind.TITLE, Kind.WORDS, Kind.PIECES, Kind.INDEX, Kind.NEAREST}
    checked = 0
    for text in ASKED:
        for each in taught.explain(text).candidates:
            for evidence in each.evidence:
                assert evidence.adds == pytest.approx(sum(score.value * score.weight for score in evidence.scores))
                if evidence.measure == Measure.ODDS:
                    assert whole(evidence) == pytest.approx(evidence.odds)
                    continue
                assert whole(evidence) == pytest.approx(evidence.adds)
                if evidence.kind in divided and len(evidence.terms) < MOST_TERMS:
                    assert evidence.rest == pytest.approx(0, abs=1e-5), (text, evidence)
                    checked += bool(evidence.terms)
                if evidence.kind in divided:
                    assert evidence.rest >= -1e-5
    assert checked > 60


def test_the_terms_of_each_source_add_up_to_what_the_slate_says(taught: Suggester) -> None:
    """Not by subtraction: the sums of all terms, strong and weak, are the very numbers that the engine ranks by."""
    engine = taught._keeper.engine()
    assert engine is not None
    for text, language in (
        ("my pump hums, no water", "en"),
        ("у меня гудит насос, воды нет", "ru"),
        ("水泵响了不出水怎么办", "zh"),
        ("snowman for my gadget", "en"),
    ):
        asked = ask(engine, engine.wording(text, language), language)
        slate, room = engine.slates(asked.wording, language, asked.question)[0], engine.rooms_for(language)[0]
        rows = list(range(len(slate.articles)))
        inside = [row for row in rows if slate.places[row] >= 0]
        by_source = in_articles(asked, room, slate, inside)
        assert {"words", "pieces", "index", "like words", "like pieces", "title words", "title pieces"} == set(by_source)
        for source, by_term in by_source.items():
            assert sum(by_term.values(), np.zeros(len(inside))) == pytest.approx(slate.values[inside, SOURCES.index(source)], abs=1e-5), source
        assert engine.classifier is not None
        past = recollect(asked, engine.classifier, slate.articles.tolist())
        assert sum(past.nearest.values(), np.zeros(len(rows))) == pytest.approx(slate.values[:, SOURCES.index("nearest")], abs=1e-5)
        belief = np.exp(past.odds) / np.exp(past.odds).sum()
        linear = slate.values[:, SOURCES.index("linear")]
        assert belief == pytest.approx(linear / linear.sum(), abs=1e-4)
        assert past.neighbours.sum() <= 10


def test_a_word_that_only_past_requests_know_is_named_as_what_carried_an_article(taught: Suggester) -> None:
    told = taught.explain("snowman season")
    assert told.candidates[0].title == "Store the kit in winter"
    assert "snowman" in told.words.unknown
    assert {term.term for term in of_kind(told, Kind.NEAREST).terms} >= {"snowman"}
    linear = of_kind(told, Kind.LINEAR)
    assert linear.measure == Measure.ODDS
    assert linear.terms[0].term.startswith("snowman")
    assert linear.odds > 0
    assert of_kind(told, Kind.VOTES).neighbours == 5
    assert {term.term for term in of_kind(told, Kind.WORDS).terms} == {"≈ season"}  # Winter is a season: nobody has to say so.


def test_the_terms_are_those_that_were_typed(taught: Suggester) -> None:
    told = taught.explain("My Pumps are humming: no water!")
    assert of_kind(told, Kind.WORDS).terms[0].term in {"Pumps", "humming", "no water", "water", "Pumps are"}
    assert {"Pumps", "humming", "water"} == {term.term for term in of_kind(told, Kind.INDEX).terms}
    assert set(told.words.silent) == {"My", "are", "no"}
    assert told.words.unknown == ()


def test_the_signs_and_the_offset_add_up_to_how_sure_one_is(taught: Suggester) -> None:
    for text in ASKED:
        gate = taught.explain(text).gate
        assert {sign.name for sign in gate.signs} == set(SIGNS)
        assert sum(sign.adds for sign in gate.signs) + gate.offset == pytest.approx(gate.leaning)
        assert 1 / (1 + np.exp(-np.clip(gate.leaning, -30, 30))) == pytest.approx(gate.judged)
        assert gate.sure <= gate.judged + 1e-9
        assert gate.is_open == (gate.sure >= gate.gate)
        assert gate.basis == "hand"
    taught.gate = None
    assert taught.explain(ASKED[0]).gate.basis in {"trials", "articles"}


def test_silence_is_explained(taught: Suggester, now: datetime) -> None:
    taught.gate = 0.9999
    told = taught.explain("my pump hums, no water")
    assert (told.verdict, told.suggestions) == (Verdict.UNDER_GATE, ())
    assert {each.fate for each in told.candidates} == {Fate.UNDER_GATE}
    assert told.candidates[0].title == "The pump hums but no water comes out"
    assert taught.explain("hello").verdict == Verdict.NO_QUESTION
    assert taught.explain("").candidates == ()


def test_candidates_that_are_not_shown_say_why(taught: Suggester, now: datetime) -> None:
    told = taught.explain("The pump hums but no water comes out", limit=1)
    assert told.candidates[0].fate == Fate.SHOWN
    assert {each.fate for each in told.candidates[1:]} <= {Fate.SMALL_PART, Fate.NOT_AMONG_BEST, Fate.OTHER_LANGUAGE}
    with taught.database.writing() as session:
        save_translation(session, external_id="hut", language="ru", title="Снеговик", body="Снег.", status=Status.PUBLISHED, now=now)
        number = session.scalar(sql("SELECT id FROM article WHERE external_id = 'hut'"))
        for ending in ("", " now", " today", " again", " please"):
            add_example(session, f"my walrus is hungry{ending}", "en", number, "staff", now)
    taught.ensure_ready(learn=True)
    told = taught.explain("my walrus is hungry")
    assert [each.title for each in told.suggestions if each.elsewhere] == ["Снеговик"]
    taught.gate = 0.999
    told = taught.explain("my walrus is hungry")
    assert [each.title for each in told.candidates if each.fate == Fate.OTHER_LANGUAGE] == ["Снеговик"]
    assert [each.rank for each in told.candidates] == list(range(1, len(told.candidates) + 1))


def test_an_article_withdrawn_a_moment_ago_says_so(taught: Suggester) -> None:
    engine = taught._keeper.engine()
    with taught.database.writing() as session:
        session.execute(sql("UPDATE translation SET status = 'draft'"))
    told = taught.explain("my pump hums, no water")
    assert taught._keeper.engine() is engine
    assert told.verdict == Verdict.WITHDRAWN
    assert {each.fate for each in told.candidates} == {Fate.WITHDRAWN}
    assert told.candidates[0].title == ""


def test_the_passage_and_why_it_is_shown(taught: Suggester) -> None:
    told = taught.explain("how do I get the air bubbles out, water pump flat").candidates[0]
    chosen = told.passages[0]
    assert (chosen.heading, chosen.chosen) == ("Let the air out", True)
    assert {"bubbles", "flat", "water"} <= {term.term for term in chosen.terms}
    assert [passage.chosen for passage in told.passages] == [True, False]
    for passage in told.passages:
        assert sum(term.adds for term in passage.terms) + passage.head_start == pytest.approx(passage.value)
    assert chosen.value >= told.passages[1].value


def test_other_words_that_chose_the_passage_are_named(taught: Suggester) -> None:
    told = taught.explain("how do I get the bubbles out, faucet pump flat").candidates[0]
    assert {"bubbles", "flat", "≈ water"} <= {term.term for term in told.passages[0].terms}


def test_what_would_change_without_each_synonym_is_told(taught: Suggester, now: datetime) -> None:
    with taught.database.writing() as session:
        synonyms = "gizmo = pump\nmoney paper = VAT invoice\nbox => parcel\nwater = liquid"
        save_lists(session, "en", synonyms=synonyms, stop_words="kindly\nwith best regards", version=0, author="a@b.example", now=now)
    taught.ensure_ready()
    told = taught.explain("kindly send me the money paper with best regards")
    assert told.synonyms[0].effect == Effect.ARTICLES
    assert told.synonyms[0].sure_without < told.gate.sure
    taught.gate = (told.synonyms[0].sure_without + told.gate.sure) / 2
    told = taught.explain("kindly send me the money paper with best regards")
    assert told.suggestions[0].title == "I need an invoice with a VAT number"
    assert [(each.rule, each.phrase, each.added, each.effect) for each in told.synonyms] == [
        ("money paper = VAT invoice", "money paper", ("VAT invoice",), Effect.SILENCE)
    ]
    assert told.synonyms[0].sure_without < told.gate.gate <= told.gate.sure
    assert told.synonyms[0].without == ()
    assert told.words.left_out == ("kindly", "with best regards")
    first = told.candidates[0]
    assert {term.term: term.by_synonym for term in of_kind(told, Kind.INDEX).terms} == {"VAT": True, "invoice": True}
    assert [sum(each.adds for each in first.evidence)] == [pytest.approx(first.total)]
    for evidence in first.evidence:
        if evidence.measure == Measure.POINTS:
            assert whole(evidence) == pytest.approx(evidence.adds)
    told = taught.explain("my pump hums but no water comes out of it")
    assert [(each.rule, each.effect) for each in told.synonyms] == [("gizmo = pump", Effect.NOTHING), ("water = liquid", Effect.NOTHING)]
    assert [each.title for each in told.synonyms[0].without] == [each.title for each in told.suggestions]
    assert not any(term.by_synonym for term in of_kind(told, Kind.INDEX).terms)
    assert taught.explain("hello").synonyms == ()


def number_of(suggester: Suggester, external_id: str) -> int:
    with suggester.database.reading() as session:
        return int(session.scalar(sql("SELECT id FROM article WHERE external_id = :name"), {"name": external_id}))


def test_the_rules_that_applied_are_told(taught: Suggester, now: datetime) -> None:
    winter, invoice, pump = (number_of(taught, name) for name in ("winter", "invoice", "pump"))
    asked = "my pump hums, no water"
    with taught.database.writing() as session:
        session.execute(sql("DELETE FROM rule"))
        rules.add(session, Draft(RuleKind.PIN, "Storing", {"en": "pump hums"}, article_id=winter), author="", now=now)
        rules.exclude(session, article_id=invoice)
    taught.rule_book.refresh()
    told = taught.explain(asked)
    assert [(rule.name, rule.kind, rule.phrase, rule.article_id) for rule in told.rules] == [("Storing", RuleKind.PIN, "pump hums", winter)]
    assert [each.article_id for each in told.suggestions][:2] == [winter, pump]
    assert [(each.rank, each.article_id, each.pinned) for each in told.candidates][:2] == [(1, winter, True), (2, pump, False)]
    assert [(each.article_id, each.score) for each in told.candidates if each.fate == Fate.SHOWN] == [
        (each.article_id, each.score) for each in told.suggestions
    ]
    excluded = next(each for each in taught.explain("I need an invoice for my pump").candidates if each.article_id == invoice)
    assert (excluded.fate, excluded.pinned) == (Fate.EXCLUDED, False)
    assert sum(evidence.adds for evidence in excluded.evidence) == pytest.approx(excluded.total)
    taught.gate = 0.9999
    assert taught.explain(asked).verdict == Verdict.SHOWN, "a pinned article passes a gate that is shut"
    with taught.database.writing() as session:
        rules.add(session, Draft(RuleKind.PERSON, "Legal", {"en": "my lawyer"}, topics=("law",)), author="", now=now)
    taught.rule_book.refresh()
    for told in (taught.explain(f"{asked}, my lawyer says"), taught.explain(asked, topic="law")):
        assert (told.verdict, told.suggestions) == (Verdict.TO_PERSON, ())
        assert {each.fate for each in told.candidates} == {Fate.TO_PERSON}
    assert (told.rules[0].name, told.rules[0].topic, told.rules[0].phrase) == ("Legal", "law", "")
    assert taught.explain("lawyer hello, my lawyer").verdict == Verdict.TO_PERSON


def test_an_article_that_only_a_rule_speaks_for_has_no_evidence(taught: Suggester, now: datetime) -> None:
    with taught.database.writing() as session:
        for number in range(30):
            save_translation(session, external_id=f"x{number}", language="en", title=f"Pump and water {number}", body="Hums.", status=Status.PUBLISHED, now=now)
        session.execute(sql("DELETE FROM rule"))
        winter = session.scalar(sql("SELECT id FROM article WHERE external_id = 'winter'"))
        rules.add(session, Draft(RuleKind.PIN, "Storing", {"en": "pump hums"}, article_id=winter), author="", now=now)
    taught.rule_book.refresh()
    taught.ensure_ready()
    first = taught.explain("pump hums water pump water hums").candidates[0]
    assert (first.article_id, first.rank, first.fate, first.pinned, first.evidence) == (winter, 1, Fate.SHOWN, True, ())
    assert first.passages[0].chosen


def test_the_order_and_the_articles_without_a_synonym_are_told_apart() -> None:
    assert [_effect(*each) for each in (([1, 2], [1, 2]), ([1, 2], [2, 1]), ([1, 2], [1]), ([1], []), ([], [1]), ([], []))] == [
        Effect.NOTHING, Effect.ORDER, Effect.ARTICLES, Effect.SILENCE, Effect.ANSWER, Effect.NOTHING,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "interface", "code", "by_text"),
    [
        ("у меня гудит насос", "en", "ru", True),
        ("水泵不出水", "en", "zh", True),
        ("4711 0815", "ru", "ru", False),
        ("my pump is not in the water", "ru", "en", True),
    ],
)
def test_it_says_whether_the_text_or_the_page_decided_the_language(taught: Suggester, text: str, interface: str, code: str, by_text: bool) -> None:
    told = taught.explain(text, language=interface).language
    assert (told.code, told.by_text, told.looked_into) == (code, by_text, (code,))
    other = taught.explain("η αντλία βουίζει χωρίς νερό E-21").language
    assert (other.code, other.has_articles, set(other.looked_into)) == ("el", False, {"en", "ru", "zh"})


def test_before_there_is_an_engine_it_says_so(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suggester = Suggester(database, tmp_path / "index")
    monkeypatch.setattr(suggester._keeper, "engine", lambda **_: None)
    assert suggester.explain("my pump hums").verdict == Verdict.NO_ENGINE
    suggester.close()


def test_without_any_article_nothing_fits(database: Database, tmp_path: Path) -> None:
    suggester = Suggester(database, tmp_path / "index")
    suggester.ensure_ready()
    told = suggester.explain("my pump hums and no water comes")
    assert (told.verdict, told.candidates, told.gate.signs) == (Verdict.NOTHING_FITS, (), ())
    suggester.close()


def test_hostile_texts_are_explained_in_bounded_time_and_raise_nothing(taught: Suggester) -> None:
    many = " ".join(f"{word}{number}" for number in range(400) for word in ("pump", "water", "hums"))
    slowest = 0.0
    for text in (*HOSTILE, *random_texts(60), many, *RISKY[::5]):
        begun = time.process_time()
        told = taught.explain(f"pump {text}", subject=text[:50])
        slowest = max(slowest, time.process_time() - begun)
        assert all(np.isfinite(each.total) for each in told.candidates)
    assert slowest < 2
