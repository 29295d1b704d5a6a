"""Work beside the mail: again and again, whatever happens to it, and only as long as it is wanted."""

import os
import threading

import pytest

from kb.attendance import NICENESS, attending


def test_work_is_done_again_after_a_fault_at_once_while_there_is_some_and_left_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    enough = threading.Event()

    def work(_stopped: threading.Event) -> bool:
        done.append("looked")
        if len(done) == 1:
            raise ValueError("a secret")
        if len(done) == 5:
            enough.set()
        return len(done) < 5

    with attending("tests", work, every=0.01, trouble="nothing is tried", stop=lambda: done.append("stopped"), leave=lambda: done.append("left")):
        assert enough.wait(120)
    assert done[:5] == ["looked"] * 5
    assert done[-1] == "left"
    assert done.count("stopped") == 1
    assert "nothing is tried: ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_it_waits_while_there_is_nothing_to_do_and_the_wait_ends_with_the_block() -> None:
    looks: list[bool] = []
    with attending("tests", lambda stopped: looks.append(stopped.is_set()), every=60, trouble=""):
        pass
    assert looks in ([], [False])
    assert all(thread.name != "tests" for thread in threading.enumerate())


def test_work_that_nobody_waits_for_stands_back_and_takes_nothing_else_with_it() -> None:
    mine, told = os.getpriority(os.PRIO_PROCESS, 0), threading.Event()
    found: list[int] = []

    def work(_stopped: threading.Event) -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        told.set()

    with attending("tests", work, every=60, trouble="", gently=True):
        assert told.wait(120)
    assert found == [min(19, mine + NICENESS)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == mine
