"""What counts as a bare picture; that drawn ones are is tried where they are drawn."""

import pytest

from kb.picture_chunks import is_bare
from tests.kb.painting import film, photograph, picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_plain_picture_is_bare_and_one_with_anything_behind_it_or_cut_is_not(kind: str) -> None:
    content = picture(kind)
    assert is_bare(content)
    assert not is_bare(content + b"x")
    assert not any(is_bare(content[:length]) for length in range(0, len(content), 7))


def test_one_with_metadata_or_of_another_kind_is_not_bare() -> None:
    assert not is_bare(photograph())
    assert not is_bare(film())
    assert not is_bare(picture("PNG", dpi=(300, 300)))
    assert not is_bare(picture("WEBP", icc_profile=b"x" * 200))
    assert not is_bare(b"")
