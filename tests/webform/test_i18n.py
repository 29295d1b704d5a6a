import pytest
from flask.testing import FlaskClient

from webform.i18n import spoken


@pytest.mark.parametrize(
    ("asked", "browser", "language"),
    [
        ("ru", "zh", "ru"),
        ("ru-RU", "zh", "ru"),
        ("zh-Hant-TW", "en", "zh"),
        ("EN_gb", "ru", "en"),
        ("fr", "zh-CN,zh;q=0.9", "zh"),
        ("", "fr, ru-RU;q=0.8, en;q=0.2", "ru"),
        ("", "ru;q=0, fr", "en"),
        ("", "*", "en"),
        ("\u202eru", "", "en"),
    ],
)
def test_the_address_decides_then_the_browser_then_the_setting(asked: str, browser: str, language: str, client: FlaskClient) -> None:
    page = client.get("/", query_string={"lang": asked}, headers={"Accept-Language": browser})
    assert f'<html lang="{language}"' in page.text


def test_a_tag_is_understood_down_to_its_language_and_no_further() -> None:
    assert [spoken(tag) for tag in ("zh-CN", "ru_RU", "en", "english", "de-DE", "")] == ["zh", "ru", "en", "", "", ""]
