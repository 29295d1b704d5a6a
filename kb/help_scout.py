"""Help Scout Docs: articles with their text, categories and collections, as its Docs API gives them."""

from collections.abc import Iterator

from kb.foreign import Foreign, Target, instant_of, language_code, locale_in, target_by, text_of, texts_of
from kb.json_rows import Row

PREFIX = "helpscout-"


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
            self._ids |= {identity: identity, text_of(row.fields, "number"): identity}
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
        identity, collection = text_of(fields, "id"), text_of(fields, "collectionId")
        names = [self._names.get((shelf, locale_in(page)), "") for shelf in (*texts_of(fields, "categories"), collection)]
        yield Foreign(
            where=f"{page}, article {identity or '?'}",
            page=page,
            external_id=f"{PREFIX}{identity}" if identity else "",
            language=language_code(text_of(fields, "language") or locale_in(page) or self._language),
            title=fields.get("name") or "",
            html=fields.get("text") or "",
            category=next(filter(None, names), ""),
            slug=text_of(fields, "slug"),
            published=fields.get("status") == "published",
            open=collection not in self._closed,
            updated_at=instant_of(fields.get("lastPublishedAt") or fields.get("updatedAt")),
            keywords=texts_of(fields, "keywords"),
            origin=text_of(fields, "publicUrl"),
        )

    def target(self) -> Target:
        """Know an article by the number or the id in its address."""
        return target_by(r"/article/([0-9a-f]{24}|\d+)", self._ids, PREFIX)
