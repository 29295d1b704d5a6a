"""Keeping a worker: it ends with the process that started it, from its first moment on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORK_THAT_NEVER_ENDS = "lambda keeper: time.sleep(600)"
WORK_THAT_IS_KILLED_ONCE = "lambda keeper: os.kill(os.getpid(), signal.SIGKILL) if not os.path.exists('again') and open('again', 'w').close() is None else None"


@contextmanager
def kept(folder: Path, work: str, parent: int = 0) -> Iterator[subprocess.Popen[str]]:
    program = f"import os, signal, time; from webform.worker_keeping import keep; print('ready', flush=True); keep({work}, parent={parent}, said=print)"
    keeper = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=folder, start_new_session=True)
    try:
        yield keeper
    finally:
        if keeper.poll() is None:
            os.killpg(keeper.pid, signal.SIGKILL)
        keeper.communicate()


def test_a_worker_whose_starter_was_gone_before_it_began_ends_at_once(tmp_path: Path) -> None:
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    nobody.wait(120)
    with kept(tmp_path, WORK_THAT_NEVER_ENDS, nobody.pid) as keeper:
        assert keeper.wait(120) == 0


def test_a_worker_that_is_told_to_stop_at_its_first_moment_stops(tmp_path: Path) -> None:
    with kept(tmp_path, WORK_THAT_NEVER_ENDS) as keeper:
        assert keeper.stdout
        assert keeper.stdout.readline() == "ready\n"
        time.sleep(0.2)  # The handlers of the keeper are in place; its child may be at any point.
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(120) == 0


def test_a_worker_that_was_killed_is_followed_by_another(tmp_path: Path) -> None:
    with kept(tmp_path, WORK_THAT_IS_KILLED_ONCE) as keeper:
        said = keeper.communicate(timeout=120)[0]
    assert "ended by signal 9; another one takes over" in said
    assert keeper.returncode == 0
