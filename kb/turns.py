"""Turns: letting threads that answer people interrupt long work ten times as often as is usual."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SMALL_TURN_SECONDS = 0.0005

_lock = threading.Lock()
_usual: list[float] = []
"""The interval to go back to, once for each piece of work that is under way."""


@contextmanager
def small_turns() -> Iterator[None]:
    """Make every wait of other threads of this process shorter while this work lasts; several may be under way at a time."""
    with _lock:
        _usual.append(_usual[0] if _usual else sys.getswitchinterval())
        sys.setswitchinterval(SMALL_TURN_SECONDS)
    try:
        yield
    finally:
        with _lock:
            usual = _usual.pop()
            if not _usual:
                sys.setswitchinterval(usual)
