"""Keeping a worker: a process that does nothing but start another worker when one was killed.

Whatever ends a worker (a machine short of memory, a message that brings the interpreter down), mail goes on.
"""

import os
import signal
import time
from collections.abc import Callable

from webform.worker import is_orphan

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BEFORE_ANOTHER = 1.0
STOPPING = (signal.SIGTERM, signal.SIGINT)


def keep(work: Callable[[int], None], *, parent: int, said: Callable[[str], None]) -> None:
    """Run some work in a process of its own, again and again, until it ends by itself or this one is told to stop.

    :param work: given the id of the process without which it must not go on: this one's.
    :param parent: id of the process without which this one must not go on; 0 for none.
    :param said: told when the work was begun anew.
    """
    asked: list[int] = []
    for number in STOPPING:
        signal.signal(number, lambda got, _frame: asked.append(got))
    while True:
        child = _fork(work)
        status = _await(child, lambda: bool(asked) or is_orphan(parent))
        if asked or is_orphan(parent) or not os.WIFSIGNALED(status):
            return
        said(f"a worker was ended by signal {os.WTERMSIG(status)}; another one takes over")
        time.sleep(SECONDS_BEFORE_ANOTHER)


def _fork(work: Callable[[int], None]) -> int:
    """Start a process that ends when told to from its first moment on, when it would still have this one's ears."""
    keeper = os.getpid()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        return child
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, held)
    code = 1
    try:
        work(keeper)
        code = 0
    finally:
        os._exit(code)


def _await(child: int, is_over: Callable[[], bool]) -> int:
    """Wait for a process to end, asking it to when it is over, and give its status."""
    told = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if is_over() and not told:
            os.kill(child, signal.SIGTERM)
            told = True
        time.sleep(SECONDS_BETWEEN_LOOKS / 5 if told else SECONDS_BETWEEN_LOOKS)
