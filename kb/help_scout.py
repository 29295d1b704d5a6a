"""Help Scout Docs: articles with their text, categories and collections, as its Docs API gives them."""

import re
from collections.abc import Iterable, Iterator

from kb.drafts import Draft
from kb.foreign import Foreign, Target, external_id, instant_of, label_in, language_code, locale_in, target_by, text_of, texts_of
from kb.json_rows import Row
from kb.outgoing import PICTURES, File, Leaving, Places, html_of, is_shown, json_file, member, number_of, others, second
from kb.shelves import Shelves

PREFIX = "helpscout-"
_COLLECTIONS = {True: f"{1:024x}", False: f"{2:024x}"}
"""The collection of what anybody may read, and that of the rest."""


class HelpScout:
    """What is known of one export; a site is in one language, which a file may say by its name, as in ``ru/articles.json``."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[tuple[str, str], str] = {}
        self._closed: set[str] = set()
        self._ids: dict[str, str] = {}

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return {"collectionId", "name", "text"} <= row.fields.keys()

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row; a list of articles without their texts makes none."""
        identity = text_of(row.fields, "id")
        if self.speaks(row):
            own = external_id(row.fields, PREFIX, identity)
            self._ids |= {identity: own, text_of(row.fields, "number"): own}
            return 1
        if row.kind in ("categories", "collections"):
            self._names[identity, locale_in(page)] = text_of(row.fields, "name")
            if row.fields.get("visibility") == "private":
                self._closed.add(identity)
        return 0

    def articles(self, row: Row, page: str) -> Iterator[Foreign]:
        """Give the article of a row."""
        fields = row.fields
        if not self.speaks(row):
            return
        identity, collection, html = text_of(fields, "id"), text_of(fields, "collectionId"), fields.get("text") or ""
        names = [self._names.get((shelf, locale_in(page)), "") for shelf in (*texts_of(fields, "categories"), collection)]
        yield Foreign(
            where=f"{page}, article {identity or '?'}",
            page=page,
            external_id=external_id(fields, PREFIX, identity),
            language=language_code(text_of(fields, "language") or locale_in(page) or self._language),
            title=fields.get("name") or "",
            html=html,
            category=next(filter(None, names), ""),
            slug=text_of(fields, "slug"),
            published=fields.get("status") == "published",
            open=collection not in self._closed,
            updated_at=instant_of(fields.get("lastPublishedAt") or fields.get("updatedAt")),
            keywords=texts_of(fields, "keywords"),
            origin=text_of(fields, "publicUrl"),
            label=label_in(fields, html),
        )

    def target(self) -> Target:
        """Know an article by the number or the id in its address."""
        return target_by(r"/article/([0-9a-f]{24}|\d+)", self._ids)


def outgoing(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write articles as the Docs API gives them one by one, each language in the folder of its own site."""
    shelves = Shelves()
    for article in articles:
        shelf = shelves.number(article)
        for draft in article.drafts:
            number = number_of(article.external_id, PREFIX)
            yield json_file(f"{draft.language}/article-{number}.json", {"article": _row(article, draft, number, shelf, places)})
    for language in sorted({code for slugs in places.slugs.values() for code in slugs}):
        named = [(shelf, shelf.name if shelf.language == language else shelf.names.get(language, shelf.name)) for shelf in shelves.all()]
        items = [{"id": _long(shelf.number), "collectionId": _COLLECTIONS[shelf.open], "name": name} for shelf, name in named]
        yield json_file(f"{language}/categories.json", {"categories": {"items": items}})
        sites = [{"id": identity, "visibility": "public" if is_open else "private", "name": "Help"} for is_open, identity in _COLLECTIONS.items()]
        yield json_file(f"{language}/collections.json", {"collections": {"items": sites}})


def _row(article: Leaving, draft: Draft, number: int, shelf: int | None, places: Places) -> dict[str, object]:
    def led(external_id: str) -> str | None:
        return f"/article/{number_of(external_id, PREFIX)}" if places.language(external_id, draft.language) else None

    own = article.external_id.removeprefix(PREFIX)
    body = html_of(draft, pictures=f"../{PICTURES}", led=led)
    keywords, origin = others(draft)
    told: dict[str, object] = {"id": own if re.fullmatch("[0-9a-f]{24}", own) else _long(number), "number": number, "slug": draft.slug, "name": draft.title}
    told |= {"collectionId": _COLLECTIONS[article.is_open], "categories": [_long(shelf)] if shelf else [], "keywords": keywords}
    told |= {"status": "published" if is_shown(draft) else "notpublished", "text": body, "updatedAt": second(draft)}
    return told | ({"publicUrl": origin} if origin else {}) | member(draft, body)


def _long(number: int) -> str:
    return f"{number:024x}"
