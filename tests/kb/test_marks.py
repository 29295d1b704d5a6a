"""Marks in texts and in HTML."""

import pytest

from kb.analysis import terms
from kb.marks import LONGEST_GLIMPSE, find, glimpse, mark_html, mark_text


def wanted(text: str, language: str = "en") -> dict[str, float]:
    return {term.text: 1.0 for term in terms(text, language) if not term.stop}


def test_words_are_marked_by_their_stem() -> None:
    text = "The pump is pumping, pumps do."
    assert [text[start:end] for start, end in find(text, wanted("pump"), "en")] == ["pump", "pumping", "pumps"]


def test_touching_pairs_of_characters_are_one_mark() -> None:
    assert mark_text("先看水泵不转的原因", find("先看水泵不转的原因", wanted("水泵不转", "zh"), "zh")) == "先看<mark>水泵不转</mark>的原因"


def test_a_text_is_escaped_around_the_marks() -> None:
    text = "<b>pump</b> & \"pump\" <script>alert('pump')</script>"
    marked = mark_text(text, find(text, wanted("pump script alert"), "en"))
    assert marked.replace("<mark>", "").replace("</mark>", "").count("<") == 0
    assert marked.count("<mark>") == 6


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ('<p title="pump">a pump</p>', '<p title="pump">a <mark>pump</mark></p>'),
        ('<a href="/pump?a=1&amp;b=pump">the pump</a>', '<a href="/pump?a=1&amp;b=pump">the <mark>pump</mark></a>'),
        ("<p>a &lt;pump&gt; &amp; more</p>", "<p>a &lt;<mark>pump</mark>&gt; &amp; more</p>"),
        ("<p>&lt;script&gt;pump&lt;/script&gt;</p>", "<p>&lt;script&gt;<mark>pump</mark>&lt;/script&gt;</p>"),
        ("<p>pu<strong>mp</strong></p><br><hr/>", "<p>pu<strong>mp</strong></p><br><hr/>"),
        ('<img alt="a > pump" src="x">pump', '<img alt="a > pump" src="x"><mark>pump</mark>'),
        ("", ""),
    ],
)
def test_html_is_marked_in_its_text_only(source: str, marked: str) -> None:
    assert mark_html(source, wanted("pump"), "en") == marked


def test_entities_cannot_be_asked_for() -> None:
    assert mark_html("<p>a &lt; b &amp; c</p>", wanted("lt amp quot mark"), "en") == "<p>a &lt; b &amp; c</p>"


def test_the_glimpse_shows_the_sentence_with_the_words() -> None:
    text = "First of all, relax. The red light blinks twice. Then call us. Nothing else."
    shown = glimpse(text, wanted("red light"), "en")
    assert "<mark>red</mark> <mark>light</mark>" in shown
    assert "relax" not in shown


def test_the_glimpse_goes_by_what_was_said_before_other_words_for_it() -> None:
    text = "Where the garden ends and the meadow begins. The lawn is one. Nothing is left, nobody comes, and there is no more to be said of it."
    other_words = {"garden": 0.8, "meadow": 0.8}
    assert glimpse(text, {**other_words, "lawn": 1.0}, "en").startswith("The <mark>lawn</mark> is one.")
    assert glimpse(text, other_words, "en").startswith("Where the <mark>garden</mark> ends and the <mark>meadow</mark> begins.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("air in the pump\na clogged filter\nan empty tank", "air in the <mark>pump</mark> · a clogged filter…"),
        ("Look at the pump:\nit hums", "Look at the <mark>pump</mark>: it hums"),
        ("The pump\n<b>\nhums", "The <mark>pump</mark> · &lt;b&gt;…"),
        ("水泵响：\n过滤网堵塞", "<mark>水泵</mark>响： 过滤网堵塞"),
        ("水泵的 2.4 版在 example.com 上。别的。" + "很长" * 200, "<mark>水泵</mark>的 2.4 版在 example.com 上。别的。"),
        ("The pump of version 2.4 (see example.com) hums.\n" + "long " * 100, "The <mark>pump</mark> of version 2.4 (see example.com) hums."),
    ],
)
def test_the_points_of_a_list_stand_apart_in_a_glimpse(text: str, shown: str) -> None:
    language = "zh" if text.startswith("水") else "en"
    assert glimpse(text, wanted("pump 水泵", language), language) == shown


@pytest.mark.parametrize("text", ["pump " * 500, "水泵" * 500, "pump." * 500, "." * 3000, "x" * 3000, "", "\n\n\n", "<" * 1000])
def test_the_glimpse_stays_short(text: str) -> None:
    shown = glimpse(text, wanted("pump 水泵", "zh"), "zh")
    plain = shown.replace("<mark>", "").replace("</mark>", "").replace("&lt;", "<")
    assert len(plain) <= LONGEST_GLIMPSE + 70
