"""Passwords: how they are kept, compared and made up."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 12
LONGEST = 200
MEMORY_KIBIBYTES = 19 * 1024
ROUNDS = 2
LANES = 1
# No password has this hash. It is compared where there is no account, so that a stranger's try costs the same time.
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$dGhlcmUgaXMgbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIBIBYTES, parallelism=LANES)


class PasswordRefused(ValueError):
    """A password that cannot be taken; the message says what would do."""


def keep(password: str) -> str:
    """Hash a new password with Argon2id (OWASP's second choice of parameters: about 50 ms and 19 MiB).

    :raises PasswordRefused: if it is too short to be safe, or longer than anybody types.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused(f"use {SHORTEST} to {LONGEST} characters")
    return _hasher.hash(_normal(password))


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that was kept; without one the answer is no, and takes as long.

    A password longer than allowed is cut first, so that no length costs more than another.
    """
    try:
        return _hasher.verify(kept or DECOY, _normal(password[: LONGEST + 1])) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False


def invent() -> str:
    """Make up a password of 20 characters that nobody can guess (120 bits)."""
    return secrets.token_urlsafe(15)


def _normal(password: str) -> str:
    """Spell a password in one way, whatever keyboard it was typed on (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
