"""Pages: articles written as a folder of HTML, or as Confluence exports a space, so that any browser and importer can read them."""

import json
from collections.abc import Iterable, Iterator
from html import escape

from kb.drafts import Draft
from kb.labels import MEMBER, label_of
from kb.outgoing import PICTURES, File, Leaving, Places, anchored, html_of, others, second, stable_number, text_file

SPACE = "Help"
_LABEL_BEFORE = "</head>"


def folder(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write each text as ``<language>/<slug>.html``, with what it is in its head."""
    for article in articles:
        for draft in article.drafts:
            yield text_file(f"{draft.language}/{draft.slug}.html", _sealed(_page(draft, places), draft))


def confluence(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write each text as a page of one space; a space is in one language, so that translations are pages of their own."""
    for article in articles:
        for draft in article.drafts:
            yield text_file(_place(draft.external_id, draft.language, draft.slug), _sealed(_confluence_page(draft, places), draft))


def _page(draft: Draft, places: Places) -> str:
    def led(external_id: str) -> str | None:
        found = places.language(external_id, draft.language)
        return f"../{anchored(f'{found}/{places.slugs[external_id][found]}.html')}" if found else None

    keywords, _ = others(draft)
    told = {"article-id": draft.external_id, "status": str(draft.status), "category": draft.category, "description": draft.summary}
    told |= {"keywords": ", ".join(keywords), "last-modified": second(draft) or ""}
    metas = "".join(f'<meta name="{name}" content="{escape(text)}">\n' for name, text in told.items() if text)
    body = html_of(draft, pictures=f"../{PICTURES}", led=led)
    return f"{_head(draft, escape(draft.title))}{metas}</head>\n<body>\n<main>\n<h1>{escape(draft.title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"


def _confluence_page(draft: Draft, places: Places) -> str:
    def led(external_id: str) -> str | None:
        found = places.language(external_id, draft.language)
        return anchored(_place(external_id, found, places.slugs[external_id][found])) if found else None

    title = escape(f"{SPACE} : {draft.title}")
    crumbs = "".join(f"<li{mark}><span>{escape(name)}</span></li>" for mark, name in ((' class="first"', SPACE), ("", SPACE), ("", draft.category)) if name)
    changed = f'<div class="page-metadata">last modified on {draft.updated_at:%Y-%m-%d}</div>\n' if draft.updated_at else ""
    body = html_of(draft, pictures=PICTURES, led=led)
    return (
        f'{_head(draft, title)}<meta name="article-id" content="{escape(draft.external_id)}">\n</head>\n<body>\n<ol id="breadcrumbs">{crumbs}</ol>\n'
        f'<h1 id="title-heading" class="pagetitle"><span id="title-text">{title}</span></h1>\n{changed}'
        f'<div id="main-content" class="wiki-content group">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _head(draft: Draft, title: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="{escape(draft.language)}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'


def _sealed(page: str, draft: Draft) -> str:
    """Put the label into the head of a page; it seals all the rest."""
    label = escape(json.dumps(label_of(draft, page), ensure_ascii=False))
    before, head, after = page.partition(_LABEL_BEFORE)
    return f'{before}<meta name="{MEMBER}" content="{label}">\n{head}{after}'


def _place(external_id: str, language: str, slug: str) -> str:
    return f"{slug}_{stable_number(f'{external_id} {language}')}.html"
