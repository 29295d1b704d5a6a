import random
import time

import pytest

from kb.languages import language_of
from kb.rule_lines import read
from kb.rules import DEFAULTS
from kb.sample import FOLDER
from kb.tact import Phrasebook, RulePhrases
from tests.kb.tact_sentences import NEGATIVE, POSITIVE

SLUGS = sorted(folder.name for folder in DEFAULTS.iterdir())
BEST_OF = 20


def phrasebook(*lines: str, language: str = "en") -> Phrasebook:
    """One rule for each text of lines, numbered from 1."""
    return Phrasebook(RulePhrases(number, language, tuple(read(each, language))) for number, each in enumerate(lines, 1))


@pytest.fixture(scope="module")
def defaults() -> Phrasebook:
    return Phrasebook(
        RulePhrases(number, file.stem, tuple(read(file.read_text("utf-8").partition("\n")[2], file.stem)))
        for number, slug in enumerate(SLUGS)
        for file in (DEFAULTS / slug).glob("*.txt")
    )


@pytest.mark.parametrize(("slug", "text", "language"), [(slug, text, language) for language, pairs in POSITIVE.items() for slug, text in pairs])
def test_what_must_reach_a_person_does(defaults: Phrasebook, slug: str, text: str, language: str) -> None:
    found = defaults.find(text, language_of(text, language))
    assert [SLUGS[number] for number in found] == [slug]


@pytest.mark.parametrize(("text", "language"), [(text, language) for language, texts in NEGATIVE.items() for text in texts])
def test_what_only_looks_like_it_does_not(defaults: Phrasebook, text: str, language: str) -> None:
    assert defaults.find(text, language_of(text, language)) == {}


def test_every_rule_has_phrases_in_every_language_and_ten_sentences_on_each_side() -> None:
    assert {language for pairs in POSITIVE.values() for language in POSITIVE} == {"en", "ru", "zh"}
    for language, pairs in POSITIVE.items():
        assert {slug for slug, _ in pairs} == set(SLUGS)
        assert min(len(pairs), len(NEGATIVE[language])) >= 10
        assert all((DEFAULTS / slug / f"{language}.txt").is_file() for slug in SLUGS)


def test_words_are_found_in_order_within_a_small_window() -> None:
    book = phrasebook("charged twice")
    assert book.find("You charged my credit card twice", "en") == {1: "charged twice"}
    assert book.find("Charging me TWICE", "en") == {1: "charged twice"}
    assert book.find("twice charged", "en") == {}
    assert book.find("charged for the blue hose from the summer catalogue twice", "en") == {}
    assert book.find("I was charged. Twice I wrote", "en") == {}
    assert book.find("I was charged\n\ntwice", "en") == {}
    assert book.find("charged the right amount, then wrote twice", "en") == {}


def test_russian_inflections_and_chinese_runs_are_found() -> None:
    russian = phrasebook("списа* дважды\nдважды списа*", language="ru")
    for text in ("списали деньги дважды", "дважды списали", "Деньги списаны с карты дважды", "ДВАЖДЫ СПИСАНО"):
        assert 1 in russian.find(text, "ru"), text
    assert russian.find("списали один раз", "ru") == {}
    chinese = phrasebook("重复扣款\n扣 两次", language="zh")
    for text in ("重复扣款", "为什么重复 扣款？", "扣了我的钱两次"):
        assert 1 in chinese.find(text, "zh"), text
    assert chinese.find("复重款扣", "zh") == {}
    assert chinese.find("扣款失败。我试了两次", "zh") == {}


def test_quoted_words_want_to_stand_side_by_side() -> None:
    book = phrasebook('"sue you"')
    assert book.find("I will sue you", "en")
    assert book.find("Hello Sue, you wrote", "en") == {}
    assert book.find("sue all of you", "en") == {}


def test_an_exception_takes_back_only_what_it_covers_and_only_of_its_own_rule() -> None:
    book = phrasebook("legal\n-legal size", "size")
    assert book.find("legal size paper", "en") == {2: "size"}
    assert book.find("legal size paper for my legal matter", "en") == {1: "legal", 2: "size"}


def test_phrases_of_another_language_of_the_same_script_do_not_count_but_quoted_ones_do() -> None:
    book = Phrasebook([*phrasebook("died")._wordings, *phrasebook("взлом*", language="ru")._wordings])
    assert book.find("Die Pumpe geht nicht", "de") == {}
    assert book.find("he died", "en")
    assert book.find("пишет: he died", "ru")
    assert book.find("they say взломали", "en")


def test_curly_apostrophes_wide_letters_and_yo_do_not_matter() -> None:
    assert phrasebook("cant login").find("I can’t ｌｏｇｉｎ", "en")
    assert phrasebook("отчёт украли", language="ru").find("отчет украли", "ru")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\0", "twice", "\ud800 charged twice", "！。，", "a" * 50_000, "扣" * 50_000, "charged " * 9000])
def test_no_text_breaks_it(defaults: Phrasebook, text: str) -> None:
    assert isinstance(defaults.find(text, "en"), dict)


def cost_ms(book: Phrasebook, text: str, language: str) -> float:
    """The least processor time of several tries: what the machine does besides does not count."""
    best = float("inf")
    for _ in range(BEST_OF):
        began = time.thread_time()
        book.find(text, language)
        best = min(best, time.thread_time() - began)
    return best * 1000


def long_text(language: str) -> str:
    """Four thousand characters of what is usually written about."""
    texts = [file.read_text("utf-8").split("---", 2)[2] for file in sorted((FOLDER / "articles" / language).glob("*.md"))]
    return " ".join(texts)[:4000]


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_a_long_text_costs_little_and_thousands_of_phrases_cost_no_more(defaults: Phrasebook, language: str) -> None:
    """The bound leaves room for busy machines: alone on one, the text takes about a millisecond. The ratio is about the method."""
    text = long_text(language)
    chance = random.Random(2)
    letters = {"en": "abcdefghij", "ru": "абвгдежзик", "zh": "的一是不了人我在有他"}[language]
    many = "\n".join(f"{''.join(chance.choices(letters, k=7))} {''.join(chance.choices(letters, k=7))}" for _ in range(500))
    crowd = Phrasebook([*defaults._wordings, *(RulePhrases(100 + each, language, tuple(read(many, language))) for each in range(10))])
    few_ms, many_ms = cost_ms(defaults, text, language), cost_ms(crowd, text, language)
    assert len(text) == 4000
    assert few_ms < 10
    assert many_ms < 3 * few_ms


def test_a_text_made_to_be_slow_is_bounded() -> None:
    lines = "\n".join(f"water {'water ' * depth}" for depth in range(7))
    assert cost_ms(phrasebook(lines), "water " * 5000, "en") < 100
