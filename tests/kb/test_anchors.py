from kb.anchors import with_anchors
from kb.markdown import render
from tests.kb.hostile_markdown import HOSTILE


def test_every_heading_has_a_link_to_itself_that_is_called_like_it() -> None:
    html = with_anchors(render("## Air & *water*\n\nTilt it.\n\n### Sieve"))
    assert '<h2 id="air-water"><span id="air-water--title">Air &amp; <em>water</em></span> ' in html
    assert '<a class="anchor" href="#air-water" aria-labelledby="air-water--title"></a></h2>' in html
    assert html.count('class="anchor"') == 2


def test_a_text_without_headings_stays_as_it_is() -> None:
    html = render("> ## Nested\n\nPlain <h2 id=x>text</h2>")
    assert with_anchors(html) == html


def test_no_heading_breaks_out_of_its_place() -> None:
    for text in HOSTILE:
        html = with_anchors(render(f"## {text}"))
        assert html.count("<h2") == html.count("</h2>")
        assert "<script" not in html.lower()
        assert 'href="javascript:' not in html.lower()
