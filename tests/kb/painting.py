"""Pictures made for tests: of every kind, with metadata, broken, and far too large."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", colour: object = (200, 30, 30), **options: object) -> bytes:
    """Paint a picture whose left half is of a colour and whose right half is dark."""
    image = Image.new("RGB" if mode == "P" else mode, size, colour)  # type: ignore[arg-type]
    image.paste(0 if mode in ("L", "1", "I;16") else (0,) * len(image.getbands()), (size[0] // 2, 0, size[0], size[1]))  # type: ignore[arg-type]
    output = BytesIO()
    (image.convert("P") if mode == "P" else image).save(output, kind, **options)
    return output.getvalue()


def photograph(size: tuple[int, int] = (60, 40), orientation: int = 6) -> bytes:
    """Take a photograph that lies on its side and knows where it was taken, with a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = "SECRET-PLACE"
    return picture("JPEG", size, exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 10, quality=95)


def film(frames: int = 3, size: tuple[int, int] = (30, 20), kind: str = "GIF") -> bytes:
    """Make a moving picture."""
    images = [Image.new("RGB", size, (40 * number % 255, 80, 120)) for number in range(frames)]
    output = BytesIO()
    images[0].save(output, kind, save_all=True, append_images=images[1:], duration=100, loop=0, comment=b"SECRET-COMMENT")
    return output.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Write a PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
