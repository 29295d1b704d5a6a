"""Explained in lines: an explanation in plain words, as the command line prints it, and as one object of plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from kb.explanation import CandidateAccount, Carried, Evidence, Explanation, Fate, GateAccount, Kind, Measure, Verdict
from kb.readings import Effect, SynonymAccount
from kb.rules import RuleKind

MOST_TERMS, MOST_SIGNS = 6, 5
LEAST_ADDED = 0.005

VERDICTS = {
    Verdict.SHOWN: "A customer is shown {count} of {considered} articles.",
    Verdict.TO_PERSON: "Silent: a rule of tact sends the text straight to a person.",
    Verdict.NO_QUESTION: "Silent: the text says too little; it takes two words with a meaning, one in a sentence of four, or four Chinese characters.",
    Verdict.NO_ENGINE: "Silent: nothing has been made ready to answer from yet.",
    Verdict.NOTHING_FITS: "Silent: no article and no past request has anything in common with the text.",
    Verdict.UNDER_GATE: "Silent: it is not probable enough that an article answers.",
    Verdict.WITHDRAWN: "Silent: what would have been shown is no longer published.",
}
FATES = {
    Fate.SHOWN: "shown",
    Fate.TO_PERSON: "not shown: the text goes to a person",
    Fate.EXCLUDED: "not shown: excluded from suggestions",
    Fate.OTHER_CODE: "not shown: its title names another code than the text",
    Fate.UNDER_GATE: "not shown: under the gate",
    Fate.SMALL_PART: "not shown: too small a part beside the first",
    Fate.NOT_AMONG_BEST: "not shown: others are better",
    Fate.OTHER_LANGUAGE: "not shown: only in another language, and the text's own has articles",
    Fate.WITHDRAWN: "not shown: no longer published",
}
EFFECTS = {
    Effect.NOTHING: "the same articles would be shown",
    Effect.ORDER: "the order would be: {titles}",
    Effect.ARTICLES: "these would be shown: {titles}",
    Effect.SILENCE: "nothing would be shown",
    Effect.ANSWER: "something would be shown: {titles}",
}
KINDS = {
    Kind.TITLE: "title",
    Kind.WORDS: "words",
    Kind.PIECES: "pieces of words",
    Kind.INDEX: "term index",
    Kind.LINEAR: "learned model",
    Kind.NEAREST: "past requests, the nearest",
    Kind.VOTES: "past requests, the ten nearest",
    Kind.OTHER: "other sources",
}


def lines(told: Explanation) -> Iterator[str]:
    """Say an explanation in plain words."""
    yield VERDICTS[told.verdict].format(count=len(told.suggestions), considered=len(told.candidates))
    language = told.language
    looked = "" if language.has_articles else f"; it has no article, so these were looked into: {', '.join(language.looked_into) or 'none'}"
    yield f"language: {language.code}, decided by the {'text' if language.by_text else 'page'}{looked}"
    if told.words.silent:
        yield f"say nothing: {', '.join(told.words.silent)}"
    if told.words.left_out:
        yield f"left out by the list of stop words: {', '.join(told.words.left_out)}"
    if told.words.unknown:
        yield f"in no article: {', '.join(told.words.unknown)}"
    for rule in told.rules:
        follows = "nothing is suggested and the request is urgent" if rule.kind == RuleKind.PERSON else f"article {rule.article_id} is shown first"
        yield f"rule of tact “{rule.name}”, by {f'“{rule.phrase}”' if rule.phrase else f'the topic {rule.topic}'}: {follows}"
    yield from _gate(told.gate)
    yield from map(_synonym, told.synonyms)
    for candidate in told.candidates:
        yield ""
        yield from _candidate(candidate)


def plain(told: Explanation) -> dict[str, Any]:
    """Give an explanation as one object of plain values, for JSON."""
    return asdict(told) | {"gate": asdict(told.gate) | {"is_open": told.gate.is_open}}


def _gate(gate: GateAccount) -> Iterator[str]:
    sign = "at or over" if gate.is_open else "under"
    basis = f", from {gate.basis}" if gate.basis else ""
    yield f"gate: {gate.sure:.1%} sure that one of the first three answers; that is {sign} the gate of {gate.gate:.1%}{basis}"
    for words, told in (("for", [sign for sign in gate.signs if sign.adds > 0]), ("against", [sign for sign in gate.signs if sign.adds < 0])):
        named = [f"{sign.name} {sign.adds:+.2f}" for sign in told if abs(sign.adds) >= LEAST_ADDED][:MOST_SIGNS]
        if named:
            yield f"  {words}: {', '.join(named)}"


def _synonym(synonym: SynonymAccount) -> str:
    titles = ", ".join(article.title for article in synonym.without)
    effect = EFFECTS[synonym.effect].format(titles=titles)
    return f"synonym “{synonym.rule}” added “{', '.join(synonym.added)}” for “{synonym.phrase}”; without it {effect} ({synonym.sure_without:.1%} sure)"


def _candidate(candidate: CandidateAccount) -> Iterator[str]:
    name = f"{candidate.title} ({candidate.language})" if candidate.title else f"article {candidate.article_id}"
    yield f"{candidate.rank}. {name}: {FATES[candidate.fate]}{', first by a rule of tact' if candidate.pinned else ''}"
    yield f"   probability {candidate.score:.1%}, evidence {candidate.total:.2f} in all"
    if candidate.kept < 1:
        yield f"   objections: customers put it away for texts like this, so it keeps {candidate.kept:.0%} of its belief"
    for evidence in candidate.evidence:
        if evidence.adds >= LEAST_ADDED:
            yield f"   {KINDS[evidence.kind]} {evidence.adds:.2f}{_carried(evidence)}"
    chosen = next((passage for passage in candidate.passages if passage.chosen), None)
    if chosen:
        name = f"“{chosen.heading}”" if chosen.heading else "the beginning"
        yield f"   passage: {name}{_terms(chosen.terms, chosen.head_start, 'for being the beginning')}"


def _carried(evidence: Evidence) -> str:
    if evidence.kind == Kind.VOTES:
        return f": {evidence.neighbours} of the ten nearest past requests"
    if evidence.measure == Measure.ODDS:
        return f", odds {evidence.odds:+.2f}{_terms(evidence.terms, evidence.rest, 'others')}"
    return _terms(evidence.terms, evidence.rest, "others")


def _terms(carried: Sequence[Carried], rest: float, name: str) -> str:
    named = [each for each in carried if abs(each.adds) >= LEAST_ADDED][:MOST_TERMS]
    left = rest + sum(each.adds for each in carried) - sum(each.adds for each in named)
    said = [f"{each.term}{' (synonym)' if each.by_synonym else ''} {each.adds:+.2f}" for each in named] + (
        [f"{name} {left:+.2f}"] if abs(left) >= LEAST_ADDED else []
    )
    return f": {', '.join(said)}" if said else ""
