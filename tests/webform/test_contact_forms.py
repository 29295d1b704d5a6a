import pytest
from flask import Flask

from webform.contact_forms import ContactForm, Limits

LIMITS = Limits(name=20, subject=30, message=200)
TOPICS = [("pump", "Pump"), ("other", "Something else")]
GOOD = {"message": "It drips", "email": "anna@customer.example"}


def filled(app: Flask, **fields: str) -> ContactForm:
    with app.test_request_context("/"):
        form = ContactForm(GOOD | fields, limits=LIMITS, topics=TOPICS)
        form.validate()
        return form


def wrong(app: Flask, **fields: str) -> dict[str, list[str]]:
    return {name: [str(words) for words in words] for name, words in filled(app, **fields).errors.items()}


def test_a_message_and_an_address_are_enough(app: Flask) -> None:
    assert wrong(app) == {}


@pytest.mark.parametrize("message", ["", "   ", "\n\n", "\u200b\u200b", "\x00\x07", "\ud800"[:0]])
def test_a_message_without_words_is_refused(app: Flask, message: str) -> None:
    assert list(wrong(app, message=message)) == ["message"]


@pytest.mark.parametrize("message", ["?", "1", "坏了", "❓", "ъ"])
def test_the_shortest_message_that_says_something_is_taken(app: Flask, message: str) -> None:
    assert wrong(app, message=message) == {}


@pytest.mark.parametrize(("field", "limit"), [("name", 20), ("subject", 30), ("message", 200)])
def test_a_text_may_fill_its_limit_and_no_more(app: Flask, field: str, limit: int) -> None:
    assert wrong(app, **{field: "я" * limit}) == {}
    assert wrong(app, **{field: "я" * (limit + 2)}) == {field: [f"Shorten this by 2 characters; {limit} fit"]}


def test_a_text_that_is_far_too_long_is_refused_whole(app: Flask) -> None:
    form = filled(app, subject="a" * 1_000_000)
    assert form.subject.errors
    assert len(form.subject.data) == 1_000_000


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Write your e-mail address"),
        ("anna", "with an @"),
        ("anna@", "after the @"),
        ("anna@customer", "typing error"),
        ("anna@@customer.example", "typing error"),
        ("anna@customer..example", "typing error"),
        ("юзер@пример.рф", "typing error"),
        ("a" * 65 + "@customer.example", "typing error"),
        ("anna@customer.example, bo@customer.example", "typing error"),
        ("anna@customer.example\r\nBcc: all@customer.example", "typing error"),
        ("Anna <anna@customer.example>", "typing error"),
        ("anna@[127.0.0.1]", "typing error"),
        ("a@" + "b" * 300 + ".example", "Shorten"),
    ],
)
def test_an_address_that_cannot_be_answered_is_refused_with_what_to_do(app: Flask, email: str, words: str) -> None:
    (said,) = wrong(app, email=email)["email"]
    assert words in said


def test_an_address_of_an_international_domain_is_taken_as_mail_servers_know_it(app: Flask) -> None:
    assert filled(app, email=" anna@пример.рф ").address == "anna@xn--e1afmkfd.xn--p1ai"


def test_an_unknown_topic_is_refused_and_none_is_fine(app: Flask) -> None:
    assert wrong(app, topic="pump") == {}
    assert wrong(app, topic="") == {}
    assert list(wrong(app, topic="weather")) == ["topic"]


def test_what_no_person_types_is_cleaned_away(app: Flask) -> None:
    form = filled(app, name="An\u202ena\x00", subject="No\r\nwater\u2028now", message="One\r\ntwo\x07\ud800 \x85three")
    assert form.name.data == "Anna"
    assert form.subject.data == "No water now"
    assert form.message.data == "One\ntwo\N{REPLACEMENT CHARACTER} \nthree"
    assert form.errors == {}


def test_words_in_every_script_and_emoji_stay_as_they_are(app: Flask) -> None:
    text = "پمپ کار می‌کند 👩‍🔧 水泵 «насос» naïve"
    assert filled(app, message=text).message.data == text
