import io
import struct
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from webform.bare_pictures import Fault, NotBare, bare

SECRETS = (b"GPS-52.5N", b"Anna's phone", b"behind the end")
FORMATS = ["PNG", "JPEG", "WEBP", "GIF"]


def drawing(size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A picture that shows how it lies: dark above, light below."""
    image = Image.new("RGB", size, (20, 20, 60))
    image.paste((230, 220, 200), (0, size[1] // 2, *size))
    return image


def told(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Anna's phone"
    exif.get_ifd(0x8825)[1] = "GPS-52.5N"
    return exif


def picture(kind: str, orientation: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    output, image = io.BytesIO(), drawing(size)
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "Anna's phone")
        image.save(output, "PNG", exif=told(orientation), pnginfo=words)
    elif kind == "JPEG":
        image.save(output, "JPEG", exif=told(orientation), comment=b"Anna's phone", progressive=True)
    elif kind == "WEBP":
        image.save(output, "WEBP", lossless=True, exif=told(orientation), xmp=b"<x:xmpmeta>GPS-52.5N</x:xmpmeta>")
    else:
        image.save(output, "GIF", save_all=True, append_images=[ImageOps.flip(image)], comment=b"Anna's phone", loop=0, duration=100)
    return output.getvalue() + b"behind the end"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_but_the_picture_is_left_and_no_pixel_changes(kind: str) -> None:
    sent = picture(kind)
    assert any(secret in sent for secret in SECRETS)
    kept = bare(sent, f"image/{kind.lower()}")
    assert not any(secret in kept for secret in SECRETS)
    before, after = opened(sent), opened(kept)
    assert not after.getexif()
    assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)
    for number in range(getattr(after, "n_frames", 1)):
        before.seek(number)
        after.seek(number)
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert bare(kept, f"image/{kind.lower()}") == kept


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
def test_a_picture_that_lay_on_its_side_stands(kind: str, orientation: int) -> None:
    sent = picture(kind, orientation)
    kept = bare(sent, f"image/{kind.lower()}")
    seen, shown = ImageOps.exif_transpose(opened(sent)).convert("RGB"), opened(kept)
    assert not shown.getexif()
    assert not any(secret in kept for secret in SECRETS)
    assert shown.size == seen.size
    for x, y in ((5, 5), (5, shown.height - 5), (shown.width - 5, 5)):
        assert all(abs(a - b) < 12 for a, b in zip(shown.convert("RGB").getpixel((x, y)), seen.getpixel((x, y)), strict=True))
    assert bare(sent, f"image/{kind.lower()}") == kept  # So that the same file again is recognised.


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


TURNED = chunk(b"eXIf", told(6).tobytes().removeprefix(b"Exif\0\0"))
JPEG_HEAD = b"\xff\xd8\xff\xc2\0\x11\x08" + struct.pack(">HH", 65_000, 65_000) + b"\x03\x01\x11\0\x02\x11\0\x03\x11\0"
HOSTILE = {
    "a png of four thousand million pixels": (png(65_000, 65_000), "png", Fault.PIXELS),
    "a png that would be turned": (png(7_000, 7_000, TURNED), "png", Fault.PIXELS),
    "a turned png with no pixels in it": (png(3_000, 3_000, TURNED), "png", Fault.BROKEN),
    "a progressive jpeg": (JPEG_HEAD + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + bytes(20) + b"\xff\xd9", "jpeg", Fault.PIXELS),
    "a gif with a large frame": (b"GIF89a\1\0\1\0\0\0\0\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\0\x3b", "gif", Fault.PIXELS),
    "a webp canvas": (b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0", "webp", Fault.PIXELS),
    "an endless gif": (b"GIF89a\1\0\1\0\0\0\0\x21\xfe" + b"\1x" * 4_000_000, "gif", Fault.BROKEN),
    "a jpeg of marks only": (b"\xff\xd8" + b"\xff\xfe\0\2" * 2_000_000, "jpeg", Fault.BROKEN),
    "a jpeg of filling only": (b"\xff\xd8" + b"\xff" * 9_000_000, "jpeg", Fault.BROKEN),
    "a png of empty chunks": (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"tEXt", b"") * 700_000, "png", Fault.BROKEN),
    "a picture of no pixels": (png(0, 0), "png", Fault.BROKEN),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_take_the_machine_is_refused_before_it_is_decoded(name: str) -> None:
    content, kind, fault = HOSTILE[name]
    tracemalloc.start()
    with pytest.raises(NotBare) as refused:
        bare(content, f"image/{kind}")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.fault is fault
    assert most < 60_000_000


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_that_is_cut_short_anywhere_is_refused_and_nothing_else_happens(kind: str) -> None:
    sent = picture(kind).removesuffix(b"behind the end")
    for length in range(12, len(sent) - 1, 7):
        with pytest.raises(NotBare) as refused:
            bare(sent[:length], f"image/{kind.lower()}")
        assert refused.value.fault is Fault.BROKEN


@pytest.mark.parametrize("kind", FORMATS)
def test_whatever_byte_is_wrong_there_is_a_picture_or_a_refusal(kind: str) -> None:
    sent = picture(kind, 6)
    for place in range(0, len(sent), 5):
        spoiled = sent[:place] + bytes((sent[place] ^ 0xFF,)) + sent[place + 1 :]
        with suppress(NotBare):
            assert bare(spoiled, f"image/{kind.lower()}")
