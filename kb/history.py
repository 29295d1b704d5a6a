"""History: the revisions of a text with when customers could read them, and what changed between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Translation
from kb.differences import Kind, Piece, compare
from kb.publications import Publication
from kb.revisions import Revision, Wording

PARTS = ("title", "summary", "category", "slug", "body")
CONTEXT_LINES = 3
"""Lines that are shown before and after a change; what lies between is folded away."""
MOST_REVISIONS = 500


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which customers could read something; without ``until`` they still can. ``note`` says why it was published."""

    since: datetime
    until: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision in a history: the number of the one before it, whether it is the newest, and when it was public."""

    revision: Revision
    previous: int | None
    newest: bool
    public: tuple[Span, ...]

    @property
    def is_public(self) -> bool:
        """Whether customers read it now."""
        return any(span.until is None for span in self.public)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some pieces of a comparison; ``folded`` ones are all the same and far from any change, ``lines`` long."""

    pieces: tuple[Piece, ...]
    folded: bool = False
    lines: int = 0


def entries(session: Session, translation: Translation) -> list[Entry]:
    """List the revisions of a text, the newest first; of a very long history the newest part."""
    query = select(Revision).where(Revision.translation_id == translation.id).order_by(Revision.id.desc()).limit(MOST_REVISIONS)
    found = list(session.scalars(query))
    spans = _spans(session, translation.id)
    following = [*(each.id for each in found[1:]), None]
    return [Entry(each, before, place == 0, tuple(spans.get(each.id, ()))) for place, (each, before) in enumerate(zip(found, following, strict=True))]


def entry(session: Session, translation: Translation, number: int) -> Entry | None:
    """Find one revision of a text; one of another text is not found here."""
    found = session.scalars(select(Revision).where(Revision.id == number, Revision.translation_id == translation.id)).one_or_none()
    if found is None:
        return None
    own = Revision.translation_id == translation.id
    before, last = session.scalar(select(func.max(Revision.id)).where(own, Revision.id < number)), session.scalar(select(func.max(Revision.id)).where(own))
    return Entry(found, before, number == last, tuple(_spans(session, translation.id).get(number, ())))


def changed_parts(older: Wording, newer: Wording) -> dict[str, list[Stretch]]:
    """Compare two wordings part by part; a part that did not change is left out."""
    pairs = {name: (str(getattr(older, name)), str(getattr(newer, name))) for name in PARTS}
    return {name: fold(compare(*pair)) for name, pair in pairs.items() if pair[0] != pair[1]}


def fold(pieces: Sequence[Piece]) -> list[Stretch]:
    """Fold away what is the same and far from any change."""
    stretches: list[Stretch] = []
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        lines = piece.text.splitlines(keepends=True)
        before, after = (CONTEXT_LINES if place else 0), (CONTEXT_LINES if place < len(pieces) - 1 else 0)
        hidden = len(lines) - before - after
        if piece.kind is not Kind.SAME or hidden <= 2:
            shown.append(piece)
            continue
        shown += [Piece(Kind.SAME, "".join(lines[:before]))] if before else []
        stretches += [Stretch(tuple(shown))] if shown else []
        stretches.append(Stretch((Piece(Kind.SAME, "".join(lines[before : len(lines) - after])),), folded=True, lines=hidden))
        shown = [Piece(Kind.SAME, "".join(lines[len(lines) - after :]))] if after else []
    return [*stretches, Stretch(tuple(shown))] if shown else stretches


def _spans(session: Session, translation_id: int) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = {}
    for each in session.scalars(select(Publication).where(Publication.translation_id == translation_id).order_by(Publication.id)):
        spans.setdefault(each.revision_id, []).append(Span(each.public_from, each.public_until, each.note))
    return spans
