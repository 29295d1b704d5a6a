"""The self-check: what was found when the form was asked as a customer asks it, and what of it is wrong."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

SLOW_RANK = 0.9
"""So large a share of the answers must be quick."""


class Fault(StrEnum):
    """What can be wrong."""

    DOWN = "down"
    EMPTY = "empty"
    STALE = "stale"
    HITS = "hits"
    NOISE = "noise"
    SLOW = "slow"
    MAIL = "mail"


PROBED = frozenset(Fault) - {Fault.MAIL}
"""What only asking the form can tell."""
ANSWERED = frozenset({Fault.STALE, Fault.HITS, Fault.NOISE, Fault.SLOW})
"""What only an answer can tell: while the form is down, nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is wrong.

    :ivar share: of the questions that must find their article, and of the texts that must stay unanswered.
    :ivar seconds: within which nine of ten answers must come.
    :ivar mail_minutes: age of a mail that is due.
    :ivar failed_mails: that were given up within a day.
    """

    share: float
    seconds: float
    mail_minutes: int
    failed_mails: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What one probe came to: the articles that were shown, and how long it took."""

    probe: int
    expected: int | None
    shown: tuple[int, ...]
    seconds: float
    cut_short: bool = False

    @property
    def right(self) -> bool:
        """Whether the expected article was shown, or rightly nothing."""
        return self.expected in self.shown if self.expected is not None else not self.shown


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of the form.

    :ivar articles: that are published.
    :ivar down: in words, why the form could not be asked; empty if it could.
    :ivar stale: whether it answers from an older publication than the last.
    :ivar unlearned: how many questions did not find an article that was published just now; they are asked again the next time.
    """

    articles: int
    replies: tuple[Reply, ...] = ()
    down: str = ""
    stale: bool = False
    unlearned: int = 0

    @property
    def questions(self) -> list[Reply]:
        """Replies to what an article answers."""
        return [reply for reply in self.replies if reply.expected is not None]

    @property
    def silent(self) -> list[Reply]:
        """Replies to what nothing may answer."""
        return [reply for reply in self.replies if reply.expected is None]

    @property
    def seconds(self) -> float | None:
        """Within how long nine of ten answers came."""
        took = sorted(reply.seconds for reply in self.replies)
        return took[ceil(SLOW_RANK * len(took)) - 1] if took else None

    @property
    def cut_short(self) -> int:
        """How many answers were given up because they took too long."""
        return sum(reply.cut_short for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Mails:
    """What was seen of the outbox: for how many minutes the oldest mail has been due, and how many were given up within a day."""

    due_minutes: float
    failed: int


Found = dict[Fault, dict[str, object]]


def without_unlearned(sight: Sight, fresh: Set[int]) -> Sight:
    """Leave out the questions that did not find an article whose text was published just now: what it answers is being learned aside.

    :param fresh: those articles.
    """
    kept = tuple(reply for reply in sight.replies if reply.right or reply.expected not in fresh)
    return replace(sight, replies=kept, unlearned=len(sight.replies) - len(kept))


def judge_sight(sight: Sight, limits: Limits) -> tuple[frozenset[Fault], Found]:
    """Tell what was looked at, and what of it is wrong, with its figures."""
    found: Found = {}
    if not sight.articles:
        found[Fault.EMPTY] = {}
    if sight.down:
        return PROBED - ANSWERED, found | {Fault.DOWN: {"why": sight.down}}
    if sight.stale:
        found[Fault.STALE] = {}
    for fault, replies in ((Fault.HITS, sight.questions), (Fault.NOISE, sight.silent)):
        if (right := rightly(replies)) < limits.share * len(replies):
            found[fault] = {"right": right, "of": len(replies)}
    late = sight.cut_short > (1 - SLOW_RANK) * len(sight.replies)
    if sight.seconds is not None and (late or sight.seconds > limits.seconds):
        found[Fault.SLOW] = {"seconds": round(sight.seconds, 2), "cut_short": sight.cut_short, "of": len(sight.replies)}
    # As long as some are left out, nobody can say that all is well again.
    return PROBED - {Fault.HITS} if sight.unlearned else PROBED, found


def judge_mails(mails: Mails, limits: Limits) -> tuple[frozenset[Fault], Found]:
    """Tell whether mail is stuck, with its figures."""
    if mails.due_minutes <= limits.mail_minutes and mails.failed < limits.failed_mails:
        return frozenset({Fault.MAIL}), {}
    return frozenset({Fault.MAIL}), {Fault.MAIL: {"minutes": round(mails.due_minutes), "failed": mails.failed}}


def rightly(replies: Sequence[Reply]) -> int:
    """Count the right ones."""
    return sum(reply.right for reply in replies)
