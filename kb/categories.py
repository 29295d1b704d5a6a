"""Categories: the published articles of a language on their shelves, as the help centre lays them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.visibility import readable

SHELF_LENGTH = 5
LIST_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says about an article."""

    language: str
    slug: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category, how many articles it has, and some of them in the order of their titles."""

    category: str
    total: int
    entries: tuple[Entry, ...]


def shelves(session: Session, language: str) -> list[Shelf]:
    """List the categories of a language, the fullest first and the one without a name last, each with its first articles."""
    ranked = (
        select(
            Translation.category,
            Translation.slug,
            Translation.title,
            Translation.summary,
            func.count().over(partition_by=Translation.category).label("total"),
            func.row_number().over(partition_by=Translation.category, order_by=(Translation.title, Translation.id)).label("place"),
        )
        .where(Translation.language == language, readable())
        .subquery()
    )
    found: dict[str, Shelf] = {}
    for row in session.execute(select(ranked).where(ranked.c.place <= SHELF_LENGTH).order_by(ranked.c.category, ranked.c.place)):
        before = found.get(row.category, Shelf(row.category, row.total, ()))
        found[row.category] = Shelf(row.category, row.total, (*before.entries, Entry(language, row.slug, row.title, row.summary)))
    return sorted(found.values(), key=lambda shelf: (not shelf.category, -shelf.total, shelf.category))


def shelf(session: Session, language: str, category: str, *, page: int = 1) -> Shelf:
    """Give one page of a category, ``LIST_LENGTH`` articles long; pages count from 1."""
    here = (Translation.language == language, Translation.category == category, readable())
    total = session.scalar(select(func.count()).select_from(Translation).where(*here)) or 0
    query = select(Translation.slug, Translation.title, Translation.summary).where(*here).order_by(Translation.title, Translation.id)
    rows = session.execute(query.limit(LIST_LENGTH).offset((page - 1) * LIST_LENGTH))
    return Shelf(category, total, tuple(Entry(language, row.slug, row.title, row.summary) for row in rows))


def newest(session: Session, language: str, limit: int) -> tuple[Entry, ...]:
    """Give the articles of a language that were written or changed last."""
    columns = (Translation.language, Translation.slug, Translation.title, Translation.summary)
    query = select(*columns).where(Translation.language == language, readable()).order_by(Translation.updated_at.desc(), Translation.id.desc())
    return tuple(Entry(*row) for row in session.execute(query.limit(limit)))


def entries(session: Session, translation_ids: Sequence[int]) -> tuple[Entry, ...]:
    """Give what lists say about some translations, in their order; those that not everybody may read are left out."""
    columns = (Translation.id, Translation.language, Translation.slug, Translation.title, Translation.summary)
    found = {row.id: Entry(*row[1:]) for row in session.execute(select(*columns).where(Translation.id.in_(translation_ids), readable()))}
    return tuple(found[each] for each in translation_ids if each in found)


def languages(session: Session) -> dict[str, int]:
    """Tell in which languages customers may read, and how many articles, the most first."""
    query = select(Translation.language, func.count()).where(readable()).group_by(Translation.language)
    counted = {language: count for language, count in session.execute(query)}  # noqa: C416 - rows are not pairs to the type checker
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def reader_language(wanted: Iterable[str], available: Iterable[str]) -> str:
    """Choose the language of the articles to show: the first wanted one there is, also as a variant of it, else the first there is.

    :return: one of ``available``, or the first wanted one where there is no article at all.
    """
    available, wanted = list(available), list(wanted)
    for language in wanted:
        base = language.split("-")[0]
        for close in (language, base, *available):
            if close in available and close.split("-")[0] == base:
                return close
    return (available or wanted or ["en"])[0]


def native_name(language: str) -> str:
    """Say the name of a language in that language; its code where nobody knows it."""
    try:
        name = Locale.parse(language, sep="-").get_display_name() or language
    except (ValueError, UnknownLocaleError):
        return language
    return name[:1].upper() + name[1:]
