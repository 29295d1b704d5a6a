"""Header injection (trust S2): what strangers type, in every field that reaches a header, changes no header."""

import re
from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask

from kb.database import Database
from tests.webform.sending import PNG, accept, outbox_rows, parsed
from webform import attachments
from webform.contact_forms import ContactForm, limits

REQUEST_HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "X-Webform-Reference",
    "X-Webform-Topic",
    "X-Webform-Priority",
    "X-Webform-Kind",
    "X-Webform-Language",
    "X-Webform-Deflection",
    "MIME-Version",
    "Content-Type",
]
ACKNOWLEDGEMENT_HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]
INJECTED = "Bcc: evil@evil.example"
CORPUS = {
    "cr": f"a\r{INJECTED}",
    "lf": f"a\n{INJECTED}",
    "crlf": f"a\r\n{INJECTED}",
    "crlf and space": f"a\r\n {INJECTED}",
    "empty line": f"a\r\n\r\n{INJECTED}",
    "line separator": f"a\u2028{INJECTED}",
    "paragraph separator": f"a\u2029{INJECTED}",
    "next line": f"a\x85{INJECTED}",
    "vertical tab": f"a\x0b\x0c\x1c{INJECTED}",
    "nul": f"a\0{INJECTED}",
    "encoded word": "=?utf-8?q?a=0d=0aBcc:_evil=40evil.example?=",
    "encoded word in base64": "=?utf-8?b?YQ0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "encoded words in a row": "=?utf-8?q?=0d?= =?utf-8?q?=0a?= x",
    "parameter": "x\"; filename*=utf-8''evil%0d%0aBcc:%20evil",
    "continuation": 'x"; name*0="a"; name*1="b',
    "quotes": '"evil@evil.example" <evil@evil.example>, "x',
    "list": "evil@evil.example, <evil@evil.example>; x:;",
    "long list": '"evil@evil.example" <evil@evil.example>, Eve Long Name Of A Person, "x',
    "comment": "x (evil@evil.example) \\",
    "percent": "%0d%0aBcc: evil %(name)s {{ 7*7 }}",
    "bidi": "x\u202eexe\u2066\u2069\u200f\u061c",
    "surrogates": "\ud800\udfff\ud83d x",
    "combining": "Z\u0300\u0301\u0302" * 300,
    "emoji": "👩\u200d👩\u200d👧 " * 200,
    "long": "n" * 10_000,
    "long russian": "Щ" * 10_000,
    "long with commas": "Иванов, " * 1000,
    "separators": ".,;:@<>()[]\"'\\" * 50,
}


OUR_ADDRESSES = {"From": "help@example.com", "To": "team@example.com", "Reply-To": "anna@customer.example"}
ANSWER_ADDRESSES = {"From": "help@example.com", "To": "anna@customer.example", "Reply-To": "team@example.com"}


def raw_mails(app: Flask, database: Database, now: datetime, visit: str, terms: dict[str, object] | None = None, **changes: object) -> list[bytes]:
    with database.writing() as session:
        ticket = accept(session, app, now, visit=visit, terms={"acknowledgements_per_hour": 1000, **(terms or {})}, **changes)
        return [row.mime for row in outbox_rows(session, ticket)]


def check(case: str, raw: bytes, headers: list[str], addresses: dict[str, str]) -> EmailMessage:
    """Hold a mail against the only headers and addresses that it may have."""
    head = raw.split(b"\r\n\r\n", 1)[0]
    message = parsed(raw)
    assert raw.isascii(), case
    assert max(map(len, raw.split(b"\r\n"))) <= 998, case
    assert not re.search(rb"[^\r]\n|\r[^\n]|\0", raw), case
    assert list(message.keys()) == headers, case
    assert [line.split(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"] == headers, case
    for name, address in addresses.items():
        assert [found.addr_spec for found in message[name].addresses] == [address], (case, name)
        assert not message[name].defects, (case, name)
    assert not message.defects, case
    assert not re.search("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", message["Subject"] + str(message["From"])), case
    return message


@pytest.mark.parametrize("field", ["name", "subject", "message", "predicted_topic"])
def test_no_typed_text_changes_a_header(field: str, app: Flask, database: Database, now: datetime) -> None:
    for case, text in CORPUS.items():
        changes = {"subject": "", field: text} if field == "message" else {field: text}
        request, answer = raw_mails(app, database, now, case[:32], **changes)
        message = check(case, request, REQUEST_HEADERS, OUR_ADDRESSES)
        check(case, answer, ACKNOWLEDGEMENT_HEADERS, ANSWER_ADDRESSES)
        assert message["Subject"].startswith("[T-"), case
        # The standard library reads the break between encoded words of a name as a space.
        assert "".join(message["From"].addresses[0].display_name.split()).endswith("viaMossgarth"), case


def test_no_company_name_changes_a_header(app: Flask, database: Database, now: datetime) -> None:
    for case, text in CORPUS.items():
        request, answer = raw_mails(app, database, now, case[:32], terms={"company": text, "signature": text})
        check(case, request, REQUEST_HEADERS, OUR_ADDRESSES)
        check(case, answer, ACKNOWLEDGEMENT_HEADERS, ANSWER_ADDRESSES)


def test_no_file_name_changes_a_part(app: Flask, database: Database, now: datetime) -> None:
    for case, text in CORPUS.items():
        with database.writing() as session:
            file = attachments.keep(session, visit=case[:32], filename=f"{text}.png", content=PNG, now=now)
        message = check(case, raw_mails(app, database, now, case[:32], uploads=(file.token,))[0], REQUEST_HEADERS, OUR_ADDRESSES)
        document, picture = message.iter_attachments()
        assert document.get_filename() == "request.json", case
        assert picture.get_filename() == file.filename, case
        assert picture.get_content() == PNG, case
        assert picture.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"], case
        assert dict(picture["Content-Disposition"].params) == {"filename": file.filename}, case


def test_no_unknown_topic_reaches_a_header(app: Flask, database: Database, now: datetime) -> None:
    for case, topic in enumerate(["x\r\nBcc: evil@evil.example", "Насос", "=?utf-8?q?=0d=0a?=", "x" * 10_000, "x\0\ud800"]):
        assert parsed(raw_mails(app, database, now, str(case), topic=topic)[0])["X-Webform-Topic"] == "none", case


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?=0d=0aBcc=3Aevil=40evil.example?=@x.example",
        "=?utf-8?q?a=2Cevil=40evil.example?=@x.example",
        "a+=?utf-8?q?b=40c?=@x.example",
        "a@x.example\r\nBcc: evil@evil.example",
        "a@x.example, evil@evil.example",
        "a@x.example;evil@evil.example",
        "<a@x.example>",
        "Anna <a@x.example>",
        '"a\\r\\nBcc: evil"@x.example',
        "a@x.example\0",
        "a@x.example\u2028",
        "юзер@пример.рф",
        "a@пример.рф",
        "a" * 64 + "@x.example",
        "!#$%&'*+/=?^_`{|}~-@x.example",
        "a@[127.0.0.1]",
        "a@x.example\ud800",
    ],
)
def test_an_address_is_refused_by_the_form_or_stands_alone(address: str, app: Flask, database: Database, now: datetime) -> None:
    with app.test_request_context():
        form = ContactForm({"email": address, "message": "Words"}, limits=limits(app.config), topics=())
        if not form.validate():
            assert "email" in form.errors
            return
        kept = form.address
    request, answer = raw_mails(app, database, now, "visit", email=kept)
    check(address, request, REQUEST_HEADERS, OUR_ADDRESSES | {"Reply-To": kept})
    check(address, answer, ACKNOWLEDGEMENT_HEADERS, ANSWER_ADDRESSES | {"To": kept})
