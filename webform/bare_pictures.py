"""Bare pictures: what customers send as a picture, upright, without place, camera, comment or anything behind its end."""

import threading
from contextlib import suppress
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

from webform.picture_parts import Parts, PartsBroken, take_apart

KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PIXELS = 50_000_000
MOST_TURNED = 25_000_000
"""A photograph that must be turned is decoded; a larger one is made half as large, another kind of picture is refused."""
_ORIENTATION = 0x0112
_one_at_a_time = threading.Lock()


class Fault(StrEnum):
    """Why a picture is not taken."""

    BROKEN = "broken"
    PIXELS = "pixels"


class NotBare(ValueError):
    """A picture cannot be taken; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        """Say why."""
        super().__init__(fault)
        self.fault = fault


def bare(content: bytes, content_type: str) -> bytes:
    """Give a picture with nothing but the picture in it.

    Its pixels stay as they are. Only one that is kept lying on its side is decoded and written anew, upright: what said how it must
    be turned goes with everything else. The same picture gives the same bytes.

    :param content_type: one of ``KINDS``.
    :raises NotBare: if it is cut short, or would need too much memory where it is looked at.
    """
    try:
        parts = take_apart(content, content_type)
    except PartsBroken as fault:
        raise NotBare(Fault.BROKEN) from fault
    if parts.width * parts.height > MOST_PIXELS:
        raise NotBare(Fault.PIXELS)
    plain = b"".join(parts.kept)
    turn = _turn(parts)
    return _upright(plain, turn, parts, content_type) if turn else plain


def _turn(parts: Parts) -> int:
    """Tell how a picture is to be turned, by the numbers of EXIF; 0 for one that stands. One that moves is left."""
    if not parts.exif or parts.moves:
        return 0
    told, orientation = Image.Exif(), None
    with suppress(Exception):  # What strangers wrote there may be anything, and then says nothing.
        told.load(b"Exif\0\0" + parts.exif)
        orientation = told.get(_ORIENTATION)
    return orientation if isinstance(orientation, int) and 2 <= orientation <= 8 else 0


def _upright(plain: bytes, turn: int, parts: Parts, content_type: str) -> bytes:
    scale = next((each for each in (1, 2) if parts.width * parts.height <= MOST_TURNED * each * each), 0)
    if not scale or (scale > 1 and content_type != "image/jpeg"):
        raise NotBare(Fault.PIXELS)
    try:
        with _one_at_a_time:
            image = Image.open(BytesIO(plain), formats=[content_type.removeprefix("image/").upper()])
            if scale > 1:
                image.draft(None, (image.width // scale, image.height // scale))
            image.load()
            return _written(image, turn, content_type)
    except Exception as fault:  # A decoder that is fed by strangers may raise anything.
        raise NotBare(Fault.BROKEN) from fault


def _written(image: Image.Image, turn: int, content_type: str) -> bytes:
    """Write a picture turned; of what came with it only its colours stay."""
    colours = image.info.get("icc_profile")
    image.getexif()[_ORIENTATION] = turn
    turned = ImageOps.exif_transpose(image)
    turned.info = {name: value for name, value in image.info.items() if name == "transparency"}
    output = BytesIO()
    if content_type == "image/png":
        turned.save(output, "PNG", icc_profile=colours)
    elif content_type == "image/jpeg":
        turned.save(output, "JPEG", quality=92, icc_profile=colours)
    else:
        turned.save(output, "WEBP", quality=92, method=4, icc_profile=colours)
    return output.getvalue()
