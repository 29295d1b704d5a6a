"""What speaks for a robot, and when it is enough."""

import hashlib

import pytest

from webform import proof
from webform.suspicion import Sent, Sign, is_enough, read_list, signs


def sent(**changes: object) -> Sent:
    return Sent(**{"subject": "Pump", "message": "It hums.", "email": "anna@mail.customer.example", "open_seconds": 40.0, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (sent(), set()),
        (sent(trap="x"), {Sign.TRAP}),
        (sent(open_seconds=1.2), {Sign.HASTE}),
        (sent(open_seconds=None), set()),
        (sent(message="http://a https://b WWW.c [url=d"), {Sign.LINKS}),
        (sent(message="See http://a, https://b and www.c for pictures"), set()),
        (sent(message="Get CHEAP   rolex\nwatches"), {Sign.LISTED}),
        (sent(email="x@spam.example"), {Sign.LISTED}),
        (sent(email="x@deep.spam.example"), {Sign.LISTED}),
        (sent(email="x@notspam.example"), set()),
        (sent(email="Bad@One.example"), {Sign.LISTED}),
        (sent(message="My address is bad@one.example"), set()),
        (sent(message="ＣＨＥＡＰ rolex"), {Sign.LISTED}),
    ],
)
def test_each_sign_speaks_for_itself(what: Sent, found: set[Sign]) -> None:
    assert signs(what, listed=read_list("cheap rolex\n@spam.example\n\nbad@one.example\n")) == found


def test_one_plain_sign_or_two_weak_ones_are_enough() -> None:
    assert not is_enough([])
    assert not is_enough([Sign.HASTE])
    assert not is_enough([Sign.LINKS])
    assert is_enough([Sign.HASTE, Sign.LINKS])
    assert all(is_enough([sign]) for sign in (Sign.TRAP, Sign.LISTED, Sign.LEARNED, Sign.UNPROVED))


def test_a_mark_that_would_fit_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="aa"):
        read_list("cheap\naa")
    assert read_list(" Cheap   Watches \ncheap watches\n\n") == ("cheap watches",)


def test_only_a_number_that_was_looked_for_solves_a_challenge() -> None:
    number = next(n for n in range(10**6) if hashlib.sha256(f"c:{n}".encode()).digest()[0] == 0)
    assert proof.solves("c", str(number), bits=8)
    assert not proof.solves("d", str(number), bits=20)
    assert [proof.solves("c", text, bits=0) for text in ("1", "", "-1", "1e3", "١", "1" * 13)] == [True, False, False, False, False, False]
