from email.message import EmailMessage

import pytest

from webform.opened_mail import LONGEST_SOURCE, open_mail


def letter(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Насос"
    message.set_content(parts.get("text", "text\nof two lines"))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    if "json" in parts:
        message.add_attachment(parts["json"].encode(), maintype="application", subtype="json", filename="request.json")
    return message


def test_every_part_is_read() -> None:
    mail = open_mail(letter(html="<p>Привет</p>", json='{"a": "б"}').as_bytes())
    assert mail.subject == "Насос"
    assert mail.text == "text\nof two lines\n"
    assert mail.html == "<p>Привет</p>\n"
    assert mail.json == '{"a": "б"}'
    assert mail.files == ["request.json"]
    assert ("From", "a@example.com") in mail.headers
    assert not mail.is_cut


def test_a_part_that_is_not_there_is_empty() -> None:
    mail = open_mail(letter().as_bytes())
    assert (mail.html, mail.json, mail.files) == ("", "", [])


def test_a_long_source_is_cut() -> None:
    mail = open_mail(letter(text="line\n" * 100_000).as_bytes())
    assert len(mail.source) == LONGEST_SOURCE
    assert mail.is_cut


@pytest.mark.parametrize("mime", [b"", b"\xff\xfe", b"no headers at all", b"Content-Type: multipart/mixed\r\n\r\nno parts"])
def test_what_is_no_mail_is_shown_as_what_it_is(mime: bytes) -> None:
    mail = open_mail(mime)
    assert mail.html == ""
    assert mail.subject == ""
