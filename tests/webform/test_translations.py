"""Guards of the catalogues: complete, current, compiled, and with every placeholder where it belongs."""

import re

import pytest
from babel.messages.catalog import Message
from flask.testing import FlaskClient

from tests.catalogues import LANGUAGES, compiled, extracted, po_path, read, spoken

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
PLURAL_FORMS = {"ru": 3, "zh": 1}


def messages(language: str) -> list[Message]:
    return [message for message in read(language) if message.id]


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def sources(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple) else [message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_code_says_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    assert {(message.id, message.context) for message in messages(language)} == {(message.id, message.context) for message in extracted() if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_nothing_is_guessed(language: str) -> None:
    assert [message.id for message in messages(language) if not all(texts(message)) or message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    plurals = [message for message in messages(language) if message.pluralizable]
    assert plurals
    assert {len(texts(message)) for message in plurals} == {PLURAL_FORMS[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_the_translation(language: str) -> None:
    wrong = []
    for message in messages(language):
        allowed = {name for source in sources(message) for name in PLACEHOLDER.findall(source)}
        needed = set(PLACEHOLDER.findall(sources(message)[-1]))
        for text in texts(message):
            used = set(PLACEHOLDER.findall(text))
            if not used <= allowed or (not message.pluralizable and used != needed):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    said = spoken(po_path(language).with_suffix(".mo").read_bytes())
    assert len(said) > 100
    assert said == spoken(compiled(read(language)))


@pytest.mark.parametrize(("language", "word"), [("ru", "Отправить"), ("zh", "发送"), ("en", "Send")])
def test_the_form_speaks_the_language_of_the_url_then_of_the_browser(client: FlaskClient, language: str, word: str) -> None:
    assert word in client.get(f"/?lang={language}", headers={"Accept-Language": "en"}).text
    assert word in client.get("/", headers={"Accept-Language": language}).text
