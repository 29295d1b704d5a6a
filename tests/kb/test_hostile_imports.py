"""Whatever an export has in its texts, titles and addresses, what becomes of it renders inert: in an article and in its passages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kb import import_formats
from kb.bundle import open_bundle
from kb.drafts import ArticleError, Draft
from kb.gallery import Gallery
from kb.import_formats import Format
from kb.import_report import Failure
from kb.markdown import render
from kb.passages import cut
from tests.kb.foreign_exports import put
from tests.kb.hostile_markdown import HOSTILE
from tests.kb.test_markdown import Inventory
from tests.webform.scripts_in_texts import SCRIPTS

MORE = (
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="article:x) <img src=x onerror=alert(1)>">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="https://a.example/) [y](javascript:alert(1)">x](javascript:alert(1))</a>',
    "<p>[x](javascript:alert(1)) ![x](https://evil.example/x.png) [r]: javascript:alert(1)</p>",
    '<img src="https://evil.example/pixel.gif" alt="](javascript:alert(1))">',
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+" alt="x">',
    '<img src="data:image/png;base64,PHNjcmlwdD4=">',
    '<img class=emoticon data-emoji-fallback="<script>alert(1)</script>" src=x>',
    '<iframe src="javascript:alert(1)"></iframe><iframe src="//evil.example" title="](javascript:alert(1))"></iframe>',
    '<video src="data:text/html,x"><source src="javascript:alert(1)"></video>',
    '<pre class="language-<script>alert(1)</script>">```\n</code><script>alert(1)</script></pre>',
    "<pre>```\n\n<script>alert(1)</script>\n\n~~~</pre>",
    '<pre data-syntaxhighlighter-params="brush: x` onclick=alert(1)">x</pre>',
    '<div class="callout-x"><script>alert(1)</script>&lt;script&gt;alert(1)&lt;/script&gt;</div>',
    "<table><tr><td>&lt;img src=x onerror=alert(1)&gt;|</td></tr></table>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>&amp;lt;script&amp;gt;</p>",
    "<ol start='9999999999'><li>x</ol><ol start=\"1' onclick='alert(1)\"><li>x</ol>",
    "<td colspan=99999999>x</td><table><tr><td colspan='100000'>x</td></tr></table>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<p>\x00<scr\x00ipt>alert(1)</script>",
)
CORPUS = (*SCRIPTS, *HOSTILE, *MORE)


def api(**fields: object) -> Callable[[int, str], dict[str, object]]:
    """Make rows of a system whose texts stand in these fields."""
    return lambda number, text: {"id": number, **{name: text if value is ... else value for name, value in fields.items()}}


ROWS = {
    Format.ZENDESK: api(section_id=1, locale="en", title=..., body=..., html_url=..., label_names=["<script>"]),
    Format.FRESHDESK: api(folder_id=1, title=..., description=..., status=2, seo_data={"meta_description": "<script>alert(1)</script>x"}),
    Format.INTERCOM: api(type="article", workspace_id="w", title=..., body=..., description=..., state="published"),
    Format.HELP_SCOUT: api(collectionId="c", name=..., text=..., slug=..., status="published"),
}


def page(text: str) -> str:
    return f"<html><head><title>{text}</title></head><body><h1 id='title-text'>T {text}</h1><div id='main-content'>{text}</div></body></html>"


@pytest.fixture(params=[*ROWS, Format.HTML, Format.CONFLUENCE])
def drafts(request: pytest.FixtureRequest, tmp_path: Path) -> list[Draft]:
    chosen: Format = request.param
    if chosen in ROWS:
        put(tmp_path, {"articles.json": {"articles": [ROWS[chosen](number, text) for number, text in enumerate(CORPUS, 1)]}})
    else:
        put(tmp_path, {f"page_{number}.html": page(text).encode(errors="replace") for number, text in enumerate(CORPUS, 1)})
    bundle = open_bundle(tmp_path)
    made = []
    for item in import_formats.read(bundle, Gallery(bundle), chosen, "en").items:
        assert not isinstance(item, Failure)
        try:
            made.append(item.make())
        except ArticleError:
            continue
    return made


def test_the_corpus_is_large() -> None:
    assert len(set(CORPUS)) >= 130


def test_hostile_exports_render_inert(drafts: list[Draft]) -> None:
    assert len(drafts) > len(CORPUS) * 0.6  # Titles of no letter, or of many lines, are refused.
    for draft in drafts:
        assert Inventory(render(draft.body)).faults == [], draft.body
        for section in cut(draft.body):
            assert Inventory(section.html).faults == [], draft.body
