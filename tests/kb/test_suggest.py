"""The suggester as the form sees it."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import add_example
from kb.suggest import Suggester
from tests.kb.hostile_texts import HOSTILE, random_texts
from tests.kb.pump_articles import publish_all

SCRIPTS = {
    "en": ("The pump hums but no water comes out", "Lay the pump flat under water.", "pump hums without water"),
    "ru": ("Насос гудит, а вода не идёт", "Положите насос на бок под воду.", "насос гудит, воды нет"),
    "zh": ("水泵在响，但是不出水", "把水泵平放在水下二十秒。", "水泵响但不出水"),
    "ja": ("ポンプの音はするが水が出ない", "ポンプを水の中で横にしてください。", "ポンプから水が出ない"),
    "ko": ("펌프 소리는 나지만 물이 나오지 않습니다", "펌프를 물속에 눕히세요.", "펌프 물이 나오지 않습니다"),
    "ar": ("المضخة تعمل ولا يخرج الماء", "ضع المضخة تحت الماء.", "المضخة لا يخرج منها الماء"),
    "he": ("המשאבה מזמזמת אבל המים לא יוצאים", "הניחו את המשאבה מתחת למים.", "המשאבה מזמזמת ואין מים"),
    "el": ("Η αντλία βουίζει αλλά δεν βγαίνει νερό", "Βάλτε την αντλία μέσα στο νερό.", "η αντλία βουίζει χωρίς νερό"),
    "th": ("ปั๊มมีเสียงแต่น้ำไม่ไหล", "วางปั๊มนอนใต้น้ำ", "ปั๊มน้ำไม่ไหล"),
    "de": ("Die Pumpe brummt, aber es kommt kein Wasser", "Legen Sie die Pumpe flach ins Wasser.", "meine Pumpe brummt und es kommt kein Wasser"),
}


@pytest.fixture
def ready(database: Database, tmp_path: Path, now: datetime) -> Iterator[Suggester]:
    """A suggester that knows a handful of articles in three languages and shows whatever it finds."""
    with database.writing() as session:
        publish_all(session, now)
    suggester = Suggester(database, tmp_path / "index", gate=0.05)
    suggester.ensure_ready()
    yield suggester
    suggester.close()


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [
        ("my pump hums, no water", "en", "The pump hums but no water comes out"),
        ("у меня гудит насос, воды нет", "ru", "Насос гудит, а вода не идёт"),
        ("水泵响了不出水怎么办", "zh", "水泵在响，但是不出水"),
        ("error e21 on the display", "en", "Connect the controller to Wi-Fi"),
    ],
)
def test_the_language_of_the_text_decides_which_article_is_first(ready: Suggester, text: str, language: str, title: str) -> None:
    answer = ready.suggest("", text, language="ru")
    assert answer.engaged
    assert answer.language == language
    first = answer.suggestions[0]
    assert (first.title, first.language, first.rank) == (title, language, 1)
    assert 0 < first.score <= 1


def test_subject_and_message_are_both_read(ready: Suggester) -> None:
    assert ready.suggest("VAT invoice", "for our company, please").suggestions[0].title == "I need an invoice with a VAT number"


def test_the_best_passage_is_shown_with_its_heading_and_marks(ready: Suggester) -> None:
    first = ready.suggest("", "how do I get the air bubbles out, water pump flat").suggestions[0]
    assert first.heading == "Let the air out"
    assert first.passage[slice(*first.highlights[0])] in {"Lay", "pump", "flat", "water"}
    assert list(first.highlights) == sorted(first.highlights)
    assert "<mark>bubbles</mark>" in first.passage_html
    assert "<mark>" in first.glimpse_html


def test_a_text_that_says_nothing_is_not_looked_up(ready: Suggester) -> None:
    for text in ("", "hello", "??? !!!", "please help me"):
        answer = ready.suggest("", text)
        assert not answer.engaged
        assert answer.suggestions == ()


@pytest.mark.parametrize(
    ("text", "courteous"),
    [
        ("My pump hums, no water.", "Hello,\nMy pump hums, no water. Please help me as soon as possible.\n\nBest regards\nAnna Smith"),
        ("У меня гудит насос, воды нет.", "Здравствуйте! У меня гудит насос, воды нет. Подскажите, пожалуйста, что делать. Спасибо!"),
        ("水泵响了不出水。", "您好，水泵响了不出水。请尽快帮我解决，谢谢！"),
    ],
)
def test_courtesies_change_nothing(ready: Suggester, text: str, courteous: str) -> None:
    plain, polite = ready.suggest("", text), ready.suggest("", courteous)
    assert [each.article_id for each in polite.suggestions] == [each.article_id for each in plain.suggestions] != []
    assert polite.sure == pytest.approx(plain.sure, abs=1e-6)


def test_nothing_is_shown_under_the_gate(ready: Suggester) -> None:
    ready.gate = 0.9999
    assert ready.suggest("", "my pump hums, no water").suggestions == ()
    ready.gate = 0.05
    answer = ready.suggest("", "my pump hums, no water and the invoice for winter")
    assert answer.suggestions
    assert answer.sure >= answer.gate
    scores = [suggestion.score for suggestion in answer.suggestions]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(answer.sure)
    assert [suggestion.rank for suggestion in answer.suggestions] == list(range(1, len(answer.suggestions) + 1))


def test_a_stranger_to_every_article_finds_nothing_with_the_derived_gate(ready: Suggester) -> None:
    ready.gate = None
    assert ready.suggest("", "what is the capital of France and who wrote Hamlet").suggestions == ()


def test_a_draft_is_never_suggested_and_a_withdrawn_article_is_gone_at_once(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        save_translation(session, external_id="secret", language="en", title="The secret zebra", body="Zebra stripes glow.", status=Status.DRAFT, now=now)
        save_translation(
            session,
            external_id="pump",
            language="en",
            title="The pump hums but no water comes out",
            body="Air is caught in it.",
            status=Status.ARCHIVED,
            now=now,
        )
    for text in ("the secret zebra stripes glow", "pump hums but no water comes out"):
        assert not {"The secret zebra", "The pump hums but no water comes out"} & {each.title for each in ready.suggest("", text).suggestions}


def test_an_article_in_another_language_is_offered_only_where_the_own_has_none(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.writing() as session:
        for language, title in (("de", "Fehler E-77 am Gerät"), ("en", "Something else entirely")):
            save_translation(
                session, external_id=f"x-{language}", language=language, title=title, body="Controller E-77 Reset.", status=Status.PUBLISHED, now=now
            )
    suggester = Suggester(database, tmp_path / "index", gate=0.01)
    suggester.ensure_ready()
    assert {each.language for each in suggester.suggest("", "ошибка E-77 controller").suggestions} <= {"de", "en"}
    assert suggester.suggest("", "ошибка E-77 controller").suggestions
    assert {each.language for each in suggester.suggest("", "controller error E-77").suggestions} == {"en"}
    suggester.close()


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_suggests(database: Database, tmp_path: Path, now: datetime, language: str) -> None:
    title, body, question = SCRIPTS[language]
    other = {code: words for code, words in SCRIPTS.items() if code != language}
    with database.writing() as session:
        for code, (name, text, _) in {language: (title, body, ""), **other}.items():
            save_translation(session, external_id=code, language=code, title=name, body=text, status=Status.PUBLISHED, now=now)
    suggester = Suggester(database, tmp_path / "index", gate=0.01)
    suggester.ensure_ready()
    answer = suggester.suggest("", question, language=language)
    assert answer.language == language
    assert answer.suggestions[0].title == title
    assert answer.suggestions[0].highlights
    suggester.close()


def test_past_requests_teach_words_that_no_article_has(ready: Suggester, now: datetime) -> None:
    with ready.database.writing() as session:
        article = session.scalar(sql("SELECT id FROM article WHERE external_id = 'winter'"))
        for text in ("the snowman is coming for my gadget", "snowman season for the gadget", "gadget and the snowman"):
            add_example(session, text, "en", article, "staff", now)
            add_example(session, text, "en", article, "staff", now)
    ready.ensure_ready(learn=True)
    assert ready.suggest("", "will the snowman eat my gadget").suggestions[0].article_id == article


def test_a_category_is_told_as_topic(ready: Suggester) -> None:
    answer = ready.suggest("", "I need an invoice with the VAT number")
    assert answer.topic == "billing"
    assert 0 < answer.topic_share <= 1


def test_hostile_texts_are_bounded_and_raise_nothing(ready: Suggester) -> None:
    slowest = 0.0
    for text in (*HOSTILE, *random_texts(1500)):
        begun = time.process_time()
        ready.suggest(text[:50], text)
        ready.search(text, language="en")
        slowest = max(slowest, time.process_time() - begun)
    assert slowest < 2


def test_marks_of_hostile_articles_and_texts_stay_inert(ready: Suggester, now: datetime) -> None:
    body = 'The <script>alert(1)</script> pump & <img src=x onerror=alert(1)> `code` [pump](javascript:alert(1)) "quoted"'
    with ready.database.writing() as session:
        save_translation(session, external_id="evil", language="en", title="<b>evil pump</b>", body=body, status=Status.PUBLISHED, now=now)
    ready.ensure_ready()
    for text in ("evil pump script alert onerror img mark", "<script>alert(1)</script> evil pump", "amp lt gt quot evil pump"):
        for each in ready.suggest("", text).suggestions:
            for html in (each.passage_html, each.glimpse_html):
                assert "<script" not in html
                assert "<img" not in html
                assert 'href="javascript:' not in html


def test_threads_may_ask_at_once(ready: Suggester) -> None:
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(40):
                assert ready.suggest("", "my pump hums, no water").suggestions[0].title == "The pump hums but no water comes out"
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


class Hanging(Suggester):
    """A suggester whose engine never answers, or fails."""

    fault: Exception | None = None

    def suggest(self, *args: object, **options: object):  # type: ignore[no-untyped-def]
        if self.fault:
            raise self.fault
        time.sleep(0.6)
        return super().suggest(*args, **options)  # type: ignore[arg-type]


def test_a_hanging_engine_gives_nothing_in_time(database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    suggester = Hanging(database, tmp_path / "index")
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING):
        answers = [suggester.suggest_within(0.05, "my secret subject", "my secret words") for _ in range(20)]
    assert time.monotonic() - begun < 3
    assert all(answer.suggestions == () and answer.late for answer in answers)
    assert all(answer.engaged for answer in answers)  # A visit with a question counts, though nobody had time for it.
    assert not suggester.suggest_within(0.05, "", "hello").engaged
    assert len(caplog.records) == 21
    assert "secret" not in caplog.text
    suggester.close()


def test_a_failing_engine_is_logged_without_the_text(database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    suggester = Hanging(database, tmp_path / "index")
    suggester.fault = RuntimeError("my secret words")
    with caplog.at_level(logging.WARNING):
        assert suggester.suggest_within(5, "", "my secret words").suggestions == ()
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    suggester.close()
