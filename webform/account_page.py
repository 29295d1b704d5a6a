"""The account page: an explanation as the staff's page draws it, with bars measured and terms chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale
from babel.numbers import format_decimal, format_percent

from kb.explanation import CandidateAccount, Carried, Evidence, Explanation, Fate, GateAccount, Kind, Measure, PassageAccount
from webform import account_words
from webform.i18n import choose_language

MOST_CHIPS, MOST_SIGNS = 8, 5
LEAST_ADDED = 0.005


@dataclass(frozen=True, slots=True)
class Chip:
    """A term with what it adds."""

    term: str
    adds: str
    against: bool
    by_synonym: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """What one kind of source says of a candidate; ``length`` and ``common`` are percent of the longest bar.

    ``common`` is what all considered candidates have at least of it; ``rest`` is what the chips leave over, empty for nothing;
    ``odds`` is what the chips add up to where they do not add up to the bar.
    """

    name: str
    adds: str
    length: float
    common: float
    chips: tuple[Chip, ...]
    rest: str
    odds: str
    neighbours: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate: ``open`` tells whether its account is unfolded."""

    account: CandidateAccount
    fate: str
    shown: bool
    open: bool
    probability: str
    total: str
    bars: tuple[Bar, ...]
    passage: PassageAccount | None
    passage_chips: tuple[Chip, ...]
    head_start: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """What spoke for an answer or against it; ``length`` is percent of the strongest sign."""

    name: str
    adds: str
    length: float


@dataclass(frozen=True, slots=True)
class Page:
    """An explanation ready to be drawn; places are percent of the line from 0 to 1."""

    told: Explanation
    shown: frozenset[int]
    why: str
    sure: str
    gate: str
    basis: str
    sure_place: float
    gate_place: float
    signs_for: tuple[Sign, ...]
    signs_against: tuple[Sign, ...]
    items: tuple[Item, ...]
    effects: dict[str, str]


def page(told: Explanation) -> Page:
    """Measure and word an explanation."""
    gate = told.gate
    longest = max((evidence.adds for each in told.candidates for evidence in each.evidence), default=0.0) or 1.0
    common = {kind: min(_adds(each, kind) for each in told.candidates) for each in told.candidates for kind in (evidence.kind for evidence in each.evidence)}
    items = tuple(_item(each, longest, common, first=each.rank == 1) for each in told.candidates)
    signs_for, signs_against = _signs(gate)
    shown = frozenset(each.article_id for each in told.suggestions)
    return Page(
        told, shown, account_words.verdicts()[told.verdict], percent(gate.sure), percent(gate.gate), account_words.bases().get(gate.basis, ""),
        round(100 * gate.sure, 1), round(100 * gate.gate, 1), signs_for, signs_against, items, account_words.effects(),
    )  # fmt: skip


def percent(share: float) -> str:
    """Write a share in percent with one decimal, so that a near miss is seen as one."""
    pattern = str(Locale.parse(choose_language()).percent_formats[None].pattern).replace("##0", "##0.0")
    return format_percent(share, pattern, locale=choose_language())


def points(value: float, *, signed: bool = False) -> str:
    """Write points with two decimals."""
    return format_decimal(value, "+0.00;\N{MINUS SIGN}0.00" if signed else "0.00;\N{MINUS SIGN}0.00", locale=choose_language())


def _adds(candidate: CandidateAccount, kind: Kind) -> float:
    return sum(evidence.adds for evidence in candidate.evidence if evidence.kind == kind)


def _item(account: CandidateAccount, longest: float, common: dict[Kind, float], *, first: bool) -> Item:
    bars = tuple(_bar(evidence, longest, common[evidence.kind]) for evidence in account.evidence if evidence.adds >= LEAST_ADDED)
    passage = next((passage for passage in account.passages if passage.chosen), None)
    chips = _chips(passage.terms)[0] if passage else ()
    head_start = points(passage.head_start, signed=True) if passage and passage.head_start else ""
    fate = account_words.fates()[account.fate]
    kept = percent(account.kept) if account.kept < 1 else ""
    return Item(account, fate, account.fate == Fate.SHOWN, first, percent(account.score), points(account.total), bars, passage, chips, head_start, kept)


def _bar(evidence: Evidence, longest: float, common: float) -> Bar:
    chips, left = _chips(evidence.terms)
    rest = left + evidence.rest
    odds = points(evidence.odds, signed=True) if evidence.measure == Measure.ODDS else ""
    return Bar(
        account_words.kinds()[evidence.kind], points(evidence.adds), round(100 * evidence.adds / longest, 2), round(100 * common / longest, 2), chips,
        points(rest, signed=True) if chips and abs(rest) >= LEAST_ADDED else "", odds, evidence.neighbours or None,
    )  # fmt: skip


def _chips(carried: Sequence[Carried]) -> tuple[tuple[Chip, ...], float]:
    """Choose the terms to show; the others are added up."""
    shown = [each for each in carried if abs(each.adds) >= LEAST_ADDED][:MOST_CHIPS]
    chips = tuple(Chip(each.term, points(each.adds, signed=True), each.adds < 0, each.by_synonym) for each in shown)
    return chips, sum(each.adds for each in carried) - sum(each.adds for each in shown)


def _signs(gate: GateAccount) -> tuple[tuple[Sign, ...], tuple[Sign, ...]]:
    """Add up what is called alike, and take the strongest on both sides."""
    named = account_words.signs()
    summed: dict[str, float] = {}
    for sign in gate.signs:
        name = named.get(sign.name, sign.name)
        summed[name] = summed.get(name, 0.0) + sign.adds
    strongest = max(map(abs, summed.values()), default=0.0) or 1.0
    ordered = sorted(((name, adds) for name, adds in summed.items() if abs(adds) >= LEAST_ADDED), key=lambda each: -abs(each[1]))
    told = [(adds, Sign(name, points(adds, signed=True), round(100 * abs(adds) / strongest, 1))) for name, adds in ordered]
    return tuple(sign for adds, sign in told if adds > 0)[:MOST_SIGNS], tuple(sign for adds, sign in told if adds < 0)[:MOST_SIGNS]
