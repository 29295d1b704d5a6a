"""Intercom: articles with their translations, and collections, as its programming interface gives them."""

from collections.abc import Iterator, Mapping
from typing import Any

from kb.foreign import Foreign, Locales, Target, instant_of, target_by, text_of
from kb.json_rows import Row

PREFIX = "intercom-"


class Intercom:
    """What is known of one export."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[str, str] = {}
        self._translated: dict[tuple[str, str], str] = {}
        self._ids: set[str] = set()
        self._locales = Locales()

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return "body" in row.fields and (row.fields.get("type") == "article" or bool({"translated_content", "workspace_id"} & row.fields.keys()))

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row."""
        identity = text_of(row.fields, "id")
        if self.speaks(row):
            self._ids.add(identity)
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
            yield Foreign(
                where=f"{page}, article {identity or '?'} in {locale}",
                page=page,
                external_id=f"{PREFIX}{identity}" if identity else "",
                language=self._locales.code(identity, locale),
                title=content.get("title") or "",
                html=content.get("body") or "",
                summary=text_of(content, "description"),
                category=self._translated.get((parent, locale)) or self._names.get(parent, ""),
                published=content.get("state") == "published",
                updated_at=instant_of(content.get("updated_at")),
                origin=text_of(content, "url"),
            )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/articles/(\d+)", self._ids, PREFIX)

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
