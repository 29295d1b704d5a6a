"""What does not answer a text falls back for texts like it: by others' word only, and never far."""

from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import add_example
from kb.explained_lines import lines
from kb.features import features
from kb.holdings import Remark
from kb.objections import DEEPEST, Objections
from kb.suggest import Suggester
from kb.voices import Speaker, keep_voice

HUM = "The pump hums but no water comes out"
DOUBTFUL = "My pump hums all day"


def keeps(remarks: list[Remark], text: str = HUM) -> dict[int, float]:
    objections = Objections.of_remarks(remarks)
    assert objections is not None
    return objections.keeps(features(text, "en", bounded=True))


def against(network: str | None, text: str = HUM) -> Remark:
    return Remark(text, "en", 1, False, network)


def test_without_an_objection_there_is_nothing_to_keep() -> None:
    assert Objections.of_remarks([Remark(HUM, "en", 1, True, "a")]) is None


def test_one_network_alone_lowers_nothing_however_often_it_objects() -> None:
    assert keeps([against("one")] * 1000) == {}


def test_two_networks_lower_an_article_for_texts_like_theirs_only() -> None:
    remarks = [against("one"), against("two", "My pump hums and no water comes out")]
    assert DEEPEST < keeps(remarks)[1] < 1
    assert keeps(remarks, "Where is my invoice for the last order") == {}


def test_one_of_ours_needs_nobody_else() -> None:
    assert keeps([against(None)])[1] < 1


def test_courtesies_of_who_objects_change_nothing() -> None:
    assert keeps([against(None, f"Hello there! {HUM}. Please help me as soon as possible. Kind regards, Anna")]) == pytest.approx(keeps([against(None)]))


def test_however_many_object_half_is_left() -> None:
    parts = [keeps([against(f"network {number}") for number in range(count)])[1] for count in (2, 3, 10, 200)]
    assert parts == sorted(parts, reverse=True)
    assert parts[-1] >= 1 - DEEPEST


def test_those_who_were_helped_count_against_those_who_were_not() -> None:
    objectors = [against(f"network {number}") for number in range(4)]
    helped = [Remark(HUM, "en", 1, True, f"other {number}") for number in range(8)]
    assert keeps(objectors)[1] < keeps([*objectors, *helped])[1] < 1


def test_what_was_saved_says_the_same(tmp_path: Path) -> None:
    objections = Objections.of_remarks([against("one"), against("two"), against(None, "the pump is loud")])
    assert objections is not None
    objections.save(tmp_path / "objections.npz")
    question = features(HUM, "en", bounded=True)
    assert Objections.load(tmp_path / "objections.npz").keeps(question) == objections.keeps(question)


@pytest.fixture
def rivals(database: Database, now: datetime) -> dict[str, int]:
    """Two articles that both may answer, one a little better, and others."""
    texts = {
        "air": ("The pump hums: air in the hose", "A pump that hums has drawn in air. Lay the hose under water."),
        "filter": ("The pump hums: dirt in the filter", "A pump that hums has a clogged filter. Take the filter out and clean it."),
        "invoice": ("Download an invoice", "Open your orders and press Invoice."),
        "sensor": ("Change the battery of the sensor", "Unscrew the cap of the sensor and put in a new battery."),
        "parcel": ("Track a parcel", "The mail that announces your parcel has a link."),
    }
    with database.writing() as session:
        return {
            name: save_translation(session, external_id=name, language="en", title=title, body=body, status=Status.PUBLISHED, now=now).article_id
            for name, (title, body) in texts.items()
        }


def ranked(database: Database, folder: Path, text: str = HUM) -> list[int]:
    engine = Suggester(database, folder, gate=0.0)
    engine.ensure_ready(lesson=True)
    return [suggestion.article_id for suggestion in engine.suggest("", text).suggestions]


def object_to(database: Database, now: datetime, article: int, networks: range, times: int = 1) -> None:
    with database.writing() as session:
        for network in networks:
            for time in range(times):
                keep_voice(session, DOUBTFUL, "en", article, Speaker(f"{network}-{time}", f"network {network}"), fits=False, now=now)


def test_many_who_object_put_a_rival_before_an_article(database: Database, tmp_path: Path, now: datetime, rivals: dict[str, int]) -> None:
    first, second = ranked(database, tmp_path / "a", DOUBTFUL)[:2]
    assert {first, second} == {rivals["air"], rivals["filter"]}
    object_to(database, now, first, range(1), times=1000)
    assert ranked(database, tmp_path / "b", DOUBTFUL)[:2] == [first, second], "one network alone must not move a rank"
    object_to(database, now, first, range(1, 12))
    assert ranked(database, tmp_path / "c", DOUBTFUL)[:2] == [second, first]


def test_an_explanation_names_what_objections_have_left(database: Database, tmp_path: Path, now: datetime, rivals: dict[str, int]) -> None:
    object_to(database, now, rivals["air"], range(6))
    engine = Suggester(database, tmp_path / "index", gate=0.0)
    engine.ensure_ready(lesson=True)
    told = engine.explain(DOUBTFUL, language="en")
    kept = {candidate.article_id: candidate.kept for candidate in told.candidates}
    assert DEEPEST <= kept.pop(rivals["air"]) < 0.8
    assert set(kept.values()) == {1.0}
    assert sum("objections: customers put it away" in line for line in lines(told)) == 1
    engine.close()


def test_no_number_of_objections_buries_an_article_that_is_far_better(database: Database, tmp_path: Path, now: datetime, rivals: dict[str, int]) -> None:
    text = "How do I download an invoice"
    with database.writing() as session:
        for network in range(200):
            keep_voice(session, text, "en", rivals["invoice"], Speaker(f"v{network}", f"n{network}"), fits=False, now=now)
    assert ranked(database, tmp_path / "index", text)[0] == rivals["invoice"]


def test_thousand_posts_of_one_network_move_no_rank(database: Database, tmp_path: Path, now: datetime, rivals: dict[str, int]) -> None:
    with database.writing() as session:
        add_example(session, "water does not come but it hums", "en", rivals["air"], "staff", now)
        add_example(session, "where do I get my invoice", "en", rivals["invoice"], "staff", now)
    before = ranked(database, tmp_path / "a")
    with database.writing() as session:
        for number in range(1000):
            text = (HUM, f"{HUM} {number}", f"{HUM} and where do I get my invoice")[number % 3]
            keep_voice(session, text, "en", rivals["parcel"], Speaker(f"v{number}", "one network"), now=now)
            keep_voice(session, text, "en", rivals["invoice"], Speaker(f"w{number}", "one network"), now=now)
            keep_voice(session, text, "en", rivals["air"], Speaker(f"x{number}", "one network"), fits=False, now=now)
    assert ranked(database, tmp_path / "b") == before
