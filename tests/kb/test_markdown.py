import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.callouts import CLASSES
from kb.markdown import MAX_SOURCE, RESERVED, SourceTooLong, headings, render
from kb.passages import cut
from tests.kb.hostile_markdown import HOSTILE

SAFE_TAGS = frozenset("p h2 h3 h4 h5 h6 ul ol li blockquote pre code hr br em strong s a img div table thead tbody tr th td".split())  # noqa: SIM905 - read as one line
SAFE_ATTRIBUTES = {"href", "title", "rel", "src", "alt", "loading", "start", "id", "class", "role", "tabindex", "aria-label", "scope"}
SAFE_CLASSES = {"wide", "to-end", "to-centre"} | CLASSES
SAFE_SCHEMES = ("http://", "https://", "mailto:", "tel:", "article:")


class Inventory(HTMLParser):
    """Lists what a browser would find in a piece of HTML that is not inert."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SAFE_TAGS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            value = value or ""
            scheme = value.split("/")[0].split("?")[0].split("#")[0]
            if name not in SAFE_ATTRIBUTES or (name == "class" and value not in SAFE_CLASSES):
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and ":" in scheme and not value.lower().startswith(SAFE_SCHEMES):
                self.faults.append(f"{tag} {name}={value}")
            if name == "src" and (":" in scheme or value.startswith("//") or "\\" in value):
                self.faults.append(f"{tag} {name}={value}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")


def test_the_inventory_would_notice() -> None:
    assert Inventory("<p onclick=x>").faults
    assert Inventory("<script>x</script>").faults
    assert Inventory('<a href="javascript:x">x</a>').faults
    assert Inventory('<img src="//elsewhere/x.png">').faults


def test_the_corpus_is_large() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_renders_inert(source: str) -> None:
    assert Inventory(render(source)).faults == []


@given(
    st.lists(st.sampled_from([*HOSTILE, "\n", "\n\n", "> ", "- ", "| ", "`", "# ", "[", "](", ")", "<", "&", "> [!NOTE] ", "](article:"]), max_size=6).map(
        "".join
    )
)
def test_mixed_hostile_markdown_renders_inert(source: str) -> None:
    assert Inventory(render(source)).faults == []


@given(st.text(max_size=400))
def test_any_text_renders_inert(source: str) -> None:
    assert Inventory(render(source)).faults == []


def test_plain_useful_markdown_renders() -> None:
    assert render("One **two** *three* ~~four~~ `five`  \nsix") == "<p>One <strong>two</strong> <em>three</em> <s>four</s> <code>five</code><br>\nsix</p>"
    assert render("3. a\n4. b") == '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'
    assert render("> note") == "<blockquote>\n<p>note</p>\n</blockquote>"
    assert render("```sh\nls <x>\n```") == "<pre><code>ls &lt;x&gt;\n</code></pre>"


def test_a_table_is_a_named_region_and_its_columns_are_aligned_by_classes() -> None:
    html = render('| Light "A" | Hours |\n|---|--:|\n| red | 3 |')
    assert html.startswith('<div class="wide" role="region" tabindex="0" aria-label="Light &quot;A&quot;, Hours"><table>')
    assert '<th scope="col">Light "A"</th>' in html
    assert '<td class="to-end">3</td>' in html
    assert "style" not in html


def test_a_table_without_words_in_its_head_has_no_name() -> None:
    assert render("| | |\n|---|---|\n| a | b |").startswith('<div class="wide"><table>')


def test_links_within_the_site_stay_relative_and_others_carry_rel() -> None:
    assert render("[a](/help/en/filter#clean)") == '<p><a href="/help/en/filter#clean">a</a></p>'
    assert render("[a](other)") == '<p><a href="other">a</a></p>'
    assert render("[a](https://example.com)") == '<p><a href="https://example.com" rel="noopener nofollow">a</a></p>'
    assert render("[a](//example.com)") == '<p><a href="//example.com" rel="noopener nofollow">a</a></p>'
    assert render("[a](mailto:help@example.com)") == '<p><a href="mailto:help@example.com" rel="noopener nofollow">a</a></p>'


@pytest.mark.parametrize(
    "address", ["https://example.com/x.png", "//example.com/x.png", "/\\example.com/x.png", "data:image/png;base64,AAAA", "HTTP://example.com/x"]
)
def test_a_picture_from_elsewhere_leaves_its_words(address: str) -> None:
    html = render(f"before ![the valve]({address}) after")
    assert "the valve" in html
    assert "<img" not in html


def test_a_picture_of_the_site_stays() -> None:
    name = "0123456789abcdef" * 2 + "-640x480.png"
    expected = f'<p><img src="/help/pictures/{name}" alt="the valve" title="T" width="640" height="480" loading="lazy"></p>'
    assert render(f'![the valve](/help/pictures/{name} "T")') == expected
    assert render(f'![the valve](/media/{name} "T")') == "<p>the valve</p>"


def test_headings_begin_under_the_title_of_the_page_and_leave_no_gap() -> None:
    found = headings("# A\n\n#### B\n\n## C\n\nD\n===\n")
    assert [(heading.level, heading.text) for heading in found] == [(2, "A"), (3, "B"), (3, "C"), (2, "D")]
    assert render("### A\n\n##### B") == '<h2 id="a">A</h2>\n<h3 id="b">B</h3>'


def test_anchors_are_unique_readable_in_any_script_and_never_those_of_the_page() -> None:
    source = "## Фильтр\n## Фильтр\n## 滤网\n## 🙂\n## Main\n## `code` *and* [link](x)\n"
    anchors = [heading.anchor for heading in headings(source)]
    assert anchors == ["фильтр", "фильтр-2", "滤网", "section", "main-2", "code-and-link"]
    assert not RESERVED & set(anchors)
    assert all(f'id="{anchor}"' in render(source) for anchor in anchors)


def test_a_heading_inside_of_something_is_a_paragraph() -> None:
    assert render("> # loud\n\n- ## louder") == "<blockquote>\n<p>loud</p>\n</blockquote>\n<ul>\n<li>\n<p>louder</p>\n</li>\n</ul>"
    assert headings("> # loud") == []


def test_too_long_a_source_is_refused_whatever_its_letters() -> None:
    render("a" * MAX_SOURCE)
    for source in ("a" * (MAX_SOURCE + 1), "я" * (MAX_SOURCE // 2 + 1)):
        with pytest.raises(SourceTooLong, match="100 kB"):
            render(source)


@pytest.mark.parametrize("piece", ["*a _b", "[", "![[[", "> ", "# a\n", "|a", "[a](b", "<", "&#x", "- a\n", "`" * 3, "**a *b ", "~~a ~b", "[a]: b\n", "\\"])
def test_no_source_within_the_limit_takes_long(piece: str) -> None:
    begun = time.process_time()
    render((piece * MAX_SOURCE)[:MAX_SOURCE])
    assert time.process_time() - begun < 20


def test_hostile_markdown_is_inert_in_passages_too() -> None:
    assert [(source, faults) for source in HOSTILE for section in cut(source) if (faults := Inventory(section.html).faults)] == []


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[Film](https://video.example/watch?v=1)", '<a href="https://video.example/watch?v=1" rel="noopener nofollow">Film</a>'),
        ("https://youtu.be/aB_c*d*e", '<a href="https://youtu.be/aB_c" rel="noopener nofollow">https://youtu.be/aB_c</a><em>d</em>e'),
        ("См. (https://видео.рф/фильм).", None),
        ("看视频：https://video.example/1。", '看视频：<a href="https://video.example/1" rel="noopener nofollow">https://video.example/1</a>。'),
        ("[a https://x.example/1](https://y.example/2)", '<a href="https://y.example/2" rel="noopener nofollow">a https://x.example/1</a>'),
        ("`https://x.example/1` https://", "<code>https://x.example/1</code> https://"),
        ("xhttps://x.example/1 https://[/a javascript://x.example/%0aalert(1)", "xhttps://x.example/1 https://[/a javascript://x.example/%0aalert(1)"),
        ("<iframe src=https://video.example/1></iframe>", None),
    ],
)
def test_videos_are_plain_links_and_nothing_is_embedded(source: str, html: str | None) -> None:
    page = render(source)
    assert "<iframe" not in page
    assert "<video" not in page
    if html is not None:
        assert page == f"<p>{html}</p>"
    else:
        assert page.count('rel="noopener nofollow"') == 1
