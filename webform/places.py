"""Places: things that stand in an order, of which one changes places with its neighbour."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def moved(ordered: Sequence[Thing], is_it: Callable[[Thing], bool], *, up: bool) -> list[Thing] | None:
    """Give the things with one of them one place further up or down; nothing where there is no such thing, or no such place.

    :param is_it: tells which one.
    """
    here = next((place for place, thing in enumerate(ordered) if is_it(thing)), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is None or there is None or not 0 <= there < len(ordered):
        return None
    changed = list(ordered)
    changed[here], changed[there] = changed[there], changed[here]
    return changed
