"""Attendance: a thread of the worker that does one kind of work again and again, beside the mail, until the worker ends."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST_GOODBYE = 5.0
"""Seconds that may be spent on ending; whatever is half done then is done again, or gone on with, by the next worker."""
NICENESS = 10
"""How far what nobody waits for stands back for people who type or publish."""
log = logging.getLogger(__name__)


@contextmanager
def attending(
    name: str,
    work: Callable[[threading.Event], object],
    *,
    every: float,
    trouble: str,
    stop: Callable[[], None] | None = None,
    leave: Callable[[], None] | None = None,
    gently: bool = False,
) -> Iterator[None]:
    """Do some work in a thread, as long as the block lasts.

    :param work: does what there is to do, and ends soon once the event is set; if it says that it did something, it is asked again at once.
    :param every: seconds to wait before it is asked again otherwise.
    :param trouble: what to log of a fault, whatever it is: mail goes on, and the work is tried again.
    :param stop: told when the block ends, while the work may still be going on.
    :param leave: what the thread does last of all.
    :param gently: whether everybody else on the machine goes first.
    """
    stopped = threading.Event()

    def attend() -> None:
        if gently:
            os.nice(NICENESS)  # Of this thread alone.
        while not stopped.is_set():
            if not _done(work, stopped, trouble):
                stopped.wait(every)
        if leave:
            leave()

    thread = threading.Thread(target=attend, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        if stop:
            stop()
        thread.join(LONGEST_GOODBYE)


def _done(work: Callable[[threading.Event], object], stopped: threading.Event, trouble: str) -> bool:
    try:
        return bool(work(stopped))
    except Exception as fault:  # noqa: BLE001 - whatever it is, mail goes on
        log.warning("%s: %s", trouble, type(fault).__name__)
        return False
