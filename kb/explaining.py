"""Explaining: the accounts of why a text gets the answer it gets, drawn up from what the engine itself goes by."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from kb.analysis import normal, terms
from kb.candidacies import Course, account_for_candidates
from kb.contributions import Asked, unknown_terms
from kb.engine import Engine
from kb.explanation import CandidateAccount, Explanation, GateAccount, SignAccount, Verdict
from kb.features import Names, names
from kb.judgement import SIGNS, signs
from kb.languages import base, language_of
from kb.placing import place
from kb.readings import Effect, LanguageAccount, Named, RuleAccount, SynonymAccount, WordsAccount
from kb.rule_book import Tact
from kb.rules import RuleKind
from kb.showing import show
from kb.slate import Slate
from kb.wording import Wording

OTHER_INTERFACES = ("", "en", "ru", "zh")
"""Languages of pages on which a text is tried: one that is taken alike on all of them tells its language itself."""


def explain(session: Session, engine: Engine, wording: Wording, languages: tuple[str, str], course: Course) -> Explanation:
    """Account for all that made a text go as it did.

    :param languages: the text's own, and that of the page it was typed on.
    """
    language, interface = languages
    asked = ask(engine, wording, language)
    gate = GateAccount(course.belief.sure, course.gate, "hand" if course.by_hand else engine.judgement.basis)
    candidates: tuple[CandidateAccount, ...] = ()
    synonyms: tuple[SynonymAccount, ...] = ()
    if course.engaged:
        hidden = course.tact.excluded | engine.about_other_codes(wording.text, language)
        slates = engine.slates(wording, language, asked.question, hidden)
        gate = account_for_gate(engine, language, slates, course)
        candidates = account_for_candidates(session, engine, asked, slates, interface, course)
        synonyms = account_for_synonyms(session, engine, asked, interface, course)
    told = account_for_language(engine, course.text, language, interface)
    words = account_for_words(engine, asked)
    return Explanation(_verdict(course, candidates), course.suggestions, told, words, gate, candidates, synonyms, _rules(course.tact), engine.generation)


def no_explanation(language: str, interface: str, gate: float, tact: Tact) -> Explanation:
    """Say that nothing was looked up, because nothing was ready; the rules hold in any case."""
    told = LanguageAccount(language, base(interface), by_text=False, has_articles=False, looked_into=())
    verdict = Verdict.TO_PERSON if tact.urgent else Verdict.NO_ENGINE
    return Explanation(verdict, (), told, WordsAccount((), (), ()), GateAccount(0.0, gate, ""), (), (), _rules(tact), 0)


def _rules(tact: Tact) -> tuple[RuleAccount, ...]:
    kinds = [(RuleKind.PERSON, rule) for rule in tact.person] + [(RuleKind.PIN, rule) for rule in tact.pins]
    return tuple(RuleAccount(rule.rule_id, rule.name, kind, rule.phrase, rule.topic, rule.article_id) for kind, rule in kinds)


def _verdict(course: Course, candidates: Sequence[CandidateAccount]) -> Verdict:
    if course.tact.urgent:
        return Verdict.TO_PERSON
    if course.suggestions:
        return Verdict.SHOWN
    if not course.engaged:
        return Verdict.NO_QUESTION
    if not candidates:
        return Verdict.NOTHING_FITS
    return Verdict.UNDER_GATE if course.belief.sure < course.gate else Verdict.WITHDRAWN


def ask(engine: Engine, wording: Wording, language: str) -> Asked:
    """Analyse a text once for all accounts."""
    typed, brought = names(wording.text, language), frozenset[str]()
    if wording.added:
        other = names(wording.added, language)
        known = {normal(label) for part in (typed.words, typed.pieces, typed.pairs) for labels in part.values() for label in labels}
        brought = frozenset(normal(label) for part in (other.words, other.pieces, other.pairs) for labels in part.values() for label in labels) - known
        typed = Names({**other.words, **typed.words}, {**other.pieces, **typed.pieces}, {**other.pairs, **typed.pairs})
    return Asked(wording, language, engine.question(wording, language), typed, brought)


def account_for_language(engine: Engine, text: str, language: str, interface: str) -> LanguageAccount:
    """Tell how the language was decided: a text tells it if no other page could have made it another."""
    by_text = {language_of(text, other) for other in (*OTHER_INTERFACES, interface)} == {language}
    return LanguageAccount(language, interface, by_text, language in engine.rooms, tuple(room.language for room in engine.rooms_for(language)))


def account_for_words(engine: Engine, asked: Asked) -> WordsAccount:
    """List the words of a text that say nothing, and those that no article knows."""
    text = asked.wording.text
    silent = dict.fromkeys(text[term.start : term.end] for term in terms(text, asked.language) if term.stop)
    return WordsAccount(tuple(silent), asked.wording.silent, unknown_terms(asked, engine.rooms_for(asked.language)))


def account_for_synonyms(session: Session, engine: Engine, asked: Asked, interface: str, course: Course) -> tuple[SynonymAccount, ...]:
    """Try the text without each synonym that fired, and tell what would change."""
    accounts = []
    shown = [each.article_id for each in course.suggestions]
    for fired in {each.rule: each for each in reversed(asked.wording.fired)}.values():
        wording = engine.wording(course.text, asked.language, {fired.rule})
        belief = engine.believe(wording, asked.language, course.limit, course.tact.excluded)
        candidates = place(course.tact, belief, course.gate, course.limit, speaks=lambda article: asked.language in engine.spoken.get(article, ()))
        without = show(session.connection(), candidates, asked.wording, (asked.language, interface)) if candidates else ()
        effect = _effect(shown, [each.article_id for each in without])
        named = tuple(Named(each.article_id, each.language, each.slug, each.title) for each in without)
        accounts.append(SynonymAccount(fired.rule, fired.phrase, fired.added, effect, belief.sure, named))
    return tuple(reversed(accounts))


def _effect(shown: Sequence[int], without: Sequence[int]) -> Effect:
    if list(shown) == list(without):
        return Effect.NOTHING
    if not without or not shown:
        return Effect.ANSWER if without else Effect.SILENCE
    return Effect.ORDER if set(shown) == set(without) else Effect.ARTICLES


def account_for_gate(engine: Engine, language: str, slates: Sequence[Slate], course: Course) -> GateAccount:
    """Tell which signs spoke for an answer and which against, and where that stands to the gate."""
    own = language if language in engine.judgements else ""
    judgement = engine.judgements[own]
    sure, gate, basis = course.belief.sure, course.gate, "hand" if course.by_hand else judgement.basis
    judged = [signs(slate, judgement.weights) for slate in slates if len(slate.articles)]
    if not judged:
        return GateAccount(sure, gate, basis, language=own)
    found = max(judged, key=judgement.sure)
    adds = (found - judgement.centre) / judgement.spread * judgement.slopes
    told = [SignAccount(*each) for each in zip(SIGNS, found.tolist(), judgement.centre.tolist(), adds.tolist(), strict=True)]
    told.sort(key=lambda sign: -abs(sign.adds))
    return GateAccount(sure, gate, basis, judgement.sure(found), float(adds.sum()) + judgement.offset, judgement.offset, tuple(told), own)
