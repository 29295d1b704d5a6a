"""The script for other sites, framed pages, and the page with the snippet."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webform.conftest import SignIn
from webform.staff import RoleName

SHOP = "https://shop.example"


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"EMBED_SITES": SHOP, "BASE_URL": "https://help.example.com"}


def ancestors(policy: str) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found
    return found[1]


def test_any_site_may_load_the_script_and_keep_it_for_an_hour(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=3600" in answer.headers["Cache-Control"]
    assert client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("origin", "allowed"), [(SHOP, True), ("https://evil.example", False), ("", False), ("https://shop.example.evil.example", False)])
def test_the_form_is_framed_for_allowed_sites_alone_and_goes_on_so_from_page_to_page(client: FlaskClient, origin: str, allowed: bool) -> None:
    answer = client.get("/", query_string={"embed": origin, "mode": "form", "lang": "en"})
    assert ancestors(answer.headers["Content-Security-Policy"]) == (f"'self' {SHOP}" if allowed else "'none'")
    assert ('class="masthead"' in answer.text, f'data-parent="{SHOP}"' in answer.text) == (not allowed, allowed)
    addresses = re.findall(r'(?:action|data-url)="([^"]*)"', answer.text)
    assert len(addresses) >= 3
    assert all(("embed=https://shop.example" in address or "embed=https%3A%2F%2Fshop.example" in address) is allowed for address in addresses)
    assert 'data-mode="form"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_request_sent_from_a_frame_ends_in_a_frame(client: FlaskClient) -> None:
    page = client.get("/", query_string={"embed": SHOP, "lang": "ru"})
    visit = re.search(r'name="visit" value="([^"]+)"', page.text)
    assert visit
    fields = {"visit": visit[1], "message": "Fence post is loose and I want a person", "email": "anna@customer.example", "confirmed": "1"}
    sent = client.post("/", query_string={"embed": SHOP, "lang": "ru"}, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 303
    thanks = client.get(sent.headers["Location"])
    assert ancestors(thanks.headers["Content-Security-Policy"]) == f"'self' {SHOP}"
    assert 'class="masthead"' not in thanks.text
    refused = client.post("/", query_string={"embed": SHOP}, data=fields | {"email": ""})
    assert refused.status_code == 422
    assert 'class="masthead"' not in refused.text
    assert client.post("/", query_string={"embed": SHOP}, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_no_other_page_is_ever_framed(app: Flask, signed_in: SignIn) -> None:
    client = signed_in(RoleName.LEAD)
    for path in ("/help", "/staff", "/staff/sign-in", "/api/v1/openapi.json"):
        assert ancestors(client.get(path, query_string={"embed": SHOP}).headers["Content-Security-Policy"]) == "'none'"


def test_the_snippet_is_what_was_chosen_and_nothing_else(signed_in: SignIn) -> None:
    client = signed_in(RoleName.LEAD)
    page = client.get("/staff/embed", query_string={"display": "button", "mode": "form", "language": "ru", "topic": '"><script>'}).text
    assert "&lt;script src=&#34;https://help.example.com/embed.js&#34;" in page or '&lt;script src="https://help.example.com/embed.js" async&gt;' in page
    assert '&lt;contact-form display="button" mode="form" language="ru"&gt;' in page
    assert SHOP in page
    assert '"><script>' not in page
    assert ancestors(client.get("/staff/embed").headers["Content-Security-Policy"]) == "'none'"
