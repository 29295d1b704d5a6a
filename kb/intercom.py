"""Intercom: articles with their translations, and collections, as its programming interface gives them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kb.drafts import Draft
from kb.foreign import Foreign, Locales, Target, external_id, instant_of, label_in, target_by, text_of
from kb.json_rows import Row
from kb.outgoing import PICTURES, File, Leaving, Places, batches, html_of, is_shown, json_file, locales_of, member, number_of, others
from kb.shelves import Shelves

PREFIX = "intercom-"
_LOCALES = {"zh": "zh-CN"}


class Intercom:
    """What is known of one export."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[str, str] = {}
        self._translated: dict[tuple[str, str], str] = {}
        self._ids: dict[str, str] = {}
        self._locales = Locales()

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return "body" in row.fields and (row.fields.get("type") == "article" or bool({"translated_content", "workspace_id"} & row.fields.keys()))

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row."""
        identity = text_of(row.fields, "id")
        if self.speaks(row):
            self._ids[identity] = external_id(row.fields, PREFIX, identity)
            texts = list(self._texts(row))
            for locale, _ in texts:
                self._locales.learn(identity, locale)
            return len(texts)
        if name := text_of(row.fields, "name"):
            self._names[identity] = name
            for locale, content in _translations(row.fields):
                self._translated[identity, locale] = text_of(content, "name", "title")
        return 0

    def articles(self, row: Row, page: str) -> Iterator[Foreign]:
        """Give the article of a row in each of its languages, the one it was written in first."""
        if not self.speaks(row):
            return
        identity, parent = text_of(row.fields, "id"), text_of(row.fields, "parent_id")
        for locale, content in self._texts(row):
            html = content.get("body") or ""
            yield Foreign(
                where=f"{page}, article {identity or '?'} in {locale}",
                page=page,
                external_id=self._ids[identity],
                language=self._locales.code(identity, locale),
                title=content.get("title") or "",
                html=html,
                summary=text_of(content, "description"),
                category=self._translated.get((parent, locale)) or self._names.get(parent, ""),
                published=content.get("state") == "published",
                updated_at=instant_of(content.get("updated_at")),
                origin=text_of(content, "url"),
                label=label_in(content, html),
            )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/articles/(\d+)", self._ids)

    def _texts(self, row: Row) -> Iterator[tuple[str, Mapping[str, Any]]]:
        own = text_of(row.fields, "default_locale") or self._language
        yield own, row.fields
        for locale, content in _translations(row.fields):
            if locale != own:
                yield locale, content


def _translations(fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = fields.get("translated_content")
    for locale, content in found.items() if isinstance(found, dict) else ():
        if isinstance(content, dict):
            yield locale, content


def outgoing(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write articles as the Articles API gives them, each with its translations, and the collections they stand in."""
    shelves = Shelves()
    for number, batch in batches(articles):
        yield json_file(f"articles-{number}.json", {"type": "list", "data": [_article(article, shelves, places) for article in batch]})
    collections = [
        {"id": str(shelf.number), "type": "collection", "name": shelf.name, "default_locale": _locale(shelf.language),
         "translated_content": {_locale(code): {"name": name} for code, name in shelf.names.items()}}
        for shelf in shelves.all()
    ]  # fmt: skip
    yield json_file("collections.json", {"type": "list", "data": collections})


def _article(article: Leaving, shelves: Shelves, places: Places) -> dict[str, object]:
    locales = locales_of((draft.language for draft in article.drafts), _LOCALES)
    texts = {locales[draft.language]: _content(article, draft, places) for draft in article.drafts}
    own, shelf = locales[article.drafts[0].language], shelves.number(article)
    told: dict[str, object] = {"id": str(number_of(article.external_id, PREFIX)), "type": "article", "default_locale": own}
    told |= {"parent_id": shelf, "parent_type": "collection"} if shelf else {}
    return texts[own] | told | {"translated_content": {"type": "article_translated_content", **texts}}


def _content(article: Leaving, draft: Draft, places: Places) -> dict[str, object]:
    def led(external_id: str) -> str | None:
        found = places.language(external_id, draft.language)
        return f"/{_locale(found)}/articles/{number_of(external_id, PREFIX)}" if found else None

    body = html_of(draft, pictures=PICTURES, led=led)
    _, origin = others(draft)
    # What only some may read has no place there: it stays a draft.
    told: dict[str, object] = {"type": "article_content", "title": draft.title, "description": draft.summary, "body": body}
    told |= {"state": "published" if is_shown(draft) and article.is_open else "draft"}
    told |= {"updated_at": int(draft.updated_at.timestamp())} if draft.updated_at else {}
    return told | ({"url": origin} if origin else {}) | member(draft, body)


def _locale(language: str) -> str:
    return _LOCALES.get(language, language)
