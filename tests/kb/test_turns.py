"""Long work in small turns."""

import sys

from kb.turns import SMALL_TURN_SECONDS, small_turns


def test_the_usual_turns_come_back_when_the_last_work_is_done() -> None:
    usual = sys.getswitchinterval()
    one, other = small_turns(), small_turns()
    one.__enter__()
    other.__enter__()
    assert sys.getswitchinterval() == SMALL_TURN_SECONDS
    one.__exit__(None, None, None)
    assert sys.getswitchinterval() == SMALL_TURN_SECONDS
    other.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual
