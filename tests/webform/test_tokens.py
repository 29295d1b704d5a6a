import time
from contextlib import nullcontext

import pytest
from itsdangerous import URLSafeTimedSerializer

from webform.tokens import TokenError, TokenExpired, Tokens


def test_a_visit_token_gives_back_the_same_visit_every_time() -> None:
    tokens = Tokens("key")
    token = tokens.new_visit()
    assert tokens.read_visit(token, hours=1) == tokens.read_visit(token, hours=1)
    assert tokens.read_visit(token, hours=1) != tokens.read_visit(tokens.new_visit(), hours=1)


@pytest.mark.parametrize("forged", ["", "abc", "InZpc2l0Ig.aaaa.bbbb", "\x00", "é" * 500])
def test_a_forged_token_is_refused(forged: str) -> None:
    with pytest.raises(TokenError):
        Tokens("key").read_visit(forged, hours=1)


def test_a_token_of_another_installation_or_purpose_is_refused() -> None:
    with pytest.raises(TokenError):
        Tokens("key").read_visit(Tokens("other").new_visit(), hours=1)
    with pytest.raises(TokenError):
        Tokens("key").read_request_key(Tokens("key").new_visit(), days=1)


def test_an_old_token_is_told_apart_from_a_forged_one(monkeypatch: pytest.MonkeyPatch) -> None:
    token = Tokens("key").new_visit()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4_000_000_000)
    with pytest.raises(TokenExpired):
        Tokens("key").read_visit(token, hours=1)


@pytest.mark.parametrize(("ahead", "good"), [(-2, True), (2, True), (240, True), (3600, False), (86400, False)])
def test_a_machine_whose_clock_is_a_little_behind_reads_what_another_has_signed(ahead: int, good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page after sending is asked of whichever machine is free; a clock that is far off fails closed."""
    key, visit, here = Tokens("key").request_key("T-7F3K9Q"), Tokens("key").new_visit(), time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: here - ahead)
    with nullcontext() if good else pytest.raises(TokenExpired):
        assert Tokens("key").read_request_key(key, days=1) == "T-7F3K9Q"
    with nullcontext() if good else pytest.raises(TokenExpired):
        assert Tokens("key").read_visit(visit, hours=1)


def test_a_digest_depends_on_key_purpose_and_text_and_survives_any_text() -> None:
    digests = {Tokens(key).digest(purpose, text) for key in "ab" for purpose in "pq" for text in ("x", "y", "\ud800")}
    assert len(digests) == 12


def test_the_visit_salt_is_not_the_default_one() -> None:
    plain = URLSafeTimedSerializer("key").dumps("visit")
    with pytest.raises(TokenError):
        Tokens("key").read_visit(plain, hours=1)
