"""Zendesk Help Center: articles, sections, categories and translations, as its Help Center API gives them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.foreign import Foreign, Locales, Target, external_id, instant_of, label_in, target_by, text_of, texts_of
from kb.json_rows import Row
from kb.outgoing import PICTURES, File, Leaving, Places, batches, html_of, is_shown, json_file, locales_of, member, number_of, others, second, stable_number
from kb.shelves import Shelves

PREFIX = "zendesk-"
_CATEGORY = 1
_LOCALES = {"en": "en-us", "zh": "zh-cn"}


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an article stands, which its translations do not say."""

    external_id: str
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
            home = _Home(
                external_id(fields, PREFIX, identity),
                text_of(fields, "section_id"),
                fields.get("user_segment_id") is None,
                text_of(fields, "html_url"),
                keywords,
            )
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
        home = self._homes.get(identity, _Home(external_id(fields, PREFIX, identity), "", open=True, origin="", keywords=()))
        html = fields.get("body") or ""
        yield Foreign(
            where=f"{page}, article {identity or '?'} in {locale}",
            page=page,
            external_id=home.external_id,
            language=self._locales.code(identity, locale),
            title=fields.get("title") or fields.get("name") or "",
            html=html,
            category=self._category(home.section, locale),
            published=not fields.get("draft") and not fields.get("hidden"),
            open=home.open,
            updated_at=instant_of(fields.get("edited_at") or fields.get("updated_at")),
            keywords=home.keywords,
            origin=text_of(fields, "html_url") or home.origin,
            label=label_in(fields, html),
        )

    def target(self) -> Target:
        """Know an article by the number in its address."""
        return target_by(r"/hc/(?:[\w-]+/)?articles/(\d+)", {number: home.external_id for number, home in self._homes.items()})

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


def outgoing(articles: Iterable[Leaving], places: Places) -> Iterator[File]:
    """Write articles as the Help Center API gives them: articles in their source language, translations, sections and categories."""
    shelves = Shelves()
    for number, batch in batches(articles):
        texts = [(article, _texts(article, places)) for article in batch]
        yield json_file(f"articles-{number}.json", {"articles": [_article(article, told[0], shelves) for article, told in texts]})
        if translations := [_translation(article, fields) for article, told in texts for fields in told]:
            yield json_file(f"translations-{number}.json", {"translations": translations})
    sections = [
        {"id": shelf.number, "category_id": _CATEGORY, "name": shelf.name, "locale": _locale(shelf.language), "source_locale": _locale(shelf.language)}
        for shelf in shelves.all()
    ]
    names = [
        {"id": stable_number(f"{shelf.number} {code}"), "source_id": shelf.number, "source_type": "Section", "locale": _locale(code), "title": name}
        for shelf in shelves.all() for code, name in shelf.names.items()
    ]  # fmt: skip
    yield json_file("categories.json", {"categories": [{"id": _CATEGORY, "name": "Help", "locale": "en-us"}]})
    yield json_file("sections.json", {"sections": sections})
    yield json_file("section_translations.json", {"translations": names})


def _texts(article: Leaving, places: Places) -> list[dict[str, object]]:
    locales, told = locales_of((draft.language for draft in article.drafts), _LOCALES), []
    for draft in article.drafts:

        def led(external_id: str, language: str = draft.language) -> str | None:
            found = places.language(external_id, language)
            return f"/hc/{_locale(found)}/articles/{number_of(external_id, PREFIX)}" if found else None

        body = html_of(draft, pictures=PICTURES, led=led)
        texts = {"locale": locales[draft.language].lower(), "title": draft.title, "body": body, "draft": not is_shown(draft), "outdated": False}
        told.append({**texts, "updated_at": second(draft), **member(draft, body)})
    return told


def _article(article: Leaving, source: dict[str, object], shelves: Shelves) -> dict[str, object]:
    keywords, origin = others(article.drafts[0])
    told: dict[str, object] = {"id": number_of(article.external_id, PREFIX), "source_locale": source["locale"], "section_id": shelves.number(article)}
    # Segments of users are another system's own: 0 is none of them, and still not everybody.
    told |= {"label_names": keywords, "promoted": False, "user_segment_id": None if article.is_open else 0}
    return told | source | ({"html_url": origin} if origin else {})


def _translation(article: Leaving, fields: dict[str, object]) -> dict[str, object]:
    identity = number_of(article.external_id, PREFIX)
    return {"id": stable_number(f"{identity} {fields['locale']}"), "source_id": identity, "source_type": "Article", **fields}


def _locale(language: str) -> str:
    return _LOCALES.get(language, language).lower()
