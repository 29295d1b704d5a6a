"""Which sites may show the form in a frame."""

import pytest

from webform.embedding import Mode, Site, allowed_origin, frame_ancestors, host_of, own_origin, parse_sites, read_mode

OWN = "https://help.example.com/support"
SITES = parse_sites("https://shop.example, https://*.example.org http://localhost:8080")


def test_sites_are_written_in_one_way() -> None:
    assert [str(site) for site in SITES] == ["https://shop.example", "https://*.example.org", "http://localhost:8080"]
    assert parse_sites("HTTPS://Shop.Example:443/") == (Site("https", False, "shop.example", ""),)
    assert parse_sites(" ") == ()
    assert frame_ancestors(SITES) == "'self' https://shop.example https://*.example.org http://localhost:8080"


@pytest.mark.parametrize(
    "text", ["shop.example", "https://", "https://shop.example/page", "javascript:alert(1)", "https://a b'; script-src *", "https://*", "'self'", "*"]
)
def test_what_is_no_site_is_refused_with_the_fix(text: str) -> None:
    with pytest.raises(ValueError, match=r"https://shop\.example\.com"):
        parse_sites(text)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://SHOP.example:443", "https://shop.example"),
        ("https://help.example.com", "https://help.example.com"),
        ("https://a.b.example.org", "https://a.b.example.org"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://example.org", ""),
        ("https://notexample.org", ""),
        ("http://shop.example", ""),
        ("https://shop.example:8443", ""),
        ("https://*.example.org", ""),
        ("https://evil.example", ""),
        ("null", ""),
        ("", ""),
        ("https://shop.example" + "x" * 300, ""),
    ],
)
def test_only_allowed_origins_and_this_site_itself_may_show_the_form(text: str, origin: str) -> None:
    assert allowed_origin(text, SITES, OWN) == origin


def test_the_origin_of_this_site_is_known_whatever_its_address() -> None:
    assert own_origin(OWN) == "https://help.example.com"
    assert own_origin("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert own_origin("http://[::1]:8000") == "http://[::1]:8000"
    assert host_of("https://shop.example:8443") == "shop.example:8443"


def test_what_is_no_mode_means_both_alike() -> None:
    assert [read_mode(text) for text in ("answers", "form", "equal", "", "<b>")] == [Mode.ANSWERS, Mode.FORM, Mode.EQUAL, Mode.EQUAL, Mode.EQUAL]
