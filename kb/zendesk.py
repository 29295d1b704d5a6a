"""Zendesk Help Center: articles, sections, categories and translations, as its Help Center API gives them."""

from collections.abc import Iterator
from dataclasses import dataclass

from kb.foreign import Foreign, Locales, Target, instant_of, target_by, text_of, texts_of
from kb.json_rows import Row

PREFIX = "zendesk-"


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an article stands, which its translations do not say."""

    section: str
    open: bool
    origin: str
    keywords: tuple[str, ...]


class Zendesk:
    """What is known of one export."""

    def __init__(self, language: str) -> None:
        """Take the language of texts that do not tell their own."""
        self._language = language
        self._names: dict[tuple[str, str], str] = {}
        self._sections: dict[str, str] = {}
        self._homes: dict[str, _Home] = {}
        self._said: set[tuple[str, str]] = set()
        self._locales = Locales()

    @staticmethod
    def speaks(row: Row) -> bool:
        """Tell whether a row is of such an export."""
        return {"section_id", "locale"} <= row.fields.keys() or {"source_type", "locale", "body"} <= row.fields.keys()

    def learn(self, row: Row, page: str) -> int:
        """Hear of a row; the text that an article was written in first comes before its translations."""
        fields = row.fields
        identity, locale = text_of(fields, "id"), text_of(fields, "locale") or self._language
        if row.kind in ("sections", "categories"):
            self._names[identity, locale] = text_of(fields, "name")
            self._names.setdefault((identity, ""), text_of(fields, "name"))
            if row.kind == "sections":
                self._sections[identity] = text_of(fields, "category_id")
        elif _is_article(row):
            keywords = texts_of(fields, "label_names")
            home = _Home(text_of(fields, "section_id"), fields.get("user_segment_id") is None, text_of(fields, "html_url"), keywords)
            self._homes.setdefault(identity, home)
            self._said.add((identity, locale))
            self._locales.learn(identity, text_of(fields, "source_locale") or locale)
            self._locales.learn(identity, locale)
            return 1
        elif _is_translation(row) and fields.get("source_type") == "Section":
            self._names[text_of(fields, "source_id"), locale] = text_of(fields, "title")
        elif _is_translation(row):
            self._locales.learn(text_of(fields, "source_id"), locale)
            return int((text_of(fields, "source_id"), locale) not in self._said)
        return 0

    def articles(self, row: Row, page: str) -> Iterator[Foreign]:
        """Give the article of a row, or the translation that no other row has said."""
        fields = row.fields
        article = _is_article(row)
        identity = text_of(fields, "id" if article else "source_id")
        locale = text_of(fields, "locale") or self._language
        translation = _is_translation(row) and fields.get("source_type") in (None, "Article") and (identity, locale) not in self._said
        if not article and not translation:
            return
        home = self._homes.get(identity, _Home("", open=True, origin="", keywords=()))
        yield Foreign(
            where=f"{page}, article {identity or '?'} in {locale}",
            page=page,
            external_id=f"{PREFIX}{identity}" if identity else "",
            language=self._locales.code(identity, locale),
            title=fields.get("title") or fields.get("name") or "",
            html=fields.get("body") or "",
            category=self._category(home.section, locale),
            published=not fields.get("draft") and not fields.get("hidden"),
            open=home.open,
            updated_at=instant_of(fields.get("edited_at") or fields.get("updated_at")),
            keywords=home.keywords,
            origin=text_of(fields, "html_url") or home.origin,
        )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/hc/(?:[\w-]+/)?articles/(\d+)", set(self._homes), PREFIX)

    def _category(self, section: str, locale: str) -> str:
        for identity in (section, self._sections.get(section, "")):
            name = self._names.get((identity, locale)) or self._names.get((identity, ""))
            if name:
                return name
        return ""


def _is_article(row: Row) -> bool:
    return "body" in row.fields and "section_id" in row.fields


def _is_translation(row: Row) -> bool:
    return "source_id" in row.fields and "locale" in row.fields
