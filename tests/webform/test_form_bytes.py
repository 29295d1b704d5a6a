from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.form_world import open_form, tickets
from webform.form_bytes import URLENCODED, escaped

PLAIN = "Größe ändern & sehen: насос"


@pytest.mark.parametrize("name", ["latin-1", "cp1251", "utf-16-le", "shift_jis"])
def test_a_form_in_a_wrong_encoding_keeps_its_other_fields(name: str, client: FlaskClient) -> None:
    body = b"subject=Pump&email=anna%40customer.example&name=" + PLAIN.encode(name, "replace").replace(b"&", b"")
    page = client.post("/", data=b"visit=" + open_form(client).encode() + b"&" + body, content_type=URLENCODED)
    assert page.status_code == 422
    assert 'value="Pump"' in page.text
    assert 'value="anna@customer.example"' in page.text


def test_what_was_written_in_a_wrong_encoding_is_stored_with_its_bytes(client: FlaskClient, database: Database) -> None:
    body = b"visit=" + open_form(client).encode() + b"&email=anna%40customer.example&confirmed=1&message=" + "Größe ändern".encode("latin-1")
    assert client.post("/", data=body, content_type=URLENCODED).status_code == 303
    assert [ticket.message for ticket in tickets(database)] == ["Gr%F6%DFe %E4ndern"]


def test_what_is_utf_8_stays_as_it_is() -> None:
    for body in (f"a={PLAIN}".encode(), f"a={quote_plus(PLAIN)}".encode(), b""):
        assert escaped(body) == body


def test_a_form_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert client.post("/", data=b"message=" + b"\xf6" * 3_000_000, content_type=URLENCODED).status_code == 413
