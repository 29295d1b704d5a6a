"""Waiting: how many texts may wait for suggestions at a time, and whether any does."""

import threading


class WaitingRoom:
    """Has a number of places; whoever finds none is not kept waiting."""

    def __init__(self, places: int) -> None:
        """Open a room with all places free."""
        self._free, self._taken, self._lock = places, 0, threading.Lock()

    def acquire(self) -> bool:
        """Take a place, if there is one."""
        with self._lock:
            found = self._taken < self._free
            self._taken += found
            return found

    def release(self) -> None:
        """Give a place back."""
        with self._lock:
            self._taken -= 1

    @property
    def is_taken(self) -> bool:
        """Whether somebody waits."""
        return self._taken > 0
