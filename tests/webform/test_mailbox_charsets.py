import pytest

from webform.mailbox_charsets import decode

TEXTS = {
    "cp1251": "Здравствуйте, у меня не работает насос, помогите пожалуйста.",
    "koi8-r": "Заказ 12 не пришёл, где он?",
    "iso8859-5": "Не могу войти в приложение с нового телефона",
    "cp866": "После замены фильтра насос гудит",
    "gb18030": "你好，我的订单没有收到，请帮我查一下。",
    "big5": "您好，我的訂單沒有收到，請幫我查一下。",
    "cp1252": "Café déjà vu: my order isn’t here – why?",
    "utf-8": "水泵嗡嗡响，но воды нет, why?",
}
DECLARED = ("", "us-ascii", "utf-8", "iso-8859-1", "koi8-r", "windows-1251", "gb2312", "big5", "nonsense", "rot13", "base64", "x" * 5000)


@pytest.mark.parametrize("written", TEXTS)
def test_a_text_is_read_whatever_it_claims_to_be(written: str) -> None:
    content = TEXTS[written].encode(written)
    assert {said: decode(content, said)[0] for said in DECLARED} == dict.fromkeys(DECLARED, TEXTS[written])


@pytest.mark.parametrize(("said", "text"), [("iso-2022-jp", "注文が届きません"), ("euc-kr", "주문이 오지 않았습니다"), ("utf-16", "Hello"), ("utf-7", "Grüße")])
def test_other_charsets_are_believed(said: str, text: str) -> None:
    assert decode(text.encode(said), said)[0] == text


def test_bytes_that_are_no_text_are_read_as_something() -> None:
    assert decode(bytes(range(256)) * 40, "utf-8")[0]
    assert decode(b"", "nonsense") == ("", "utf-8")
    assert decode("Насос".encode()[:-1], "utf-8")[0].startswith("Насо")
