"""Candidacies: which articles are considered for a text, what speaks for each, and why it is shown or not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.analysis import normal
from kb.articles import Translation
from kb.contributions import KINDS, Asked, ByTerm, Recollection, in_articles, recollect
from kb.engine import LEAST_PART, Belief, Candidate, Engine
from kb.explanation import CandidateAccount, Carried, Evidence, Fate, Kind, Measure, PassageAccount, SourceScore
from kb.judgement import Judgement
from kb.passages import Passage
from kb.room import Room
from kb.rule_book import Tact
from kb.showing import Suggestion, passage_fits, show
from kb.slate import SOURCES, Slate

CONSIDERED = 8
"""Candidates that are accounted for."""
MOST_TERMS = 12
"""Terms that are named for each kind of evidence; weaker ones are added up."""
BEGINNING_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Course:
    """How a text went: what is shown of it, what the engine believed, at which gate and with how many places."""

    text: str
    suggestions: tuple[Suggestion, ...]
    belief: Belief
    gate: float
    limit: int
    engaged: bool
    by_hand: bool
    tact: Tact


@dataclass(frozen=True, slots=True)
class Considered:
    """A candidate where it was found: its line in the slate of a room."""

    candidate: Candidate
    room: Room | None
    slate: Slate
    row: int
    weights: Judgement
    kept: float


def consider(engine: Engine, asked: Asked, slates: Sequence[Slate], course: Course) -> list[Considered]:
    """Give the candidates, each article once: first those that are shown or were settled on, then others in the order of belief.

    Articles that are excluded, or about another code, come last: the engine has not seen them, but would have had something to say.
    """
    found = _found(engine, asked, slates)
    settled = [each.article_id for each in course.suggestions] + [each.article_id for each in course.belief.candidates]
    places = {article: place for place, article in reversed(list(enumerate(settled)))}
    ordered = sorted(found.values(), key=lambda each: (places.get(each.candidate.article_id, len(settled)), -each.candidate.score))[:CONSIDERED]
    if left_out := course.tact.excluded | engine.about_other_codes(asked.wording.text, asked.language):
        others = _found(engine, asked, engine.slates(asked.wording, asked.language, asked.question))
        ordered += [each for article, each in others.items() if article in left_out]
    return ordered


def _found(engine: Engine, asked: Asked, slates: Sequence[Slate]) -> dict[int, Considered]:
    judgement = engine.judgements.get(asked.language, engine.judgement)
    kept = engine.objections.keeps(asked.question) if engine.objections else {}
    rooms: Sequence[Room | None] = engine.rooms_for(asked.language) or [None]
    found: dict[int, Considered] = {}
    for room, slate in zip(rooms, slates, strict=True):
        for row, score in judgement.believe(slate, CONSIDERED)[1]:
            article = int(slate.articles[row])
            candidate = Candidate(article, score * kept.get(article, 1.0))
            if candidate.article_id not in found or found[candidate.article_id].candidate.score < score:
                found[candidate.article_id] = Considered(candidate, room, slate, row, judgement, kept.get(article, 1.0))
    return found


def account_for_candidates(
    session: Session, engine: Engine, asked: Asked, slates: Sequence[Slate], interface: str, course: Course
) -> tuple[CandidateAccount, ...]:
    """Tell of each candidate what speaks for it, which passage fits, and why it is shown or not."""
    considered = consider(engine, asked, slates, course)
    evidence = _evidence(engine, asked, considered)
    found = {each.article_id: each for each in show(session.connection(), [each.candidate for each in considered], asked.wording, (asked.language, interface))}
    fates = _fates(engine, asked.language, considered, set(found), course)
    shown = {each.article_id: each.score for each in course.suggestions}
    pinned, known_ids = set(course.tact.pinned) & set(shown), {each.candidate.article_id for each in considered}
    unheard = [each for each in course.suggestions if each.article_id not in known_ids]  # Shown by a rule alone, or by a generation that has just gone.
    accounts = [
        CandidateAccount(
            rank, each.article_id, each.language, each.slug, each.title, Fate.SHOWN, each.score, 0.0, 0.0, (),
            _passages(session, asked, each), each.article_id in pinned,
        )
        for rank, each in enumerate(unheard, 1)
    ]  # fmt: skip
    for rank, (each, fate, told) in enumerate(zip(considered, fates, evidence, strict=True), len(unheard) + 1):
        article, known = each.candidate.article_id, found.get(each.candidate.article_id)
        score, share = shown.get(article, each.candidate.score), float(each.weights.shares(each.slate)[each.row])
        total = float(each.slate.values[each.row] @ each.weights.weights)
        named = (known.language, known.slug, known.title) if known else ("", "", "")
        passages = _passages(session, asked, known) if known else ()
        accounts.append(CandidateAccount(rank, article, *named, fate, score, share, total, told, passages, article in pinned, each.kept))
    return tuple(accounts)


def _fates(engine: Engine, language: str, considered: Sequence[Considered], published: Collection[int], course: Course) -> list[Fate]:
    """Tell what became of each candidate; of several reasons not to show it the first one."""
    shown = {each.article_id for each in course.suggestions}
    other_codes = engine.about_other_codes(course.text, language)
    settled = [candidate.article_id for candidate in course.belief.candidates[: course.limit]]
    own = any(language in engine.spoken.get(article, ()) for article in settled)
    least = LEAST_PART * max((candidate.score for candidate in course.belief.candidates), default=0.0)
    fates = []
    for each in considered:
        article = each.candidate.article_id
        reasons = (
            (Fate.SHOWN, article in shown),
            (Fate.TO_PERSON, course.tact.urgent is not None),
            (Fate.EXCLUDED, article in course.tact.excluded),
            (Fate.OTHER_CODE, article in other_codes),
            (Fate.OTHER_LANGUAGE, own and language not in engine.spoken.get(article, ())),
            (Fate.WITHDRAWN, article not in published),
            (Fate.UNDER_GATE, course.belief.sure < course.gate),
            (Fate.SMALL_PART, article in settled and each.candidate.score < least),
        )
        fates.append(next((fate for fate, holds in reasons if holds), Fate.NOT_AMONG_BEST))
    return fates


def _evidence(engine: Engine, asked: Asked, considered: Sequence[Considered]) -> list[tuple[Evidence, ...]]:
    memory = recollect(asked, engine.classifier, [each.candidate.article_id for each in considered]) if engine.classifier else None
    told: list[Mapping[str, ByTerm]] = [{} for _ in considered]
    for slate, room in {id(each.slate): (each.slate, each.room) for each in considered}.values():
        places = [place for place, each in enumerate(considered) if each.slate is slate]
        if room is not None:
            found = in_articles(asked, room, slate, [considered[place].row for place in places])
            for column, place in enumerate(places):
                told[place] = {source: {term: values[column : column + 1] for term, values in by_term.items()} for source, by_term in found.items()}
    return [_of_candidate(asked, each, told[place], memory, place) for place, each in enumerate(considered)]


def _of_candidate(asked: Asked, each: Considered, told: Mapping[str, ByTerm], memory: Recollection | None, place: int) -> tuple[Evidence, ...]:
    found = []
    for kind in Kind:
        columns = [column for column, source in enumerate(SOURCES) if KINDS.get(source, Kind.OTHER) == kind]
        scores = tuple(SourceScore(SOURCES[column], float(each.slate.values[each.row, column]), float(each.weights.weights[column])) for column in columns)
        adds = sum(score.value * score.weight for score in scores)
        if kind == Kind.LINEAR and memory is not None and adds:
            odds = float(memory.odds[place])
            named = _strongest(asked, {term: float(values[place]) for term, values in memory.linear.items()})
            found.append(Evidence(kind, scores, adds, named, odds - sum(term.adds for term in named), Measure.ODDS, odds))
        elif columns:
            summed: dict[str, float] = {}
            typed: dict[str, str] = {}
            for score in scores:
                if score.source == "nearest" and memory is not None:
                    by_term: ByTerm = {term: values[place : place + 1] for term, values in memory.nearest.items()}
                else:
                    by_term = told.get(score.source, {})
                for term, values in by_term.items():
                    key = normal(term)
                    summed[key] = summed.get(key, 0.0) + score.weight * float(values[0])
                    typed.setdefault(key, term)
            named = _strongest(asked, {typed[key]: adds for key, adds in summed.items()})
            neighbours = int(memory.neighbours[place]) if kind == Kind.VOTES and memory is not None else 0
            found.append(Evidence(kind, scores, adds, named, adds - sum(term.adds for term in named), neighbours=neighbours))
    return tuple(found)


def _strongest(asked: Asked, by_term: Mapping[str, float]) -> tuple[Carried, ...]:
    ordered = sorted(((term, adds) for term, adds in by_term.items() if adds), key=lambda each: (-abs(each[1]), each[0]))
    return tuple(Carried(term, adds, normal(term) in asked.brought) for term, adds in ordered[:MOST_TERMS])


def _passages(session: Session, asked: Asked, shown: Suggestion) -> tuple[PassageAccount, ...]:
    """Tell how well each passage of an article fits; the best come first."""
    rows = select(Passage).join(Translation, Translation.id == Passage.translation_id)
    rows = rows.where(Translation.article_id == shown.article_id, Translation.language == shown.language).order_by(Passage.position)
    passages = list(session.scalars(rows))
    typed = asked.meant(shown.language) | asked.typed(shown.language)
    fits = passage_fits(passages, asked.wording.wanted(shown.language), shown.title, shown.language)
    best = int(np.argmax([fit.value for fit in fits])) if fits else -1
    accounts = [
        PassageAccount(
            passage.heading, passage.text[:BEGINNING_LENGTH], fit.value,
            _strongest(asked, {typed.get(term, term): adds for term, adds in fit.terms.items()}), fit.head_start, number == best,
        )
        for number, (passage, fit) in enumerate(zip(passages, fits, strict=True))
    ]  # fmt: skip
    return tuple(sorted(accounts, key=lambda each: (not each.chosen, -each.value)))
