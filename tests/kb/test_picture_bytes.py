import contextlib
from io import BytesIO

import pytest
from PIL import Image

from kb import picture_bytes
from kb.picture_bytes import LONGEST_SIDE, PictureRefused, Refusal, content_type, draw, restore
from kb.picture_chunks import is_bare
from kb.picture_names import is_name
from tests.kb.painting import bomb, film, photograph, picture

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def reason(content: bytes) -> Refusal:
    with pytest.raises(PictureRefused) as refused:
        draw(content)
    return refused.value.reason


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")])
def test_each_kind_is_drawn_anew_under_a_name_of_its_own(kind: str, ending: str) -> None:
    drawn = draw(picture(kind))
    assert is_name(drawn.name)
    assert drawn.name.endswith(f"-60x40.{ending}")
    assert (drawn.size.width, drawn.size.height) == opened(drawn.content).size == (60, 40)
    assert drawn.content_type == content_type(drawn.name)
    assert draw(picture(kind)) == drawn


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_keep_colours_is_read(mode: str) -> None:
    colours = {"1": 1, "L": 250, "LA": (250, 255), "P": (250, 0, 0), "RGB": (250, 0, 0), "RGBA": (250, 0, 0, 255), "I;16": 65_000}
    drawn = opened(draw(picture(mode=mode, colour=colours[mode])).content).convert("RGBA")
    assert drawn.getpixel((2, 2)) != drawn.getpixel((55, 2))


def test_colours_of_printing_are_brought_to_those_of_a_screen() -> None:
    assert opened(draw(picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0))).content).mode == "RGB"


def test_a_photograph_is_put_upright_and_forgets_where_it_was_taken() -> None:
    drawn = draw(photograph())
    assert b"SECRET" not in drawn.content
    image = opened(drawn.content)
    assert image.size == (40, 60)
    assert image.getpixel((20, 5))[0] > 150 > 60 > image.getpixel((20, 55))[0]  # type: ignore[index]
    assert not image.getexif()
    assert is_bare(drawn.content)


def test_what_stands_behind_the_end_of_a_picture_is_gone() -> None:
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        drawn = draw(picture(kind) + b"<script>alert(1)</script>")
        assert b"script" not in drawn.content
        assert is_bare(drawn.content)


def test_a_large_picture_becomes_as_large_as_a_page_needs() -> None:
    for kind in ("PNG", "JPEG"):
        drawn = draw(picture(kind, (5000, 40)))
        assert opened(drawn.content).size == (drawn.size.width, drawn.size.height)
        assert drawn.size.width == LONGEST_SIDE
        assert 1 <= drawn.size.height <= 20


def test_what_is_see_through_stays_so() -> None:
    assert opened(draw(picture(mode="RGBA", colour=(1, 2, 3, 0))).content).getpixel((0, 0)) == (1, 2, 3, 0)
    assert opened(draw(picture("WEBP", mode="RGBA", colour=(1, 2, 3, 0))).content).mode == "RGBA"


def test_a_moving_picture_goes_on_moving_without_its_comment() -> None:
    for kind in ("GIF", "WEBP"):
        drawn = draw(film(kind=kind))
        image = opened(drawn.content)
        assert (image.format, image.n_frames) == ("WEBP", 3)  # type: ignore[attr-defined]
        assert b"SECRET" not in drawn.content
        assert is_bare(drawn.content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Refusal.EMPTY),
        (DRAWING, Refusal.DRAWING),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- x -->\n" + DRAWING, Refusal.DRAWING),
        (b"<html><script>alert(1)</script></html>", Refusal.KIND),
        (b"%PDF-1.7", Refusal.KIND),
        (b"BM" + bytes(100), Refusal.KIND),
        (picture("TIFF"), Refusal.KIND),
        (picture()[:60], Refusal.BROKEN),
        (picture("JPEG")[:700], Refusal.BROKEN),
        (picture("GIF")[:120], Refusal.BROKEN),
        (bomb(40_000, 40_000), Refusal.PIXELS),
        (bomb(10_000, 10_000), Refusal.PIXELS),
        (bomb(6_000, 5_100), Refusal.PIXELS),
        (bomb(60_000, 1), Refusal.PIXELS),
        (bomb(5_000, 5_000), Refusal.BROKEN),
        (film(201), Refusal.FRAMES),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused_with_its_reason(content: bytes, why: Refusal) -> None:
    assert reason(content) is why


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_bytes, "MOST_BYTES", 50)
    assert reason(picture()) is Refusal.BYTES


def test_no_cut_or_changed_byte_makes_more_than_a_refusal() -> None:
    for content in (picture(), picture("JPEG"), picture("WEBP"), picture("GIF"), film()):
        for place in range(0, len(content), max(1, len(content) // 40)):
            for broken in (content[:place], content[:place] + b"\xff" + content[place + 1 :], content[:place] + content[place + 7 :]):
                with contextlib.suppress(PictureRefused):
                    assert is_name(draw(broken).name)


@pytest.mark.parametrize("made", [picture(), photograph(), picture("WEBP"), film()], ids=["png", "jpeg", "webp", "moving"])
def test_a_picture_of_an_export_comes_back_to_the_byte(made: bytes) -> None:
    drawn = draw(made)
    assert restore(drawn.content, drawn.name) == drawn


def test_a_picture_that_only_claims_to_be_of_an_export_is_drawn_anew() -> None:
    drawn = draw(photograph())
    assert b"SECRET" not in restore(photograph(), drawn.name).content
    spoiled = drawn.content + b"<script>"
    assert b"script" not in restore(spoiled, drawn.name).content
    commented = drawn.content[:2] + b"\xff\xfe\x00\x0a<script>" + drawn.content[2:]
    name = picture_bytes.name_of(commented, drawn.size, "jpg")
    assert b"script" not in restore(commented, name).content
