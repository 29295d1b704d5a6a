"""Spam lessons: what the staff's marks teach about texts that are not requests at all.

Words and pieces of words are hashed into a fixed number of features, so that nothing but weights is kept and any process can
use them. From which score on a text is held follows from the texts that staff answered: at most one in a hundred of those.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from scipy import sparse
from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.inserts import insert_into
from kb.schema import Base
from webform.tickets import Ticket, TicketStatus

FEATURES = 2**15
LEAST = 20
"""Texts of each kind without which nothing is learned."""
MOST = 2000
"""Texts of each kind that are learned from at most, the newest."""
LONGEST = 4000
HELD_IN_ERROR = 0.01
FOLDS = 5
GOOD = (TicketStatus.ANSWERED, TicketStatus.CLOSED)


class SpamLesson(Base):
    """The single row of what was learned: weights as 32-bit floats, compressed, and from which score on a text is held."""

    __tablename__ = "spam_lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    bias: Mapped[float]
    threshold: Mapped[float]
    spam: Mapped[int]
    good: Mapped[int]
    learned_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Sense:
    """What was learned, ready to judge: a score from 0 to 1, and from which one on a text is held."""

    weights: np.ndarray
    bias: float
    threshold: float

    def score(self, text: str) -> float:
        """Tell how like spam a text is, from 0 to 1."""
        return float(1 / (1 + np.exp(-(_features([text]) @ self.weights + self.bias)[0])))

    def holds(self, text: str) -> bool:
        """Tell whether a text is to be held."""
        return self.score(text) >= self.threshold


def sense(session: Session) -> Sense | None:
    """Give what was learned, if anything was."""
    row = session.execute(select(SpamLesson.learned_at, SpamLesson.bias, SpamLesson.threshold).where(SpamLesson.id == 1)).one_or_none()
    if row is None:
        return None
    return _opened(session.scalars(select(SpamLesson.weights).where(SpamLesson.id == 1)).one(), row.bias, row.threshold)


def is_due(session: Session) -> bool:
    """Tell whether staff have marked enough since the last lesson: a tenth more of either kind."""
    spam, good = marked(session)
    last = session.execute(select(SpamLesson.spam, SpamLesson.good).where(SpamLesson.id == 1)).one_or_none()
    if min(spam, good) < LEAST:
        return False
    return last is None or not (last.spam * 0.9 <= spam <= last.spam * 1.1 and last.good * 0.9 <= good <= last.good * 1.1)


def marked(session: Session) -> tuple[int, int]:
    """Count the requests that staff marked as spam, and those that they answered or closed."""
    counted = {str(status): number for status, number in session.execute(select(Ticket.status, func.count()).group_by(Ticket.status))}
    return counted.get(TicketStatus.SPAM, 0), sum(counted.get(status, 0) for status in GOOD)


def learn(session: Session, now: datetime) -> bool:
    """Learn anew from all marks.

    :return: whether there was enough to learn from.
    """
    spam, good = _texts(session, [TicketStatus.SPAM]), _texts(session, GOOD)
    if min(len(spam), len(good)) < LEAST:
        return False
    found = fit(spam, good)
    counts = dict(zip(("spam", "good"), marked(session), strict=True))
    row = {"weights": zlib.compress(found.weights.astype("<f4").tobytes()), "bias": found.bias, "threshold": found.threshold, "learned_at": now} | counts
    session.execute(insert_into(session, SpamLesson).values(id=1, **row).on_conflict_do_update(index_elements=["id"], set_=row))
    return True


def fit(spam: Sequence[str], good: Sequence[str]) -> Sense:
    """Learn from texts of both kinds; the threshold comes from scores of texts that were left out while learning."""
    from sklearn.linear_model import LogisticRegression  # Loading these takes longer than most commands.
    from sklearn.model_selection import cross_val_predict

    features, kinds = _features([*spam, *good]), np.array([1] * len(spam) + [0] * len(good))
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200)
    left_out = cross_val_predict(model, features, kinds, cv=FOLDS, method="predict_proba")[:, 1]
    threshold = max(0.5, float(np.quantile(left_out[kinds == 0], 1 - HELD_IN_ERROR, method="higher")) + 1e-6)
    model.fit(features, kinds)
    return Sense(model.coef_[0].astype("<f4"), float(model.intercept_[0]), threshold)


@lru_cache(maxsize=2)
def _opened(weights: bytes, bias: float, threshold: float) -> Sense:
    return Sense(np.frombuffer(zlib.decompress(weights), "<f4"), bias, threshold)


def _texts(session: Session, statuses: Sequence[str]) -> list[str]:
    newest = select(Ticket.subject, Ticket.message).where(Ticket.status.in_(statuses)).order_by(Ticket.id.desc()).limit(MOST)
    return [f"{subject}\n{message}"[:LONGEST] for subject, message in session.execute(newest)]


def _features(texts: Sequence[str]) -> sparse.csr_matrix:
    from sklearn.feature_extraction.text import HashingVectorizer  # Loading it takes longer than most commands.

    shortened = [text[:LONGEST] for text in texts]
    pieces = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 4), n_features=FEATURES // 2, alternate_sign=False)
    words = HashingVectorizer(ngram_range=(1, 2), n_features=FEATURES // 2, alternate_sign=False)
    return sparse.hstack([words.transform(shortened), pieces.transform(shortened)]).tocsr()
