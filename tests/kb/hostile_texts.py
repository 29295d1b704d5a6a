"""Texts that try to be read as a query, to cost without bound, or to break what reads them."""

import random

RANGES = [(0, 0x7F), (0, 0x10FFFF), (0xD800, 0xDFFF), (0x400, 0x4FF), (0x4E00, 0x9FFF), (0x300, 0x36F), (0x200B, 0x202E)]
HOSTILE = (
    "[a TO z]",
    "*",
    "abcdefgh~3",
    "NOT NOT a AND (",
    '"',
    "\x00pump\x00",
    "\ud800 pump water",
    "title:pump^9",
    "a" * 1_000_000,
    "pump " * 250_000,
    "水" * 300_000,
    "." * 1_000_000,
)


def random_texts(number: int) -> list[str]:
    """Give texts, the same at every call: every other one of characters of one range, the rest of all ranges mixed."""
    dice = random.Random(20261122)
    texts = []
    for place in range(number):
        chosen = RANGES if place % 2 else [dice.choice(RANGES)]
        texts.append("".join(chr(dice.randint(*dice.choice(chosen))) for _ in range(dice.choice((1, 5, 40, 200)))))
    return texts
