"""Letters of leads: variables and nothing else, filled in as text and as HTML."""

import pytest
from markupsafe import Markup

from webform.letter_texts import NEEDED, VARIABLES, TextFault, Value, as_html, as_line, as_text, wrong_body, wrong_subject

FILLED = {name: Value("") for name in VARIABLES} | {
    "greeting": Value("Hello Anna,"),
    "name": Value("Anna"),
    "reference": Value("T-222222"),
    "company": Value("A & <B>"),
    "signature": Value("the team\nA & <B>"),
    "status_link": Value("Read: https://x.example/r?key=a&b", Markup('<a href="https://x.example/r?key=a&amp;b">Read</a>')),
}
GOOD = "{{ greeting }}\n\n{{reference}} is here.\n{{ status_link }}"


@pytest.mark.parametrize(
    ("body", "fault", "name", "meant"),
    [
        (GOOD + " {{ nmae }}", TextFault.UNKNOWN, "nmae", "name"),
        (GOOD + " {{ Reference }}", TextFault.UNKNOWN, "Reference", "reference"),
        (GOOD + " {{ config.SECRET_KEY }}", TextFault.UNKNOWN, "config.SECRET_KEY", ""),
        (GOOD + " {{ ''.__class__ }}", TextFault.UNKNOWN, "''.__class__", ""),
        (GOOD + " {{ name | upper }}", TextFault.UNKNOWN, "name | upper", "name"),
        (GOOD + " {% for x in y %}", TextFault.BRACES, "{%", ""),
        (GOOD + " {{ name", TextFault.BRACES, "{{", ""),
        ("{{ reference }}", TextFault.MISSING, "status_link", ""),
        (GOOD + "x" * 5000, TextFault.LONG, "", ""),
        ("  \n ", TextFault.EMPTY, "", ""),
    ],
)
def test_what_a_letter_cannot_say_is_named_with_what_was_meant(body: str, fault: TextFault, name: str, meant: str) -> None:
    wrong = wrong_body(body)
    assert (fault, name) in {(each.fault, each.name) for each in wrong}
    assert meant in {each.meant for each in wrong}


def test_a_good_letter_has_nothing_wrong_and_a_subject_holds_less() -> None:
    assert wrong_body(GOOD) == wrong_subject("[{{ reference }}] {{ company }}") == []
    assert [each.fault for each in wrong_subject("{{ status_link }}")] == [TextFault.NOT_HERE, TextFault.MISSING]
    assert NEEDED["body"] == ("reference", "status_link")


def test_as_text_empty_variables_leave_no_hole() -> None:
    body = "Hello {{ topic }},\n\n\n  \n{{ article }}\n\nAbout {{ topic }} and {{ reference }}.\n{{ article }}\n{{ signature }}"
    assert as_text(body, FILLED) == "Hello,\n\nAbout and T-222222.\nthe team\nA & <B>"
    assert as_line("[{{ reference }}]  {{ topic }} x", FILLED) == "[T-222222] x"


def test_as_html_everything_is_text_but_links() -> None:
    body = "{{ company }} <script>\n{{ status_link }}\n\nSee https://x.example/a?b=1&c=2, now."
    assert as_html(body, FILLED) == (
        "<p>A &amp; &lt;B&gt; &lt;script&gt;<br>\n"
        '<a href="https://x.example/r?key=a&amp;b">Read</a></p>\n'
        '<p>See <a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a>, now.</p>'
    )
    assert as_html("{{ article }}", FILLED | {"article": Value("x", Markup("<div>x</div>"))}, style="margin:0") == "<div>x</div>"
    assert as_html("a", FILLED, style="margin:0") == '<p style="margin:0">a</p>'


def test_a_value_is_never_read_as_a_letter() -> None:
    assert as_text("{{ name }}", FILLED | {"name": Value("{{ company }}")}) == "{{ company }}"
