"""Bytes of pictures: whatever comes from outside is drawn anew, so that nothing but the picture is left of it."""

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageOps

from kb.picture_chunks import is_bare
from kb.picture_names import Size, name_of
from kb.sentences import Sentence

MOST_BYTES = 10_000_000
MOST_PIXELS = 30_000_000
LONGEST_SIDE = 2_400
MOST_FRAMES = 200
MOST_MOVING_PIXELS = 30_000_000
"""Of all frames of a moving picture together."""

_READ = ("PNG", "JPEG", "WEBP", "GIF")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_Picture = TypeVar("_Picture", bound=Image.Image)


class Refusal(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "empty"
    DRAWING = "drawing"
    KIND = "kind"
    BYTES = "bytes"
    PIXELS = "pixels"
    FRAMES = "frames"
    BROKEN = "broken"


REASONS = {
    Refusal.EMPTY: Sentence("is empty"),
    Refusal.DRAWING: Sentence("is an SVG drawing, which can carry programs; save it as PNG"),
    Refusal.KIND: Sentence("is not a PNG, JPEG, WebP or GIF picture"),
    Refusal.BYTES: Sentence("is larger than %(size)s MB", size=MOST_BYTES // 1_000_000),
    Refusal.PIXELS: Sentence("has more than %(most)s million pixels", most=MOST_PIXELS // 1_000_000),
    Refusal.FRAMES: Sentence("is a moving picture of too many frames"),
    Refusal.BROKEN: Sentence("is a broken picture"),
}


class PictureRefused(ValueError):
    """A picture cannot be taken; ``reason`` is for the edge to put into the reader's words."""

    def __init__(self, reason: Refusal) -> None:
        """Say why."""
        super().__init__(REASONS[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it is kept and served."""

    name: str
    content: bytes
    content_type: str
    size: Size


def draw(content: bytes) -> Drawn:
    """Draw a picture anew: upright, no larger than a page needs, without place, camera, comment or anything behind its end.

    :raises PictureRefused: if it is no picture that can be shown safely.
    """
    image = _open(content)
    try:
        still = getattr(image, "n_frames", 1) == 1 or image.format not in ("GIF", "WEBP")
        return _still(image) if still else _moving(image)
    except PictureRefused:
        raise
    except Exception as fault:  # A decoder that is fed by strangers may raise anything.
        raise PictureRefused(Refusal.BROKEN) from fault


def content_type(name: str) -> str:
    """Tell the type of a picture by its name."""
    return _TYPES[name.rpartition(".")[2]]


def restore(content: bytes, name: str) -> Drawn:
    """Take a picture of an export as it is, if it is the very one and nothing but the picture is in it; else draw it anew.

    Drawing a photograph twice changes it a little, and its name with it: an import of an export would not be the same.

    :raises PictureRefused: if it is no picture that can be shown safely.
    """
    drawn = draw(content)
    as_it_was = name_of(content, drawn.size, drawn.name.rpartition(".")[2])
    return Drawn(name, content, drawn.content_type, drawn.size) if as_it_was == name and is_bare(content) else drawn


def _open(content: bytes) -> Image.Image:
    if not content:
        raise PictureRefused(Refusal.EMPTY)
    if len(content) > MOST_BYTES:
        raise PictureRefused(Refusal.BYTES)
    if b"<svg" in content[:1000].lower() and content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise PictureRefused(Refusal.DRAWING)
    try:
        image = Image.open(BytesIO(content), formats=_READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise PictureRefused(Refusal.PIXELS) from fault
    except Exception as fault:  # As above.
        raise PictureRefused(Refusal.KIND) from fault
    if image.width * image.height > MOST_PIXELS or max(image.size) > 50_000:
        raise PictureRefused(Refusal.PIXELS)
    return image


def _still(image: Image.Image) -> Drawn:
    kind = image.format
    if kind == "JPEG":
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # Decodes a large photograph at half its size, or a quarter.
    image.load()
    upright = ImageOps.exif_transpose(image)
    picture = _fitted(_plain(upright), LONGEST_SIDE)
    output = BytesIO()
    if kind == "JPEG":
        picture.convert("L" if picture.mode == "L" else "RGB").save(output, "JPEG", quality=88, optimize=True, progressive=True)
        return _drawn(output, picture, "jpg")
    if kind == "WEBP":
        picture.save(output, "WEBP", quality=88, method=4)
        return _drawn(output, picture, "webp")
    picture.save(output, "PNG")
    return _drawn(output, picture, "png")


def _moving(image: Image.Image) -> Drawn:
    frames, seconds = [], []
    number, room = 0, MOST_MOVING_PIXELS
    while True:
        try:
            image.seek(number)
        except EOFError:
            break
        number, room = number + 1, room - image.width * image.height
        if number > MOST_FRAMES or room < 0:
            raise PictureRefused(Refusal.FRAMES)
        frames.append(_fitted(_clean(image.convert("RGBA")), LONGEST_SIDE // 2))
        seconds.append(max(20, int(image.info.get("duration") or 100)))
    output = BytesIO()
    frames[0].save(output, "WEBP", save_all=True, append_images=frames[1:], duration=seconds, loop=0, quality=80, method=2)
    return _drawn(output, frames[0], "webp")


def _plain(image: Image.Image) -> Image.Image:
    """Bring a picture into a mode that browsers show, keeping what is see-through."""
    if image.mode.startswith("I"):
        return _clean(image.convert("I").point(lambda shade: shade * (1 / 257)).convert("L"))
    if image.mode in ("RGB", "RGBA", "L"):
        transparent = "transparency" in image.info
        return _clean(image.convert("RGBA") if transparent else image.copy())
    if image.mode == "1":
        return _clean(image.convert("L"))
    through = image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info
    return _clean(image.convert("RGBA" if through else "RGB"))


def _clean(image: _Picture) -> _Picture:
    """Forget everything that came with a picture: writing it would put comments and profiles back in."""
    image.info = {}
    return image


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    if max(image.size) <= longest:
        return image
    share = longest / max(image.size)
    return image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))), Image.Resampling.LANCZOS)


def _drawn(output: BytesIO, picture: Image.Image, ending: str) -> Drawn:
    content, size = output.getvalue(), Size(*picture.size)
    return Drawn(name_of(content, size, ending), content, _TYPES[ending], size)
