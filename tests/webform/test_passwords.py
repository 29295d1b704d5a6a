import pytest

from webform import passwords
from webform.passwords import DECOY, PasswordRefused


def test_a_kept_password_fits_and_another_does_not() -> None:
    kept = passwords.keep("correct horse battery")
    assert passwords.fits("correct horse battery", kept)
    assert not passwords.fits("correct horse batterz", kept)
    assert not passwords.fits(kept, kept)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert passwords.keep("correct horse battery") != passwords.keep("correct horse battery")


def test_the_work_of_a_guess_is_what_was_agreed() -> None:
    assert passwords.keep("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_decoy_costs_the_same_work_and_fits_nothing() -> None:
    assert DECOY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.fits("correct horse battery", None)
    assert not passwords.fits("", DECOY)


def test_a_password_fits_however_its_letters_were_composed() -> None:
    assert passwords.fits("cafe\u0301 au lait!", passwords.keep("caf\u00e9 au lait!"))


@pytest.mark.parametrize("password", ["", "eleven char", "a" * 201])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="12 to 200"):
        passwords.keep(password)


def test_the_longest_password_is_compared_to_its_end() -> None:
    kept = passwords.keep("a" * 200)
    assert passwords.fits("a" * 200, kept)
    assert not passwords.fits("a" * 201, kept)
    assert not passwords.fits("a" * 1_000_000, kept)


def test_what_was_kept_by_something_else_fits_nothing() -> None:
    assert not passwords.fits("a password", "plain text")


def test_made_up_passwords_are_long_and_never_the_same() -> None:
    made = {passwords.invent() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 20 for password in made)
