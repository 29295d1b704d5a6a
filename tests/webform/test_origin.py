import pytest
from flask import Flask, request

from webform import origin

BASE = "https://help.example.com"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": BASE}, True),
        ({"Origin": "https://help.example.com.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[broken"}, False),
    ],
)
def test_a_post_from_another_site_is_told_from_one_of_ours(app: Flask, headers: dict[str, str], own: bool) -> None:
    with app.test_request_context("/", method="POST", headers=headers):
        assert origin.is_own(request, BASE) is own
