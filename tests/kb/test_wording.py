"""How a text is read with the lists of staff, and what the engines make of that."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import add_example
from kb.features import MOST_CHARACTERS, OTHER_WORDING
from kb.keeper import Keeper
from kb.suggest import Suggester
from kb.synonyms import Why
from kb.word_lists import lists_of, save_lists
from kb.wording import Words, read_stop_words
from tests.kb.pump_articles import publish_all

MONEY = {
    "en": ("Something was charged by mistake", "We pay within five days.\n\n## The way\n\nYou get the money back on the card that was charged.", "wallet"),
    "ru": ("Ошибочный платёж", "Мы платим за пять дней.\n\n## Путь\n\nВозврат средств идёт на карту.", "wallet"),
    "zh": ("付错了怎么处理", "五天之内到账。\n\n## 办法\n\n退款回到付款的银行卡。", "wallet"),
}


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester that knows a few articles in three languages, one of them about money in each."""
    with database.writing() as session:
        publish_all(session, now)
        for language, (title, body, category) in MONEY.items():
            save_translation(session, external_id="money", language=language, title=title, body=body, category=category, status=Status.PUBLISHED, now=now)
    suggester = Suggester(database, tmp_path / "index", gate=0.05)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


def save(suggester: Suggester, now: datetime, language: str, *, synonyms: str = "", stop_words: str = "") -> None:
    with suggester.database.writing() as session:
        version = lists_of(session, language).version
        save_lists(session, language, synonyms=synonyms, stop_words=stop_words, version=version, author="Anna", now=now)


def titles(suggester: Suggester, text: str) -> list[str]:
    return [each.title for each in suggester.suggest("", text).suggestions]


@pytest.mark.parametrize(
    ("language", "text", "synonyms", "marked"),
    [
        ("en", "refund, reimbursement", "refund = money back", "money back"),
        ("ru", "хочу сторнирование заказа", "сторнирование => возврат средств", "Возврат средств"),
        ("zh", "我想拿回货款", "拿回货款 = 退款", "退款"),
    ],
)
def test_a_synonym_finds_and_marks_what_no_word_of_the_text_would(
    ready: Suggester, now: datetime, language: str, text: str, synonyms: str, marked: str
) -> None:
    title = MONEY[language][0]
    ready.gate = 0.0
    before = ready.suggest("", text)
    assert not any(each.highlights for each in before.suggestions if each.title == title)
    save(ready, now, language, synonyms=synonyms)
    ready.ensure_ready()
    after = ready.suggest("", text)
    assert after.suggestions[0].title == title
    assert after.sure > before.sure
    first = after.suggestions[0]
    assert set(marked.split()) <= {first.passage[start:end] for start, end in first.highlights}


def test_a_synonym_of_another_language_does_nothing(ready: Suggester, now: datetime) -> None:
    save(ready, now, "ru", synonyms="boodle = money back")
    engine = ready.ensure_ready()
    assert "en" in engine.languages
    assert MONEY["en"][0] not in titles(ready, "boodle, snaffle")


def test_within_two_seconds_every_process_has_a_change(ready: Suggester, now: datetime) -> None:
    other = Suggester(ready.database, ready.folder, gate=0.05)
    other.ensure_ready()
    save(ready, now, "en", synonyms="refund = money back")
    begun = time.monotonic()
    while any(MONEY["en"][0] not in titles(each, "refund, reimbursement") for each in (ready, other)) and time.monotonic() - begun < 30:
        time.sleep(0.05)
    taken = time.monotonic() - begun
    other.close()
    assert taken < 2


def test_a_change_takes_the_articles_over_as_they_are(ready: Suggester, now: datetime) -> None:
    def files() -> set[tuple[str, int]]:
        current = ready.folder / (ready.folder / "CURRENT").read_text()
        return {(str(path.relative_to(current)), path.stat().st_ino) for path in current.rglob("*") if path.is_file() and path.name != "manifest.json"}

    before = files()
    save(ready, now, "en", synonyms="refund = money back")
    ready.ensure_ready()
    assert {each for each in files() if "classifier" not in each[0]} == {each for each in before if "classifier" not in each[0]}


def test_a_process_that_starts_later_finds_the_words_on_the_shelf(ready: Suggester, now: datetime, tmp_path: Path) -> None:
    save(ready, now, "en", synonyms="refund = money back", stop_words="gadget")
    ready.ensure_ready()
    keeper = Keeper(ready.database, ready.folder)
    engine = keeper.ensure()
    keeper.close()
    wording = engine.wording("refund of a gadget", "en")
    assert (wording.added, wording.silent) == ("money back of a       ", ("gadget",))


def test_each_engine_hears_of_synonyms_and_for_less_than_of_typed_words(ready: Suggester, now: datetime) -> None:
    save(ready, now, "en", synonyms="refund = money back")
    keeper = Keeper(ready.database, ready.folder)
    engine = keeper.ensure()
    keeper.close()
    room = engine.rooms["en"]
    assert room.index is not None
    assert max(room.index.fits("refund", "money back").plain().values()) == max(room.index.fits("money back").plain().values()) / 2
    assert room.index.fits("refund").plain() == {}
    question, typed = (engine.question(engine.wording(text, "en"), "en") for text in ("refund", "money back"))
    assert question.word_counts.min() == question.piece_counts.min() == pytest.approx(OTHER_WORDING)
    assert set(typed.words) <= set(question.words)


def test_past_requests_are_found_by_synonyms_too(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        winter = save_translation(
            session, external_id="winter", language="en", title="Store the kit in winter", body="Dry and warm.", status=Status.PUBLISHED, now=now
        ).article_id
        for number in range(8):
            add_example(session, f"a snowman is coming, visit {number}", "en", winter, "staff", now)
    ready.ensure_ready(learn=True)
    text = "yeti tomorrow"
    before = ready.suggest("", text, language="en")
    save(ready, now, "en", synonyms="yeti => snowman coming")
    ready.ensure_ready()
    after = ready.suggest("", text, language="en")
    assert after.suggestions[0].article_id == winter
    assert after.sure > before.sure


def test_the_search_page_knows_synonyms(ready: Suggester, now: datetime) -> None:
    assert ready.search("refund", language="en").total == 0
    save(ready, now, "en", synonyms="refund = money back")
    ready.ensure_ready()
    page = ready.search("refund", language="en")
    assert page.hits[0].title == MONEY["en"][0]
    assert "<mark>money</mark> <mark>back</mark>" in page.hits[0].snippet_html


def test_a_text_of_words_that_say_nothing_is_not_looked_up(ready: Suggester, now: datetime) -> None:
    assert ready.suggest("", "my garden idol, the pump").engaged
    save(ready, now, "en", stop_words="my garden idol")
    ready.ensure_ready()
    assert not ready.suggest("", "My garden idol, the pump").engaged
    assert ready.suggest("", "My garden idol, the pump hums").suggestions[0].title == "The pump hums but no water comes out"


def test_words_that_say_nothing_lead_to_no_article(ready: Suggester, now: datetime) -> None:
    text = "zebra stripes, sent from my charged card"
    assert titles(ready, text)[:1] == [MONEY["en"][0]]
    sure = ready.suggest("", text).sure
    save(ready, now, "en", stop_words="sent from my charged card")
    ready.ensure_ready()
    assert ready.suggest("", text).sure < sure
    assert MONEY["en"][0] not in titles(ready, text)


def test_hostile_lists_hold_nobody_up(ready: Suggester, now: datetime) -> None:
    synonyms = "\n".join(f"pump {number} = {' '.join('wq' * 3 for _ in range(10))} {number}, water {number}" for number in range(900))
    save(ready, now, "en", synonyms=synonyms, stop_words="\n".join(f"thing{number}" for number in range(900)))
    ready.ensure_ready()
    for text in ("pump 1 " * 3000, "\ud800 pump 5", "pump\x00 7 water", ""):
        begun = time.process_time()
        ready.suggest("", text)
        assert time.process_time() - begun < 2


def test_synonyms_stand_in_the_places_of_what_they_stand_for() -> None:
    words = Words("en", "refund = money back, reimbursement\nparcel => package", "")
    wording = words.word("a refund for my parcel")
    assert wording.text == "a refund for my parcel"
    assert wording.added == "a money back for my package\nreimbursement"
    assert [each.rule for each in wording.fired] == ["refund = money back = reimbursement", "parcel => package"]


def test_words_that_say_nothing_are_blanked_and_everything_else_keeps_its_place() -> None:
    words = Words("en", "", "gadget, sent from my phone")
    wording = words.word("My Gadgets hum. Sent from my phone")
    assert wording.text == "My         hum.                   "
    assert wording.silent == ("Gadgets", "Sent from my phone")
    assert (wording.added, wording.fired) == ("", ())


def test_a_phrase_with_a_synonym_keeps_the_words_that_alone_say_nothing() -> None:
    wording = Words("en", "money back = refund", "back").word("money back, and back again")
    assert wording.text == "money back, and      again"
    assert wording.added == "refund, and      again"


def test_chinese_pieces_are_blanked_in_the_middle_of_a_run() -> None:
    assert Words("zh", "", "麻烦帮忙").word("麻烦帮忙看一下水泵").text == "    看一下水泵"


def test_a_synonym_left_out_changes_nothing_else() -> None:
    words = Words("en", "refund = money back\nparcel = package", "")
    without = words.word("refund for a parcel", without={"refund = money back"})
    assert without.added == "refund for a package"
    assert words.word("refund", without={"refund = money back"}).added == ""


def test_both_wordings_give_terms_to_mark() -> None:
    assert {"refund", "money", "back"} <= Words("en", "refund = money back", "").word("refund").wanted("en").keys()


def test_a_long_text_is_looked_at_no_further_than_the_engines_look() -> None:
    text = "x " * (MOST_CHARACTERS // 2) + "refund"
    wording = Words("en", "refund = money back", "").word(text)
    assert (wording.text, wording.added) == (text, "")


def test_a_faulty_stop_word_is_named() -> None:
    phrases, faults = read_stop_words("gadget, thing\n水\n", "zh")
    assert phrases == ["gadget", "thing"]
    assert [(fault.line, fault.why, fault.part) for fault in faults] == [(2, Why.TOO_SHORT, "水")]


def test_what_a_synonym_adds_counts_less_than_what_was_typed() -> None:
    assert 0 < OTHER_WORDING < 1


def test_what_staff_keep_apart_finds_nothing_and_carries_nothing(ready: Suggester, now: datetime) -> None:
    title, text = MONEY["en"][0], "refund, reimbursement"

    def carried() -> set[str]:
        return {term.term for each in ready.explain(text).candidates if each.title == title for kind in each.evidence for term in kind.terms}

    ready.gate = 0.0
    ready.ensure_ready()
    before = ready.suggest("", text)
    assert before.suggestions[0].title == title
    assert any("≈" in term for term in carried())
    save(ready, now, "en", synonyms="refund, reimbursement, reimburse != money back")
    ready.ensure_ready()
    assert ready.suggest("", text).sure < before.sure
    assert not any("≈" in term for term in carried())
