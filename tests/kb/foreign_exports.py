"""Exports of other systems, written here in the shape that their makers publish: three languages, tables, code, emoji, links and pictures."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.kb.painting import picture

TEXTS = {
    "en": ("The pump hums 🙂", "Pumps", "Let the air out", "Red & blue"),
    "ru": ("Насос гудит 🙂", "Насосы", "Выпустите воздух", "Красный и синий"),
    "zh": ("水泵嗡嗡响 🙂", "水泵", "排出空气", "红色和蓝色"),
}
VALVE = picture(colour=(10, 20, 30))


def html(language: str, link: str, image: str) -> str:
    _, _, advice, colours = TEXTS[language]
    safe = colours.replace("&", "&amp;")
    return (
        f'<h2>{advice}</h2><p>a*b &lt;script&gt; <a href="{link}">{advice}</a><img src="{image}" alt="{advice}"></p>'
        f"<table><thead><tr><th>#</th><th>{safe}</th></tr></thead><tbody><tr><td>1</td><td>x | y</td></tr></tbody></table>"
        f'<pre class="language-python">if x:\n    print("{advice}")</pre><ul><li>{advice}<ol><li>1.5 bar</li></ol></li></ul><script>alert(1)</script>'
    )


def put(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)).encode())
    return folder


def zendesk(folder: Path) -> Path:
    """The pages of three lists, and the translations of one article; the picture was saved under the number of its attachment."""
    image = "https://example.zendesk.com/hc/article_attachments/360009/valve.png"

    def texts(language: str) -> dict[str, object]:
        link = "https://example.zendesk.com/hc/en-us/articles/102-Other"
        return {"title": TEXTS[language][0], "body": html(language, link, image), "draft": False, "updated_at": "2026-01-02T03:04:05Z"}

    home = {"section_id": 5, "source_locale": "en-us", "locale": "en-us", "label_names": ["air"], "user_segment_id": None, "author_id": 1, "promoted": False}
    place = "https://example.zendesk.com/hc/en-us/articles"
    articles = [
        {"id": 101, **home, **texts("en"), "html_url": f"{place}/101-The-pump"},
        {"id": 102, **home, **texts("en"), "title": "Other", "body": f"<p><a href='{place}/101'>x</a></p>", "draft": True, "html_url": f"{place}/102-Other"},
        {"id": 103, **home, **texts("en"), "title": "Agents only", "body": "<p>x</p>", "user_segment_id": 77, "html_url": f"{place}/103"},
    ]
    translations = [
        {"id": 900 + number, "source_id": 101, "source_type": "Article", "locale": locale, "outdated": False, **texts(language)}
        for number, (locale, language) in enumerate([("en-us", "en"), ("ru", "ru"), ("zh-cn", "zh")])
    ]
    named = [{"id": 70, "source_id": 5, "source_type": "Section", "locale": "ru", "title": "Насосы"}]
    named += [{"id": 71, "source_id": 5, "source_type": "Section", "locale": "zh-cn", "title": "水泵"}]
    return put(
        folder,
        {
            "articles-1.json": {"count": 3, "page": 1, "articles": articles},
            "sections.json": {"sections": [{"id": 5, "category_id": 6, "name": "Pumps", "locale": "en-us"}]},
            "categories.json": {"categories": [{"id": 6, "name": "Garden", "locale": "en-us"}]},
            "translations/101.json": {"translations": translations},
            "translations/sections.json": {"translations": named},
            "article_attachments/360009.png": VALVE,
        },
    )


def freshdesk(folder: Path) -> Path:
    """A list of articles a language, and their folders."""

    def article(number: int, language: str, **fields: object) -> dict[str, object]:
        title = TEXTS[language][0]
        body = html(language, "https://example.freshdesk.com/support/solutions/articles/102-other", "https://cdn.example/data/helpdesk/attachments/valve.png")
        return {"id": number, "type": 1, "category_id": 3, "folder_id": 4, "title": title, "description": body, "description_text": "x", "status": 2} | {
            "tags": ["air"], "seo_data": {"meta_description": "Short"}, "updated_at": "2026-01-02T03:04:05Z",
        } | fields  # fmt: skip

    def shelves(language: str) -> list[dict[str, object]]:
        return [{"id": 4, "name": TEXTS[language][1], "visibility": 1}, {"id": 8, "name": "Ours", "visibility": 3}]

    files: dict[str, object] = {"attachments/valve.png": VALVE}
    for language in TEXTS:
        files[f"{language}/articles.json"] = [article(101, language)]
        files[f"{language}/folders.json"] = shelves(language)
    files["en/articles.json"] = [
        article(101, "en"),
        article(102, "en", title="Other", description="<a href='/support/solutions/articles/101'>x</a>", status=1),
        article(103, "en", title="Agents only", folder_id=8, description="<p>x</p>"),
    ]
    return put(folder, files)


def intercom(folder: Path) -> Path:
    """One list of articles with their translations, and one of collections."""

    def content(language: str) -> dict[str, object]:
        body = html(language, "https://intercom.help/example/en/articles/102-other", "https://downloads.intercomcdn.com/i/o/55/valve.png?expires=1")
        return {"type": "article_content", "title": TEXTS[language][0], "description": "Short", "body": body, "state": "published", "updated_at": 1767323045}

    article = content("en") | {"id": "101", "type": "article", "workspace_id": "w", "parent_id": 5, "parent_type": "collection", "default_locale": "en"}
    article["translated_content"] = {"type": "article_translated_content", "ru": content("ru"), "zh-CN": content("zh"), "en": content("en"), "de": None}
    other = {"id": "102", "type": "article", "workspace_id": "w", "title": "Other", "state": "draft", "parent_id": 5, "default_locale": "en"}
    other["body"] = "<a href='https://intercom.help/example/en/articles/101-the-pump'>x</a>"
    named = {"ru": {"name": "Насосы"}, "zh-CN": {"name": "水泵"}}
    collection = {"id": "5", "type": "collection", "name": "Pumps", "translated_content": named}
    return put(
        folder,
        {
            "articles.json": {"type": "list", "total_count": 2, "pages": {"page": 1}, "data": [article, other]},
            "collections.json": {"type": "list", "data": [collection]},
            "images/valve.png": VALVE,
        },
    )


def help_scout(folder: Path) -> Path:
    """Articles one by one, as they are asked for by id, and the list of categories; each site in its own folder."""
    files: dict[str, object] = {"images/valve.png": VALVE}
    for language, (title, category, *_) in TEXTS.items():
        body = html(language, "https://help.example.com/article/12-other", "//d33v4339jhl8k0.cloudfront.net/docs/assets/1/images/2/valve.png")
        article = {"id": "5215163545667acd25394b5c", "number": 11, "collectionId": "c", "slug": "the-pump", "status": "published", "name": title} | {
            "text": body, "categories": ["5214c77d45667acd25394b52"], "keywords": ["air"], "publicUrl": "https://help.example.com/article/11-the-pump",
            "updatedAt": "2026-01-02T03:04:05Z",
        }  # fmt: skip
        files[f"{language}/article-11.json"] = {"article": article}
        files[f"{language}/categories.json"] = {"categories": {"page": 1, "items": [{"id": "5214c77d45667acd25394b52", "name": category}]}}
    other = {"id": "5215163545667acd25394b5d", "number": 12, "collectionId": "c", "slug": "other", "status": "notpublished", "name": "Other"}
    files["en/article-12.json"] = {"article": other | {"text": "<a href='https://help.example.com/article/11-the-pump'>x</a>", "categories": []}}
    files["en/articles.json"] = {"articles": {"page": 1, "items": [{key: other[key] for key in ("id", "number", "slug", "name", "status")}]}}
    return put(folder, files)


def confluence(folder: Path) -> Path:
    """The pages of a space beside each other, their attachments in a folder for each page."""

    def page(title: str, body: str, language: str = "en") -> str:
        crumbs = '<li class="first"><span><a href="index.html">Garden</a></span></li><li><a href="1.html">Home</a></li><li><a href="2.html">Pumps</a></li>'
        return (
            f"<!DOCTYPE html><html lang='{language}'><head><title>Garden : {title}</title></head><body><div id='main-header'><ol id='breadcrumbs'>{crumbs}</ol>"
            f'<h1 class="pagetitle"><span id="title-text"> Garden : {title} </span></h1></div><div id="content">'
            "<div class='page-metadata'>Created by <span class='author'>Secret Person</span>, last modified on 2026-01-02</div>"
            f'<div id="main-content" class="wiki-content group">{body}</div><div id="attachments">Attachments: valve.png</div></div></body></html>'
        )

    care = (
        '<div class="confluence-information-macro confluence-information-macro-warning"><div class="confluence-information-macro-body"><p>Hot</p></div></div>'
    )
    code = '<pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: java; gutter: false">int x;</pre>'
    files: dict[str, object] = {"index.html": "<html><body>Space details</body></html>", "styles/site.css": "x", "attachments/101/9001.png": VALVE}
    for number, language in ((101, "en"), (103, "ru"), (104, "zh")):
        title = TEXTS[language][0]
        files[f"Page_{number}.html"] = page(title, html(language, "Other_102.html", "attachments/101/9001.png?width=340") + care + code, language)
    files["Other_102.html"] = page("Other", "<p><a href='Page_101.html'>x</a> <a href='/wiki/pages/viewpage.action?pageId=103'>y</a></p>")
    return put(folder, files)


def pages(folder: Path) -> Path:
    """A folder of pages for each language, with what they are in their heads."""

    def page(language: str) -> str:
        title, category, *_ = TEXTS[language]
        head = f'<title>{title}</title><meta name="category" content="{category}"><meta name="keywords" content="air, water">'
        head += '<meta name="description" content="Short">'
        head += '<meta name="last-modified" content="2026-01-02T03:04:05Z">'
        body = html(language, "../en/other.html", "../images/valve.png")
        return f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body><nav>Menu</nav><main><h1>{title}</h1>{body}</main></body></html>'

    files: dict[str, object] = {f"{language}/pump.html": page(language) for language in TEXTS}
    files["en/other.html"] = "<html><head><title>Other</title><meta name=status content=draft></head><body><a href='pump.html#x'>x</a></body></html>"
    files["images/valve.png"] = VALVE
    return put(folder, files)


EXPORTS: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "zendesk": (zendesk, "zendesk-101", "zendesk-102"),
    "freshdesk": (freshdesk, "freshdesk-101", "freshdesk-102"),
    "intercom": (intercom, "intercom-101", "intercom-102"),
    "helpscout": (help_scout, "helpscout-5215163545667acd25394b5c", "helpscout-5215163545667acd25394b5d"),
    "html": (pages, "pump", "other"),
}
"""By format: what writes the export, the id of its first article, and that of the other one, which is a draft."""
