import base64
from pathlib import Path

import pytest

from kb.bundle import open_bundle
from kb.gallery import Gallery
from kb.picture_bytes import draw
from kb.picture_names import address
from tests.kb.foreign_exports import put
from tests.kb.painting import picture

RED, BLUE = picture(), picture(colour=(0, 0, 200))
OURS = {content: address(draw(content).name) for content in (RED, BLUE)}


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    put(tmp_path, {"en/a.html": "x", "en/red.png": RED, "img/1/pic.png": RED, "img/2/pic.png": BLUE, "attachments/77/x.png": BLUE, "360009.png": RED})
    return Gallery(open_bundle(tmp_path))


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("red.png", RED),
        ("./red.png?width=30#x", RED),
        ("/en/red.png", RED),
        ("../img/2/pic.png", BLUE),
        ("https://cdn.example/a/img/1/pic.png?token=x", RED),
        ("//cdn.example/2/pic.png", BLUE),
        ("https://x.example/hc/article_attachments/360009/valve.png", RED),
        ("https://x.example/download/77/x.png", BLUE),
        (f"data:image/png;base64,{base64.b64encode(BLUE).decode()}", BLUE),
        ("https://cdn.example/pic.png", None),
        ("none.png", None),
        ("https://[broken/pic.png", None),
        ("data:image/png;base64,@@@", None),
        ("data:text/html,<script>", None),
        ("../../../etc/passwd", None),
    ],
)
def test_a_picture_is_found_where_its_address_most_likely_means(gallery: Gallery, source: str, meant: bytes | None) -> None:
    assert gallery.place(source, "en/a.html") == (OURS[meant] if meant else None)
    assert [note.where for note in gallery.take_notes()] == ([] if meant else ["en/a.html"])
    assert [address(each.name) for each in gallery.take()] == ([OURS[meant]] if meant else [])
    assert gallery.take() == []


def test_a_picture_is_drawn_once_and_ours_are_taken_along_as_they_are(tmp_path: Path) -> None:
    drawn = draw(picture("JPEG"))
    put(tmp_path, {f"pictures/{drawn.name}": drawn.content, "a.md": "x"})
    gallery = Gallery(open_bundle(tmp_path))
    for _ in range(2):
        gallery.bring(f"![x]({address(drawn.name)})", "a.md")
    assert gallery.take() == [drawn]
    gallery.bring(f"![x]({address(drawn.name)})", "b.md")
    assert gallery.take() == gallery.take_notes() == []
