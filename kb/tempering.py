"""Tempering: how far to follow past requests while few articles have any.

Where one article in ten has requests, every text has its nearest among those few, and all of its ten nearest: that says
more about who has requests than about the text. So the less of the articles they cover, the more alike a request must be
before it counts. Without this the first ten examples made suggestions worse on every set they were tried on.
"""

from typing import TypeVar

Number = TypeVar("Number")


def trust(likeness: Number, covered: float) -> Number:
    """Tell which part of a likeness counts; of the very same text all of it.

    :param covered: share of the articles that have past requests.
    """
    return covered + (1 - covered) * likeness  # type: ignore[operator, return-value]
