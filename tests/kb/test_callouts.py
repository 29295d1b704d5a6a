import pytest

from kb.markdown import render
from kb.passages import cut


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_a_block_quote_that_begins_with_a_mark_is_a_callout(kind: str) -> None:
    html = render(f"> [!{kind}]\n> Turn it **off**.\n>\n> - first")
    assert html.startswith(f'<div class="callout callout-{kind.lower()}" role="note">\n<p class="callout-title"></p>\n<p>Turn it <strong>off</strong>.</p>')
    assert html.endswith("</ul>\n</div>")


def test_words_after_the_mark_are_the_title() -> None:
    assert render("> [!warning] Turn `it` off\n> then") == (
        '<div class="callout callout-warning" role="note">\n<p class="callout-title">Turn <code>it</code> off</p>\n<p>then</p>\n</div>'
    )


def test_a_mark_alone_and_a_mark_before_an_empty_line_are_callouts() -> None:
    assert render("> [!NOTE]") == '<div class="callout callout-note" role="note">\n<p class="callout-title"></p>\n</div>'
    assert render("> [!NOTE]\n>\n> text").count("<p>") == 1


@pytest.mark.parametrize(
    "source", ["> [!DANGER]\n> x", "> x [!NOTE]", "[!NOTE]\n\n> x", "> `[!NOTE]`", "> [!NOTE", "> **[!NOTE]**", "> [!TIP] **a\n> b**", "> - [!NOTE]"]
)
def test_other_block_quotes_stay_what_they_are(source: str) -> None:
    assert "callout" not in render(source)


def test_callouts_nest_and_stand_in_lists() -> None:
    html = render("> a\n>\n> > [!TIP]\n> > b\n\n- > [!NOTE] n\n  > c")
    assert html.count("<blockquote>") == html.count("</blockquote>") == 1
    assert html.count("<div") == html.count("</div>") == 2


def test_a_passage_says_the_title_and_the_text_of_a_callout_without_its_mark() -> None:
    (section,) = cut("> [!NOTE] Power first\n> Turn it off.")
    assert section.text == "Power first\nTurn it off."
    assert "callout-note" in section.html
