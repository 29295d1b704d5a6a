"""Freshdesk Solutions: articles, folders and categories, as its programming interface gives them."""

from collections.abc import Iterable, Iterator

from kb.drafts import Draft
from kb.foreign import Foreign, Locales, Target, external_id, instant_of, label_in, locale_in, target_by, text_of, texts_of
from kb.json_rows import Row
from kb.outgoing import PICTURES, File, Leaving, Places, batches, html_of, is_shown, json_file, member, number_of, others, second
from kb.shelves import Shelves

PREFIX = "freshdesk-"
PUBLISHED, FOR_ALL = 2, 1
_DRAFT, _FOR_AGENTS = 1, 3


class Freshdesk:
    """What is known of one export; a file of translations says its language by its name, as in ``ru/articles.json``."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[str, str] = {}
        self._closed: set[str] = set()
        self._ids: dict[str, str] = {}
        self._locales = Locales()

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return {"folder_id", "title", "description"} <= row.fields.keys()

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row."""
        identity = text_of(row.fields, "id")
        if self.speaks(row):
            self._ids[identity] = external_id(row.fields, PREFIX, identity)
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
        seo, html = fields.get("seo_data"), fields.get("description") or ""
        yield Foreign(
            where=f"{page}, article {identity or '?'} in {locale}",
            page=page,
            external_id=external_id(fields, PREFIX, identity),
            language=self._locales.code(identity, locale),
            title=fields.get("title") or "",
            html=html,
            summary=text_of(seo, "meta_description") if isinstance(seo, dict) else "",
            category=self._category(row, page),
            published=fields.get("status") == PUBLISHED,
            open=folder not in self._closed and fields.get("folder_visibility") in (None, FOR_ALL),
            updated_at=instant_of(fields.get("updated_at")),
            keywords=texts_of(fields, "tags"),
            origin=text_of(fields, "url"),
            label=label_in(fields, html),
        )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/solutions/articles/(\d+)", self._ids)

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


def outgoing(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write articles as the Solutions API gives them, each language in its own folder."""
    shelves = Shelves()
    for number, batch in batches(articles):
        rows: dict[str, list[dict[str, object]]] = {}
        for article in batch:
            folder = shelves.number(article)
            for draft in article.drafts:
                rows.setdefault(draft.language, []).append(_row(article, draft, folder, places))
        for language, told in rows.items():
            yield json_file(f"{language}/articles-{number}.json", told)
    for language in sorted({code for slugs in places.slugs.values() for code in slugs}):
        named = [(shelf, shelf.name if shelf.language == language else shelf.names.get(language, shelf.name)) for shelf in shelves.all()]
        visible = [{"id": shelf.number, "name": name, "visibility": FOR_ALL if shelf.open else _FOR_AGENTS} for shelf, name in named]
        yield json_file(f"{language}/folders.json", visible)


def _row(article: Leaving, draft: Draft, folder: int | None, places: Places) -> dict[str, object]:
    def led(external_id: str) -> str | None:
        found = places.language(external_id, draft.language)
        return f"/{found}/support/solutions/articles/{number_of(external_id, PREFIX)}" if found else None

    body = html_of(draft, pictures=f"../{PICTURES}", led=led)
    keywords, origin = others(draft)
    told: dict[str, object] = {"id": number_of(article.external_id, PREFIX), "type": 1, "category_id": 1, "folder_id": folder, "title": draft.title}
    told |= {"description": body, "status": PUBLISHED if is_shown(draft) else _DRAFT, "folder_visibility": FOR_ALL if article.is_open else _FOR_AGENTS}
    told |= {"tags": keywords, "seo_data": {"meta_title": draft.title, "meta_description": draft.summary}, "updated_at": second(draft)}
    return told | ({"url": origin} if origin else {}) | member(draft, body)
