import pytest

from kb.picture_names import Size, address, is_name, name_of, names_in, size_at

NAME = name_of(b"bytes", Size(640, 480), "png")


def test_a_name_tells_how_large_the_picture_is() -> None:
    assert is_name(NAME)
    assert size_at(address(NAME)) == Size(640, 480)
    assert name_of(b"other bytes", Size(640, 480), "png") != NAME


@pytest.mark.parametrize(
    "place",
    [
        "",
        NAME,
        f"https://evil.example/help/pictures/{NAME}",
        f"//evil.example/help/pictures/{NAME}",
        f"/help/pictures/{NAME}?x=1",
        f"/help/pictures/{NAME}\n",
        f"/help/pictures/../{NAME}",
        f"/help/pictures/{NAME.replace('.png', '.svg')}",
        f"/help/pictures/{NAME.upper()}",
        "/help/pictures/x.png",
        f"/help/pictures/{NAME.replace('640', '0')}",
        f"/help/pictures/{NAME.replace('640', '٦٤')}",
    ],
)
def test_no_other_address_is_one_of_ours(place: str) -> None:
    assert size_at(place) is None


def test_the_pictures_of_a_text_are_found_once_each() -> None:
    assert names_in(f"![a]({address(NAME)}) and [b]: {address(NAME)} and /help/pictures/none.png") == {NAME}
    assert names_in("no picture") == set()
