from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from fast_mail_parser import parse_email

from tests.webform.sending import parsed
from webform.wire import Wire

SAID = "Насос гудит, а вода не идёт — 水泵响但是不出水: и это началось после зимы, когда мы достали его из подвала; "
TEXTS = [
    SAID * 2,
    "Re: [T-7F3K9Q] " + SAID,
    "Grüße, " * 20 + "end",
    "ASCII for a long while, so that the first letter that is none comes late in the line, then ü and more words",
    "= ?utf-8?q?=0d?= then ü, and words, and words, and words, and words, and words",
    "👩‍👩‍👧 " * 30,
    "a  b   é  c" * 9,
    'Eve, evil@evil.example, "x" <y@evil.example>; (z) \\ [a]: ' * 3,
    "é",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_long_header_reads_as_it_was_meant_wherever_it_is_folded(text: str) -> None:
    for shift in range(0, 40, 3):
        said = f"{'x' * shift} {text}".strip()
        message = EmailMessage()
        message["Subject"] = said
        message["From"] = Address(said[:120].strip(), addr_spec="help@example.com")
        message["To"] = [Address("Ünal und Söhne", addr_spec="a@example.com"), Address(addr_spec="b@example.com")]
        meant, name = str(message["Subject"]), message["From"].addresses[0].display_name
        raw = message.as_bytes(policy=Wire())
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) <= 78
        assert str(parsed(raw)["Subject"]) == meant
        read = parse_email(raw, strict=True)
        assert read.subject == meant
        assert read.from_ is not None
        # Within names the standard library takes the break between encoded words for a space, against RFC 2047, section 6.2.
        assert (read.from_.display_name, read.from_.address) == (name, "help@example.com")
        assert [(each.display_name, each.address) for each in read.to] == [("Ünal und Söhne", "a@example.com"), (None, "b@example.com")]
