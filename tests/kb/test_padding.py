import time

import pytest

from kb.calibration import as_case
from kb.courtesies import without_courtesies
from kb.holdings import Sample
from kb.padding import gist, left_out, without_padding

COURTEOUS = [
    ("Hello, we set the kit up on Saturday", "we set the kit up on Saturday"),
    ("Hi there! my pump leaks. Thanks in advance, Anna Smith", "my pump leaks."),
    ("Dear support team,\nThe pump is loud.\n\nKind regards\nJohn", "The pump is loud."),
    ("Good morning, hello\n\nIt drips. Thank you very much!", "It drips."),
    ("Здравствуйте! Насос гудит. Заранее спасибо!", "Насос гудит."),
    ("Добрый день, как вернуть товар? С уважением, Иван", "как вернуть товар?"),
    ("您好，水泵不出水，谢谢！", "水泵不出水，"),
    ("你好，请问水泵怎么清洗", "水泵怎么清洗"),
]
PADDED = [
    ("en", "It hums. Please help me as soon as possible.", "It hums."),
    ("en", "The pump hums, can you help me with this please?", "The pump hums,"),
    ("en", "It leaks. My order number is 4711-8812.", "It leaks."),
    ("en", "It leaks. You can reach me at anna.smith@example.com.", "It leaks."),
    ("en", "I am a customer of yours for many years and I am very disappointed. It drips.", "It drips."),
    ("ru", "Насос гудит. Подскажите, пожалуйста, что делать.", "Насос гудит."),
    ("ru", "Я ваш клиент уже много лет и очень разочарован. Насос гудит", "Насос гудит"),
    ("ru", "Течёт шланг. Моя почта anna@example.com", "Течёт шланг."),
    ("zh", "水泵不出水。请尽快帮我解决。", "水泵不出水。"),
    ("zh", "水泵不出水，我的订单号是4711-8812。", "水泵不出水，"),
    ("zh", "我是你们多年的老客户，非常失望。水泵坏了", "水泵坏了"),
]
WORTH = [
    ("en", "My order 4711-8812 has not arrived. It is 3 days late"),
    ("en", "Where is my order?"),
    ("en", "hello world program fails"),
    ("en", "the pump stopped, thanks to the update"),
    ("en", "no thanks button missing"),
    ("en", "I use version 2.4 of the app. It crashes"),
    ("ru", "Как отправить спасибо другу?"),
    ("ru", "Где мой заказ"),
    ("zh", "怎么联系客服"),
    ("zh", "水泵不出水怎么办"),
]


@pytest.mark.parametrize(("text", "left"), COURTEOUS)
def test_greetings_thanks_and_names_are_no_part_of_a_question(text: str, left: str) -> None:
    found = without_courtesies(text)
    assert (found.strip(" \n"), len(found)) == (left, len(text))


@pytest.mark.parametrize(("language", "text", "left"), PADDED)
def test_pleas_and_general_complaints_are_no_part_of_a_question(language: str, text: str, left: str) -> None:
    found = without_padding(text, language)
    assert (found.strip(" .,?，。"), len(found)) == (left.strip(" .,，。"), len(text))


def test_what_was_left_out_can_be_named() -> None:
    text = "Hello there, it drips. Please help me! Kind regards, Anna"
    assert left_out(text, gist(text, "en")) == ("Hello there", "Please help me", "Kind regards, Anna")


def test_past_requests_are_learned_from_without_what_says_nothing() -> None:
    plain, polite = (as_case(Sample(text, 1, "en")) for text in ("It drips.", "Hello! It drips. Please help me."))
    assert polite.text.split() == [*plain.text.split(), "."]
    assert polite.question.words.tolist() == plain.question.words.tolist()
    assert polite.question.pieces.tolist() == plain.question.pieces.tolist()


@pytest.mark.parametrize(("language", "text"), WORTH)
def test_what_says_something_stays_to_the_letter(language: str, text: str) -> None:
    assert "".join(gist(text, language).split()) in {"".join(text.split()), "".join(text.removeprefix("hello ").split())}


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Hello"), ("en", "Please help me!"), ("ru", "Помогите, пожалуйста"), ("zh", "您好"), ("en", ""), ("th", "สวัสดี")]
)
def test_a_text_that_is_nothing_else_stays(language: str, text: str) -> None:
    assert gist(text, language) == text


@pytest.mark.parametrize("piece", ["a", "1", "a.b@", "+1(", "hi ", "thanks ", "dear ", "x team ", "please ", "非常", "怎么", "我", "请", "帮", ", ", "\ud800"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_texts_are_read_in_bounded_time(language: str, piece: str) -> None:
    text = "hello " + piece * (4000 // len(piece)) + "x" * 100_000
    begun = time.process_time()
    assert len(gist(text, language)) == len(text)
    assert time.process_time() - begun < 2
