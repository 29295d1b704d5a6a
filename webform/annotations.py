"""Annotations: what happened on the days of a trend: texts published, another gate, incidents that somebody noted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from deflection import incidents
from kb.articles import Translation
from kb.gate_choices import GateChoice
from kb.publications import Publication
from webform import desk
from webform.periods import Days

MOST = 2000


class AnnotationKind(StrEnum):
    """What kind of thing happened."""

    PUBLICATION = "publication"
    GATE = "gate"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing that happened on a day. ``incident`` is the number of one that was noted by hand, ``by`` who noted it."""

    day: date
    kind: AnnotationKind
    words: str
    by: str = ""
    incident: int | None = None


def annotations(session: Session, days: Days) -> list[Annotation]:
    """List what happened in a time, the first thing first; the texts published on one day are one thing."""
    noted = [
        Annotation(each.happened_on, AnnotationKind.INCIDENT, each.words, each.noted_by, each.id) for each in incidents.between(session, days.first, days.last)
    ]
    return sorted([*_published(session, days), *_gates(session, days), *noted], key=lambda each: (each.day, each.kind, each.incident or 0))


def kinds() -> dict[AnnotationKind, str]:
    """Name what kinds of things happen."""
    return {
        AnnotationKind.PUBLICATION: gettext("Published"),
        AnnotationKind.GATE: gettext("Gate"),
        AnnotationKind.INCIDENT: gettext("Incident"),
    }


def _published(session: Session, days: Days) -> list[Annotation]:
    rows = select(Publication.public_from, Translation.title).join(Translation, Translation.id == Publication.translation_id)
    within = rows.where(Publication.public_from >= days.since, Publication.public_from < days.until).order_by(Publication.public_from, Publication.id)
    found: defaultdict[date, list[str]] = defaultdict(list)
    for moment, title in session.execute(within.limit(MOST)):
        found[moment.date()].append(title)
    return [Annotation(day, AnnotationKind.PUBLICATION, _titles(titles)) for day, titles in found.items()]


def _titles(titles: list[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return str(ngettext("%(title)s and %(num)d more", "%(title)s and %(num)d more", len(titles) - 1, title=titles[0]))


def _gates(session: Session, days: Days) -> list[Annotation]:
    chosen = select(GateChoice).where(GateChoice.chosen_at >= days.since, GateChoice.chosen_at < days.until).order_by(GateChoice.id)
    return [
        Annotation(
            choice.chosen_at.date(),
            AnnotationKind.GATE,
            gettext("From %(before)s to %(after)s", before=desk.share(choice.previous), after=desk.share(choice.gate))
            if choice.gate is not None
            else gettext("From %(before)s to the calibrated one", before=desk.share(choice.previous)),
            choice.chosen_by,
        )
        for choice in session.scalars(chosen)
    ]
