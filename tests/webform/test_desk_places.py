"""The places of the desk: each in its section, and only those that are open to whoever looks."""

import re

import pytest
from flask import Flask

from tests.webform.conftest import SignIn
from webform import desk_places
from webform.staff import RoleName


def marked(page: str) -> list[tuple[str, str]]:
    return [(current, words) for current, words in re.findall(r'<a href="/staff[^"]*" aria-current="(\w+)">([^<]+)</a>', page)]


def test_a_page_is_marked_in_its_section_and_a_page_behind_it_too(signed_in: SignIn) -> None:
    client = signed_in(RoleName.LEAD)
    assert marked(client.get("/staff/rules").text) == [("true", "Suggestions"), ("page", "Rules")]
    assert marked(client.get("/staff/rules/new/pin").text) == [("true", "Suggestions"), ("true", "Rules")]
    assert marked(client.get("/staff/try").text) == [("page", "Suggestions"), ("page", "Try a text")]
    assert marked(client.get("/staff/requests").text) == [("page", "Requests"), ("page", "Requests")]


def test_a_section_leads_to_the_first_place_that_is_open(signed_in: SignIn) -> None:
    page = signed_in(RoleName.WRITER).get("/staff/try").text
    assert ">Suggestions</a>" in page
    assert ">Rules</a>" not in page
    assert ">Requests</a>" not in page


def test_every_place_exists(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    with app.test_request_context("/staff"):
        monkeypatch.setattr(desk_places, "may", lambda _role: True)
        places = [place for section in desk_places.sections() for place in section.places]
    assert len(places) >= 9
    for place in places:
        assert place.endpoint in endpoints
        for near in place.near:
            assert near in endpoints or any(endpoint.startswith(near) for endpoint in endpoints if near.endswith(".")), near
