"""The page of two languages side by side: what stands in it, whoever typed what."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from kb import catalogue
from kb.article_links import resolve
from kb.articles import Article, Status, Translation
from kb.descent import root, settled_revision
from kb.differences import Kind, Piece, compare
from kb.lags import SourceLag, source_behind, standing
from kb.revisions import Wording, latest_revision
from kb.sides import Row, State, lay_out, line_change
from kb.substance import Change
from kb.writing import current
from webform.i18n import LANGUAGES

OFFERED = ("ar", "de", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "tr", "uk", "vi")
"""Languages that a first translation can be begun in, beside those that are there."""


@dataclass(frozen=True, slots=True)
class Line:
    """Title or summary in both languages."""

    source: str
    own: str
    state: State
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A row of the page: the source as customers read it or as it differs, and what the translation has beside it."""

    row: Row
    html: str
    pieces: Sequence[Piece]
    was: str
    own: str

    @property
    def name(self) -> str:
        """The heading by which a person knows the passage, in either language."""
        return next((part.heading for part in (self.row.own, self.row.source, self.row.before) if part is not None and part.heading), "")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has in the fields and could not save: it is shown again, and ``theirs`` beside it if somebody was faster."""

    wording: Wording
    base: Wording
    version: int
    fault: str = ""
    theirs: Wording | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class SidePage:
    """Everything that the page shows; ``translation`` is nothing while there is none."""

    article: Article
    source: Translation
    language: str
    translation: Translation | None
    source_revision: int
    version: int
    base: Wording
    title: Line
    summary: Line
    passages: list[Passage]
    body: str
    standing: SourceLag | None
    follows: bool
    lagging: bool
    typed: Typed | None
    offered: list[str]
    clash: list[Piece] = field(default_factory=list)

    @property
    def is_out_of_date(self) -> bool:
        """Whether the newest text of the translation says something else than its source."""
        return self.follows and self.standing is not None and self.standing.is_out_of_date

    @property
    def has_slight_change(self) -> bool:
        """Whether the source was changed since, but not in substance."""
        return self.follows and self.standing is not None and self.standing.change is Change.SLIGHT

    @property
    def is_ahead(self) -> bool:
        """Whether there is something that customers do not read yet."""
        return self.translation is not None and (self.translation.status != Status.PUBLISHED or bool(self.translation.pending))

    @property
    def work(self) -> list[tuple[int, Passage]]:
        """The passages that do not say what the source says, with their numbers."""
        return [(number, each) for number, each in enumerate(self.passages) if each.row.wants_work]


def choose(session: Session, article: Article, source: str, language: str) -> tuple[Translation | None, str]:
    """Choose two languages of an article where the address does not: the one it was made from, and one that wants work."""
    by_language = {each.language: each for each in article.translations}
    if not source and list(by_language) == [language]:  # There is nothing that it could have been made from.
        source, language = language, ""
    if not language:
        late = [each.language for each in article.translations if source_behind(session, each.id) is not None]
        missing = [each for each in (*LANGUAGES, *OFFERED) if each not in by_language]
        language = next((each for each in (*late, *missing, *by_language) if each != source), "")
    if not source:
        own = by_language.get(language)
        newest = latest_revision(session, own.id) if own is not None else None
        found = standing(session, own, newest.id) if own is not None and newest is not None else None
        first = root(article.translations)
        others = [each for each in article.translations if each.language != language]
        source = found.made.source.language if found else first.language if first and first.language != language else others[0].language if others else ""
    return by_language.get(source), language


def build(session: Session, source: Translation, language: str, typed: Typed | None = None) -> SidePage:
    """Put a text and its translation into another language side by side."""
    article = source.article
    translation = next((each for each in article.translations if each.language == language), None)
    own = current(session, translation) if translation is not None else Wording("", "")
    newest = latest_revision(session, translation.id) if translation is not None else None
    found = standing(session, translation, newest.id) if translation is not None and newest is not None else None
    follows = found is not None and found.made.source.id == source.id
    before = found.made.revision if found is not None and follows else None
    shown = typed.wording if typed is not None else own
    rows = lay_out(source.body, shown.body, source.language, before=before.body if before is not None else None)
    theirs = typed.theirs if typed is not None else None
    spoken = list(dict.fromkeys((*(each.language for each in article.translations), *catalogue.languages(session), *LANGUAGES, *OFFERED)))
    return SidePage(
        article=article,
        source=source,
        language=language,
        translation=translation,
        source_revision=settled_revision(session, source) or 0,
        version=typed.version if typed is not None else translation.version if translation is not None else 0,
        base=typed.base if typed is not None else own,
        title=_line(source.title, shown.title, before.title if before is not None else None, source.language),
        summary=_line(source.summary, shown.summary, before.summary if before is not None else None, source.language),
        passages=[_passage(session, row, source.language) for row in rows],
        body=shown.body,
        standing=found,
        follows=follows,
        lagging=translation is not None and source_behind(session, translation.id) is not None,
        typed=typed,
        offered=spoken,
        clash=compare(theirs.body, shown.body) if theirs is not None else [],
    )


def taken_over(typed: Typed, theirs: Wording, author: str, version: int) -> Typed:
    """Give what somebody typed another chance, over what another person saved meanwhile."""
    return replace(typed, base=theirs, version=version, theirs=theirs, author=author)


def _line(source: str, own: str, before: str | None, language: str) -> Line:
    if before is None:
        return Line(source, own, State.KEPT)
    state, pieces = line_change(before, source, language)
    return Line(source, own, state, pieces)


def _passage(session: Session, row: Row, language: str) -> Passage:
    html = resolve(session, row.source.html, language) if row.source is not None else ""
    own = row.own.source if row.own is not None else ""
    pieces = row.pieces
    return Passage(row, html, pieces if any(piece.kind is not Kind.SAME for piece in pieces) else [], own, own.rstrip("\r\n"))
