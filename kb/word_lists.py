"""Word lists: synonyms and words that say nothing, per language, as staff wrote them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Text, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.generations import raise_generation
from kb.languages import base
from kb.schema import Base
from kb.synonyms import Fault, read_synonyms
from kb.trace import record
from kb.wording import read_stop_words

LONGEST_LIST = 100_000
"""Characters of one list."""


class WordList(Base):
    """The lists of one language; ``version`` counts their changes, so that nobody overwrites what he has not seen."""

    __tablename__ = "word_list"

    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    synonyms: Mapped[str] = mapped_column(Text, default="")
    stop_words: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Lists:
    """What is written down for a language; version 0 says that nothing is yet."""

    language: str
    synonyms: str = ""
    stop_words: str = ""
    version: int = 0
    author: str = ""
    updated_at: datetime | None = None


class FaultyWords(Exception):
    """Lists have lines that cannot be used."""

    def __init__(self, synonyms: list[Fault], stop_words: list[Fault]) -> None:
        """Name the lines of each list."""
        super().__init__(f"{len(synonyms)} and {len(stop_words)} lines cannot be used")
        self.synonyms, self.stop_words = synonyms, stop_words


class ChangedMeanwhile(Exception):
    """Somebody else has saved the lists since they were read."""


def lists_of(session: Session, language: str) -> Lists:
    """Give the lists of a language, empty ones if there are none."""
    found = session.get(WordList, base(language), populate_existing=True)
    return _lists(found) if found else Lists(base(language))


def all_lists(session: Session) -> list[Lists]:
    """Give the lists of all languages that have some."""
    return [_lists(each) for each in session.scalars(select(WordList).order_by(WordList.language))]


def faults_of(synonyms: str, stop_words: str, language: str) -> tuple[list[Fault], list[Fault]]:
    """Name the lines that cannot be used, of each list."""
    return read_synonyms(synonyms, base(language))[1], read_stop_words(stop_words, base(language))[1]


def save_lists(session: Session, language: str, *, synonyms: str, stop_words: str, version: int, author: str, now: datetime) -> Lists:
    """Save the lists of a language and raise the generation, so that every process has them within two seconds.

    :param version: the version that the writer has seen; 0 if there was none.
    :raises FaultyWords: if a line cannot be used; nothing is saved.
    :raises ChangedMeanwhile: if that version is no longer the present one; nothing is saved.
    """
    language, synonyms, stop_words = base(language), _tidy(synonyms), _tidy(stop_words)
    faults = faults_of(synonyms, stop_words, language)
    if any(faults):
        raise FaultyWords(*faults)
    before = lists_of(session, language)
    values = {"synonyms": synonyms, "stop_words": stop_words, "author": author, "updated_at": now}
    if version:
        seen = WordList.language == language, WordList.version == version
        changed = session.execute(update(WordList).where(*seen).values(version=version + 1, **values).returning(WordList.language)).all()
        if not changed:
            raise ChangedMeanwhile
    else:
        try:
            with session.begin_nested():
                session.add(WordList(language=language, version=1, **values))
        except IntegrityError as error:
            raise ChangedMeanwhile from error
    raise_generation(session)
    saved = Lists(language, synonyms, stop_words, version + 1, author, now)
    record(session, actor=author, action="changed", subject=f"words:{language}", before=_facts(before), after=_facts(saved), now=now)
    return saved


def _lists(found: WordList) -> Lists:
    return Lists(found.language, found.synonyms, found.stop_words, found.version, found.author, found.updated_at)


def _facts(lists: Lists) -> dict[str, object]:
    return {"synonyms": lists.synonyms.splitlines(), "stop_words": lists.stop_words.splitlines()}


def _tidy(lines: str) -> str:
    return "\n".join(line.rstrip() for line in lines.replace("\0", "").splitlines()).rstrip()
