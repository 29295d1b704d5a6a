"""Freshdesk Solutions: articles, folders and categories, as its programming interface gives them."""

from collections.abc import Iterator

from kb.foreign import Foreign, Locales, Target, instant_of, locale_in, target_by, text_of, texts_of
from kb.json_rows import Row

PREFIX = "freshdesk-"
PUBLISHED, FOR_ALL = 2, 1


class Freshdesk:
    """What is known of one export; a file of translations says its language by its name, as in ``ru/articles.json``."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[str, str] = {}
        self._closed: set[str] = set()
        self._ids: set[str] = set()
        self._locales = Locales()

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return {"folder_id", "title", "description"} <= row.fields.keys()

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row."""
        identity = text_of(row.fields, "id")
        if self.speaks(row):
            self._ids.add(identity)
            self._locales.learn(identity, self._locale(row, page))
            return 1
        if row.kind in ("folders", "categories"):
            self._names.setdefault(f"{row.kind} {identity} {locale_in(page)}", text_of(row.fields, "name"))
            if row.kind == "folders" and row.fields.get("visibility") not in (None, FOR_ALL):
                self._closed.add(identity)
        return 0

    def articles(self, row: Row, page: str) -> Iterator[Foreign]:
        """Give the article of a row."""
        fields = row.fields
        if not self.speaks(row):
            return
        identity, folder, locale = text_of(fields, "id"), text_of(fields, "folder_id"), self._locale(row, page)
        seo = fields.get("seo_data")
        yield Foreign(
            where=f"{page}, article {identity or '?'} in {locale}",
            page=page,
            external_id=f"{PREFIX}{identity}" if identity else "",
            language=self._locales.code(identity, locale),
            title=fields.get("title") or "",
            html=fields.get("description") or "",
            summary=text_of(seo, "meta_description") if isinstance(seo, dict) else "",
            category=self._category(row, page),
            published=fields.get("status") == PUBLISHED,
            open=folder not in self._closed and fields.get("folder_visibility") in (None, FOR_ALL),
            updated_at=instant_of(fields.get("updated_at")),
            keywords=texts_of(fields, "tags"),
            origin=text_of(fields, "url"),
        )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/solutions/articles/(\d+)", self._ids, PREFIX)

    def _locale(self, row: Row, page: str) -> str:
        own = text_of(row.fields, "language", "language_code") or locale_in(page)
        above = (text_of(level["data"], "language") for level in _levels(row))
        return own or next((language for language in above if language), "") or self._language

    def _category(self, row: Row, page: str) -> str:
        for kind, name in (("folders", "folder_id"), ("categories", "category_id")):
            key = f"{kind} {text_of(row.fields, name)} "
            if found := self._names.get(key + locale_in(page)) or self._names.get(key):
                return found
        levels = [text_of(level["data"], "name") for level in _levels(row)]
        return text_of(row.fields, "folder_name", "category_name") or (levels[-1] if levels else "")


def _levels(row: Row) -> list[dict[str, dict[str, object]]]:
    found = row.fields.get("hierarchy")
    return [level for level in found if isinstance(level, dict) and isinstance(level.get("data"), dict)] if isinstance(found, list) else []
