import time

import pytest

from kb.drafts import ArticleError
from kb.html_markdown import MOST_HTML, escaped, markdown_of, words_of
from kb.markdown import render


def written(html: str) -> str:
    return markdown_of(html, picture=lambda _source: None, link=lambda _place: None).strip()


@pytest.mark.parametrize(
    "words",
    [
        "a*b*c _d_ `e` [f](g) <b> &amp; ~~h~~ \\ | !",
        "# no heading",
        "1. no list",
        "- no list",
        "+ no list",
        "> no quote",
        "---",
        "===",
        "snake_case_name stays",
        "~~~ no fence",
        "![no](picture)",
        "[no]: /reference",
        "ftp://example.com/a_b*c",
        "Ещё 50 % — «да» 🙂 水泵",
    ],
)
def test_words_stay_words(words: str) -> None:
    html = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert render(escaped(words)) == f"<p>{html}</p>"
    assert render(written(f"<p>{html}</p>")) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>one</b><i> two </i>", "**one** *two*"),
        ("<h1>A</h1><h3>B</h3>", "# A\n\n### B"),
        ("<ol start='3'><li>a</li><li><p>b</p><p>c</p></li></ol>", "3. a\n4. b\n\n   c"),
        ("<p>a<br>b</p>", "a  \nb"),
        ("<a href='https://x.example/a b(c)'>x</a>", "[x](https://x.example/a%20b%28c%29)"),
        ("<a href='/hc/en-us'>x</a><a href='#y'>y</a><a name=z>z</a>", "xyz"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
        ("<pre><code class='lang-ruby'>x<br>y</code></pre>", "```ruby\nx\ny\n```"),
        ("<p>a <code>b|`c</code></p>", "a `` b|`c ``"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c|<code>d|e</code></td><td>f<br>g</td></tr></table>", "| a | b |\n| --- | --- |\n| c\\|`d\\|e` | f g |"),
        ("<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>", "| a |\n| --- |\n| b |"),
        ("<iframe src='//video.example/1' title='Film'></iframe>", "[Film](https://video.example/1)"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "**a**\n\nb"),
        ("<details><summary>a</summary>b</details>", "**a**\n\nb"),
        ("<div class='callout-red'><p>a</p><p>b</p></div>", "> [!WARNING]\n> a\n>\n> b"),
        ("<p>a<script>b</script><style>c</style><!-- d --></p>", "a"),
        ("<p>a<p>b<ul><li>c", "a\n\nb\n\n- c"),
        ("plain text", "plain text"),
        ("", ""),
    ],
)
def test_html_becomes_the_markdown_that_a_person_would_write(html: str, markdown: str) -> None:
    assert written(html) == markdown


def test_pictures_and_links_of_ours_take_their_place() -> None:
    html = '<td><img src="a.png" alt="x]"></td><a href="b.html"><img src="c.png" alt="y"></a>'
    markdown = markdown_of(html, picture=lambda source: f"/p/{source}" if source == "a.png" else None, link=lambda place: f"article:{place}")
    assert markdown == "![x\\]](/p/a.png)[y](article:b.html)\n"


def test_what_is_too_long_or_too_deep_is_refused_at_once() -> None:
    began = time.monotonic()
    for html in ("x" * (MOST_HTML + 1), "<div>" * 190_000, "<b>" * 200, "<blockquote>" * 80_000):
        with pytest.raises(ArticleError):
            written(html)
    written("<p>" * 20_000 + "<br>" * 20_000 + "<li>" * 20_000)
    assert time.monotonic() - began < 20


def test_words_are_all_that_is_left_of_html_in_one_line() -> None:
    assert words_of("<p>a <b>b</b>\n</p><script>c</script><p>d</p>") == "a b d"
