"""Bodies cut at their headings, put together again, and paired with other versions and languages."""

import random
from pathlib import Path

import pytest

from kb import front_matter, sample
from kb.parts import cut_parts, join_parts, pair_languages, pair_versions
from kb.passages import cut
from tests.kb.hostile_markdown import HOSTILE

FOLDER = Path(sample.__file__).parent / "sample" / "articles"
BODIES = {path: front_matter.read(path.read_text("utf-8")).body for path in sorted(FOLDER.glob("*/*.md"))}
ODD = [
    "",
    "\n\n",
    "no heading",
    "# Only",
    "Setext\n===\ntext\n\nother\n---\nmore",
    "\r\na\r\n\r\n## b\r\nc\r\n",
    "## a\n## b\ntext\n# c",
    "> ## quoted\n\n## own\n",
    "a\rb\r\r## c",
]


@pytest.mark.parametrize("bodies", [list(BODIES.values()), HOSTILE, ODD], ids=["sample", "hostile", "odd"])
def test_parts_that_nobody_touched_make_the_same_body(bodies: list[str]) -> None:
    for body in bodies:
        sources = [part.source for part in cut_parts(body)]
        assert "".join(sources) == body or not "".join(sources).strip() or body.endswith("".join(sources)), body
        if sources and body.startswith(sources[0]):
            typed = [source.replace("\r\n", "\n").replace("\n", "\r\n").rstrip() for source in sources]  # As a browser sends it.
            assert join_parts(sources, typed) == body.replace("\r\n", "\n").replace("\r", "\n"), body


def test_parts_are_the_passages_with_their_continuations() -> None:
    for body in BODIES.values():
        headings = list(dict.fromkeys(section.heading for section in cut(body)))
        assert [part.heading for part in cut_parts(body) if part.heading or part.level == 0] == headings


def test_a_touched_part_is_set_apart_from_its_neighbours_by_an_empty_line() -> None:
    was = ["Intro.\n", "## One\nText.\n\n", "## Two\nText."]
    assert join_parts(was, ["Intro!", "## One\nText.", "## Two\nText."]) == "Intro!\n\n## One\nText.\n\n## Two\nText."
    assert join_parts(was, ["Intro.", "", "## Two\nText."]) == "Intro.\n\n## Two\nText."
    assert join_parts([*was[:2], "", was[2]], ["Intro.", "## One\nText.", "## New\n\nHello", "## Two\nText."]) == (
        "Intro.\n## One\nText.\n\n## New\n\nHello\n\n## Two\nText."
    )
    assert join_parts(["", ""], ["## Первый\r\n\r\nТекст", "## Второй"]) == "## Первый\n\nТекст\n\n## Второй\n"
    assert join_parts(was, ["", "", ""]) == ""


def test_languages_with_the_same_headings_are_paired_as_they_stand() -> None:
    alike = 0
    for path, body in BODIES.items():
        other = FOLDER / "zh" / path.name
        if path.parent.name == "en" and other in BODIES:
            left, right = cut_parts(body), cut_parts(BODIES[other])
            if [part.level for part in left] == [part.level for part in right]:
                alike += 1
                assert pair_languages(left, right) == [(number, number) for number in range(len(left))], path
    assert alike > 20


def test_a_passage_that_a_translation_lacks_leaves_a_gap_and_shifts_nothing() -> None:
    dice, right, asked = random.Random(1), 0, 0
    for path, body in BODIES.items():
        other = FOLDER / "ru" / path.name
        if path.parent.name != "en" or other not in BODIES:
            continue
        left, whole = cut_parts(body), cut_parts(BODIES[other])
        if len(left) != len(whole) or len(left) < 3:
            continue
        lost = dice.randrange(1, len(left))
        expected = {number: number - (number > lost) for number in range(len(left)) if number != lost}
        found = dict(pair_languages(left, whole[:lost] + whole[lost + 1 :]))
        asked += len(expected)
        right += sum(found.get(number) == partner for number, partner in expected.items())
    assert asked > 40
    assert right / asked > 0.7, (right, asked)


def test_versions_are_paired_by_their_text() -> None:
    before = cut_parts("Intro one two three.\n\n## A\n\nHold the key for 3 seconds.\n\n## B\n\nCall us at noon.\n\n## C\n\nRinse the filter.")
    after = cut_parts("Intro one two three.\n\n## New\n\nSomething else entirely.\n\n## A\n\nHold the key for 5 seconds.\n\n## C\n\nRinse the fine filter.")
    assert pair_versions(before, after) == [(0, 0), (None, 1), (1, 2), (2, None), (3, 3)]
    chinese = cut_parts("## 复位\n\n按住按钮三秒然后松开。\n\n## 清洗\n\n取下滤网用清水冲洗。"), cut_parts("## 清洗\n\n取下滤网用温水冲洗干净。")
    assert pair_versions(*chinese) == [(0, None), (1, 0)]
