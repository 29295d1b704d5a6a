"""Places for those who wait."""

from kb.waiting import WaitingRoom


def test_whoever_finds_no_place_is_not_kept_waiting() -> None:
    room = WaitingRoom(2)
    assert not room.is_taken
    assert room.acquire()
    assert room.acquire()
    assert not room.acquire()
    assert room.is_taken
    room.release()
    assert room.acquire()
    room.release()
    room.release()
    assert not room.is_taken
