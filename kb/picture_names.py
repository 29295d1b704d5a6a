"""Names of pictures: told by what is in them, and how large they are, so that a page knows it without looking."""

import hashlib
import re
from dataclasses import dataclass

PLACE = "/help/pictures/"
_NAME = r"[0-9a-f]{32}-(?P<width>[1-9][0-9]{0,4})x(?P<height>[1-9][0-9]{0,4})\.(?:png|jpg|webp)"
_WHOLE_NAME = re.compile(_NAME)
_WHOLE_ADDRESS = re.compile(re.escape(PLACE) + _NAME)
_ADDRESSES = re.compile(re.escape(PLACE) + f"({_NAME})")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


def name_of(content: bytes, size: Size, ending: str) -> str:
    """Name a picture by a digest of its bytes, which no two pictures share and nobody guesses."""
    return f"{hashlib.sha256(content).hexdigest()[:32]}-{size.width}x{size.height}.{ending}"


def is_name(name: str) -> bool:
    """Tell whether a picture can be called so."""
    return _WHOLE_NAME.fullmatch(name) is not None


def address(name: str) -> str:
    """Tell where a picture is read."""
    return PLACE + name


def size_at(address: str) -> Size | None:
    """Tell how large the picture at one of our addresses is; nothing if the address is none of ours."""
    found = _WHOLE_ADDRESS.fullmatch(address)
    return Size(int(found["width"]), int(found["height"])) if found else None


def names_in(text: str) -> set[str]:
    """Find the pictures that a text refers to."""
    return {found[1] for found in _ADDRESSES.finditer(text)} if PLACE in text else set()
