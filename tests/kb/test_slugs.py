import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.slugs import Namer, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("The pump runs, but no water", "the-pump-runs-but-no-water"),
        ("Что означают огоньки?", "что-означают-огоньки"),
        ("控制器的灯是什么意思？", "控制器的灯是什么意思"),
        ("हिन्दी में", "हिन्दी-में"),
        ("  E-31 / 24 h  ", "e-31-24-h"),
        ("../../etc/passwd", "etc-passwd"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full-width"),
        ("🙂 !!! ---", ""),
        ("a\0b\ud800c\u202ed", "a-b-c-d"),
    ],
)
def test_a_slug_keeps_letters_of_every_script_and_nothing_else(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_a_long_slug_ends_between_words() -> None:
    assert slugify("how to put the pump back into the tank after a long and cold winter in the cellar of the house") == (
        "how-to-put-the-pump-back-into-the-tank-after-a-long-and-cold-winter-in-the"
    )


@given(st.text(max_size=300))
def test_a_slug_is_safe_short_and_its_own_slug(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= 80
    assert len(slug.encode()) <= 180
    assert all(character == "-" or unicodedata.category(character)[0] in "LMN" for character in slug)
    assert slugify(slug) == slug


def test_a_name_is_given_once() -> None:
    namer = Namer({"filter", "filter-3"})
    assert [namer.name("filter") for _ in range(3)] == ["filter-2", "filter-4", "filter-5"]
    assert namer.name("pump") == "pump"


def test_thousands_of_equal_names_are_quick() -> None:
    namer = Namer()
    assert len({namer.name("a") for _ in range(20_000)}) == 20_000
