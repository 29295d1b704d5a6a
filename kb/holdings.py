"""Holdings: what anybody may read of the knowledge base at one generation, as the engine reads it."""

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.examples import Example, Standing
from kb.generations import current_generation
from kb.languages import base
from kb.passages import Passage
from kb.visibility import readable
from kb.word_lists import Lists, all_lists


@dataclass(frozen=True, slots=True)
class Entry:
    """A published translation, as far as it is matched.

    ``fingerprint`` changes whenever anything that is matched changes.
    """

    translation_id: int
    article_id: int
    language: str
    title: str
    category: str
    headings: tuple[str, ...]
    text: str
    fingerprint: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A text whose article is known; ``None`` says that no article answers."""

    text: str
    article_id: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Somebody's word that an article answers a text, or that it does not; without a network it is one of ours, or agreed long since."""

    text: str
    language: str
    article_id: int
    fits: bool
    network: str | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything the engine is made from."""

    generation: int
    entries: tuple[Entry, ...]
    samples: tuple[Sample, ...] = ()
    trials: tuple[Sample, ...] = ()
    """Labelled texts that are only tried, not learned."""
    words: tuple[Lists, ...] = ()
    """Synonyms and words that say nothing."""
    remarks: tuple[Remark, ...] = ()
    """What was said, either way, of articles that anybody objected to."""


def read_holdings(session: Session) -> Holdings:
    """Read what is published now, in one consistent look."""
    generation = current_generation(session)
    entries = read_entries(session, readable())
    believed = Example.fits, Example.standing != Standing.WAITING
    samples = session.execute(select(Example.text, Example.article_id, Example.language).where(*believed).order_by(Example.id))
    return Holdings(generation, entries, tuple(Sample(*row) for row in samples), words=tuple(all_lists(session)), remarks=_remarks(session))


def _remarks(session: Session) -> tuple[Remark, ...]:
    doubtful = select(Example.article_id).where(~Example.fits)
    columns = (Example.text, Example.language, Example.article_id, Example.fits, Example.network)
    found = session.execute(select(*columns).where(Example.article_id.in_(doubtful)).order_by(Example.id))
    return tuple(Remark(text, language, article_id or 0, fits, network) for text, language, article_id, fits, network in found)


def read_entries(session: Session, *wanted: ColumnElement[bool]) -> tuple[Entry, ...]:
    """Read some translations as they are matched, in the order of their ids."""
    passages: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = (
        select(Passage.translation_id, Passage.heading, Passage.text)
        .where(Passage.translation_id.in_(select(Translation.id).where(*wanted)))
        .order_by(Passage.translation_id, Passage.position)
    )
    for translation_id, heading, text in session.execute(rows):
        passages[translation_id].append((heading, text))
    columns = (Translation.id, Translation.article_id, Translation.language, Translation.title, Translation.summary, Translation.category)
    return tuple(entry_of(*row, passages[row.id]) for row in session.execute(select(*columns).where(*wanted).order_by(Translation.id)))


def entry_of(translation_id: int, article_id: int, language: str, title: str, summary: str, category: str, passages: Sequence[tuple[str, str]]) -> Entry:
    """Put together what is matched of a translation.

    :param passages: heading and text of each.
    """
    headings = tuple(heading for heading, _ in passages if heading)
    text = "\n".join([summary, *(f"{heading}\n{text}" for heading, text in passages)]).strip()
    mark = zlib.crc32(repr((article_id, language, title, category, headings, text)).encode("utf-8", "backslashreplace"))
    return Entry(translation_id, article_id, base(language), title, category, headings, text, mark)
