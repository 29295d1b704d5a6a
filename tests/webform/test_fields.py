import pytest
from flask import Flask

from webform import fields
from webform.answer_checks import Refused, kept
from webform.fields import Condition, FieldKind, FormField, Option, asked, of_facts, told, without_ground

PRODUCT = FormField(
    "product", FieldKind.CHOICE, {"en": "Product", "ru": "Изделие"}, options=(Option("pump", {"en": "Pump", "ru": "Насос"}), Option("hose", {"en": "Hose"}))
)
SERIAL = FormField("serial", FieldKind.ORDER, {"en": "Serial"}, required=True, pattern="MG-####", when=Condition("product", ("pump",)))
COLOUR = FormField("colour", FieldKind.CHOICES, {"en": "Colour"}, options=(Option("red", {"en": "Red"}), Option("blue", {"en": "Blue"})))
WHY = FormField("why", FieldKind.TEXT, {"en": "Why red?"}, when=Condition("colour", ("red",)))
FORM = [PRODUCT, SERIAL, COLOUR, WHY]


def test_a_field_comes_back_from_what_was_written_down() -> None:
    assert [of_facts(each.facts()) for each in FORM] == FORM


@pytest.mark.parametrize(
    ("answers", "keys"),
    [
        ({}, ["product", "colour"]),
        ({"product": "pump"}, ["product", "serial", "colour"]),
        ({"product": "hose", "colour": ["blue"]}, ["product", "colour"]),
        ({"colour": ["blue", "red"]}, ["product", "colour", "why"]),
    ],
)
def test_a_question_is_asked_only_where_its_condition_holds(answers: fields.Answers, keys: list[str]) -> None:
    assert [each.key for each in asked(FORM, answers)] == keys


def test_what_depends_on_a_question_that_is_not_asked_is_not_asked() -> None:
    model = FormField("model", FieldKind.CHOICE, {}, options=(Option("a", {}),), when=Condition("product", ("pump",)))
    year = FormField("year", FieldKind.NUMBER, {}, when=Condition("model", ("a",)))
    assert [each.key for each in asked([PRODUCT, model, year], {"product": "hose", "model": "a"})] == ["product"]


@pytest.mark.parametrize(
    ("form", "groundless"),
    [(FORM, None), ([SERIAL, PRODUCT], SERIAL), ([PRODUCT, FormField("x", FieldKind.TEXT, {}, when=Condition("product", ("gone",)))], "x"), ([WHY], WHY)],
)
def test_a_condition_needs_a_choice_above_it(form: list[FormField], groundless: FormField | str | None) -> None:
    found = without_ground(form)
    assert found == groundless or (found is not None and found.key == groundless)


def test_answers_are_told_in_the_words_of_their_version() -> None:
    assert told(FORM, {"product": "pump", "colour": ["red", "blue"], "serial": "", "other": "x"}, "ru") == [("Изделие", "Насос"), ("Colour", "Red, Blue")]
    assert PRODUCT.told("gone", "en") == "gone"
    assert [FormField("photos", FieldKind.CONSENT, {"en": "You may"}).told("1", language) for language in ("en", "ru", "zh")] == ["yes", "да", "是"]


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        ("text", " two\nlines ", "two lines"),
        ("long", " a\r\nb ", "a\nb"),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", "28.2.2026", "2026-02-28"),
        ("date", "2026年2月28日", "2026-02-28"),
        ("number", "1 234,50", "1234.50"),
        ("number", "−3", "-3"),
        ("email", "Anna@Customer.example", "Anna@customer.example"),
        ("phone", "+49 (30) 123-45", "+49 (30) 123-45"),
        ("order", "mg-1234", "mg-1234"),
        ("consent", "1", "1"),
        ("consent", "yes", ""),
        ("choice", "a", "a"),
        ("text", "   ", ""),
    ],
)
def test_an_answer_is_kept_in_one_form(app: Flask, kind: str, given: str, answer: str) -> None:
    field = FormField("f", FieldKind(kind), {}, options=(Option("a", {}),), pattern="MG-####")
    with app.test_request_context("/"):
        assert kept(field, given) == answer


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("text", "x" * 301, "Shorten this by 1 character"),
        ("date", "2026-02-30", "Write a day that exists"),
        ("date", "soon", "Write a day that exists"),
        ("number", "1e5", "Write a number"),
        ("number", "NaN", "Write a number"),
        ("number", "11", "not more than 10"),
        ("number", "-1", "not less than 0"),
        ("email", "anna", "Check the e-mail address"),
        ("phone", "call me", "Write a telephone number"),
        ("phone", "+1234567890123456", "Write a telephone number"),
        ("order", "MG-12", "it looks like this: MG-4567"),
        ("choice", "b", "Choose from the list"),
    ],
)
def test_what_a_field_does_not_take_is_refused_in_words(app: Flask, kind: str, given: str, words: str) -> None:
    field = FormField("f", FieldKind(kind), {}, options=(Option("a", {}),), pattern="MG-####", least="0", most="10")
    with app.test_request_context("/"), pytest.raises(Refused, match=words):
        kept(field, given)
