from flask import Flask

from webform.links import Links, reply


def test_links_in_mails_are_those_of_the_pages(app: Flask) -> None:
    links = Links("https://help.example.com/support")
    with app.test_request_context(base_url="https://help.example.com/support/"):
        build = app.url_for
        assert links.sent("T-7F3K9Q", "a.b-c_d") == build("requests.sent", reference="T-7F3K9Q", key="a.b-c_d", _external=True)
        assert links.ticket("T-7F3K9Q") == build("staff.request", reference="T-7F3K9Q", _external=True)
        page = dict(zip(_parts(app, "help.article"), ("ru", "насос гудит"), strict=True))
        assert links.article("ru", "насос гудит") == build("help.article", **page, _external=True)


def test_a_reply_link_carries_only_the_address_and_the_subject() -> None:
    assert reply("a&b@c.example", "[T-1] x&cc=evil@evil.example") == "mailto:a%26b@c.example?subject=Re%3A%20%5BT-1%5D%20x%26cc%3Devil%40evil.example"


def _parts(app: Flask, endpoint: str) -> list[str]:
    """Name the parts of a route in the order in which they stand."""
    rule = next(app.url_map.iter_rules(endpoint))
    return sorted(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))
