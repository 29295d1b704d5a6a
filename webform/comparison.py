"""The comparison: what a draft gains, keeps and loses among past texts, and which articles it pushes down."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webform.rehearsals import Account, PastText, Rehearsed, Source

MOST_NOTED = 1500


class Fate(StrEnum):
    """What becomes of a text: the draft is newly shown, still shown, no longer shown, or shown in the place of the right article."""

    GAINED = "gained"
    KEPT = "kept"
    LOST = "lost"
    OUSTED = "ousted"


class Since(StrEnum):
    """How that differs from the last replay."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Case:
    """A text that the draft, or the article as it is now, has a part in; ranks count from 1, 0 is not shown.

    ``is_right`` tells whether the customer or our people said that this article answers: None if nobody said.
    ``right_ranks`` are those of the article that is known to be right, if it is another one, now and after.
    """

    past: PastText
    fate: Fate
    before: int
    after: int
    was_silent: bool
    is_right: bool | None
    right: int | None
    right_ranks: tuple[int, int]
    since: Since = Since.SAME


@dataclass(frozen=True, slots=True)
class Push:
    """An article that comes later because of the draft, in so many requests; ``after`` is 0 where it is no longer shown.

    ``known`` counts those of which it is known that it is the right one.
    """

    article_id: int
    before: int
    after: int
    requests: int
    known: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A gap that waits for an article: for how many of its requests that were looked at the draft would be shown."""

    gap: int
    shown: int
    requests: int


@dataclass(frozen=True, slots=True)
class Known:
    """Labelled texts: how many have an answer, and are shown it, now and after; how many have none, and are shown something."""

    answered: int
    right: tuple[int, int]
    silent: int
    false: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it, about requests unless another thing is said; cases that matter most come first."""

    cases: tuple[Case, ...]
    pushes: tuple[Push, ...]
    known: Known
    filled: tuple[Filled, ...]
    ranks: Mapping[int, int]
    """For each request that was looked at, the rank of the draft."""

    def count(self, fate: Fate) -> int:
        """Count the requests of a fate."""
        return sum(case.fate is fate for case in self.cases)

    @property
    def answered(self) -> int:
        """In how many requests the draft would be shown."""
        return sum(case.after > 0 for case in self.cases)

    @property
    def from_silence(self) -> int:
        """How many of those that are gained were shown nothing."""
        return sum(case.fate is Fate.GAINED and case.was_silent for case in self.cases)

    def since(self, what: Since) -> int:
        """Count what differs from the last replay."""
        return sum(case.since is what for case in self.cases)


def compare(account: Account, article: int, earlier: Mapping[int, int] | None = None) -> Comparison:
    """Compare what is shown now with what would be.

    :param article: the one that the draft belongs to.
    :param earlier: the ranks that the last replay of another wording told.
    """
    requests = [each for each in account.texts if each.past.source is Source.REQUEST]
    cases = [case for each in requests if (case := _case(each, article, account.gate, earlier)) is not None]
    order = {Fate.OUSTED: 0, Fate.LOST: 1, Fate.GAINED: 2, Fate.KEPT: 3}
    cases.sort(key=lambda case: (case.since is Since.SAME, order[case.fate], case.after or 9, -case.past.sent_at.timestamp()))
    ranks = {each.past.number: _rank(each.after.shown(account.gate), article) for each in requests}
    return Comparison(tuple(cases), _pushes(requests, article, account.gate), _known(account.texts, account.gate), _filled(account, article), ranks)


def write_ranks(ranks: Mapping[int, int]) -> str:
    """Write down the ranks of a replay, so that the next one can tell the difference: no word of anybody's, and nothing to keep here."""
    return ",".join(f"{number}:{rank}" for number, rank in list(ranks.items())[:MOST_NOTED])


def read_ranks(noted: str) -> dict[int, int] | None:
    """Read what was written down; nothing if there is nothing, or it is not ours."""
    found = {}
    for each in noted.split(",")[:MOST_NOTED] if noted else ():
        number, _, rank = each.partition(":")
        if not (number.isdecimal() and len(number) < 16 and rank in {"0", "1", "2", "3"}):
            return None
        found[int(number)] = int(rank)
    return found or None


def _case(each: Rehearsed, article: int, gate: float, earlier: Mapping[int, int] | None) -> Case | None:
    shown, would = each.before.shown(gate), each.after.shown(gate)
    before, after, past = _rank(shown, article), _rank(would, article), each.past
    right = next(iter(sorted(past.right - {article})), None)
    ranks = (_rank(shown, right), _rank(would, right)) if right is not None else (0, 0)
    was = (earlier or {}).get(past.number)
    since = Since.SAME if was is None or (was > 0) == (after > 0) else Since.NEW if after else Since.GONE
    if ranks[0] and not ranks[1]:
        fate = Fate.OUSTED
    elif before or after:
        fate = Fate.KEPT if before and after else Fate.GAINED if after else Fate.LOST
    elif since is Since.GONE:
        fate = Fate.LOST
    else:
        return None
    is_right = True if article in past.right else False if article in past.wrong or past.is_unanswerable else None
    return Case(past, fate, before, after, not shown, is_right, right, ranks, since)


def _pushes(requests: Iterable[Rehearsed], article: int, gate: float) -> tuple[Push, ...]:
    counted: Counter[tuple[int, int, int]] = Counter()
    known: Counter[tuple[int, int, int]] = Counter()
    for each in requests:
        shown, would = each.before.shown(gate), each.after.shown(gate)
        if article not in would:
            continue
        for other in shown:
            before, after = _rank(shown, other), _rank(would, other)
            if other != article and (not after or after > before):
                counted[other, before, after] += 1
                known[other, before, after] += other in each.past.right
    ordered = sorted(counted, key=lambda key: (-known[key], -counted[key], key))
    return tuple(Push(*key, counted[key], known[key]) for key in ordered)


def _filled(account: Account, article: int) -> tuple[Filled, ...]:
    """Count by gap; only those that the draft fills at least in part."""
    requests = Counter(each.past.gap for each in account.texts if each.past.gap)
    shown = Counter(each.past.gap for each in account.texts if each.past.gap and article in each.after.shown(account.gate))
    return tuple(Filled(gap, count, requests[gap]) for gap, count in shown.most_common())


def _known(texts: Sequence[Rehearsed], gate: float) -> Known:
    answered = [each for each in texts if each.past.right]
    silent = [each for each in texts if each.past.is_unanswerable]
    right = sum(not each.past.right.isdisjoint(each.before.shown(gate)) for each in answered)
    still = sum(not each.past.right.isdisjoint(each.after.shown(gate)) for each in answered)
    false = sum(bool(each.before.shown(gate)) for each in silent)
    falser = sum(bool(each.after.shown(gate)) for each in silent)
    return Known(len(answered), (right, still), len(silent), (false, falser))


def _rank(shown: Sequence[int], article: int) -> int:
    return shown.index(article) + 1 if article in shown else 0
