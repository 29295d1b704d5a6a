"""Proof of work: a sum that costs a browser a second, asked only while an attack is under way.

The browser looks for a number that, hashed with the challenge, begins with enough zero bits. Checking it costs one hash.
"""

import hashlib
import secrets

BITS = 15
"""About 33,000 hashes: a second or two in a browser, and as much for each message of a robot."""
MINUTES = 60
MOST_DIGITS = 12


def new_nonce() -> str:
    """Draw what makes a challenge another one."""
    return secrets.token_urlsafe(9)


def solves(challenge: str, number: str, *, bits: int = BITS) -> bool:
    """Tell whether a number solves a challenge.

    :param number: decimal digits, as they were sent; anything may stand there.
    """
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return False
    digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - bits) == 0
