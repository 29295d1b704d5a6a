"""Strategies of Hypothesis for drafts that could really be kept."""

import unicodedata
from datetime import UTC, datetime

from hypothesis import strategies as st

from kb.drafts import Draft, Status
from kb.front_matter import KEYS, dump
from kb.slugs import slugify

LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
TRAPS = st.sampled_from(
    [
        "no", "yes", "null", "~", "1e3", "2026-11-22", "0x1F", "a: b", "# not a comment", "- item", "'single'", '"double"', "{a: b}", "[a]", "---", "...",
        "&a", "*a", "!!python/object:x", "|", ">", "%TAG", "@at", "`tick`", "a\\nb", "насос: вода", "水泵", "🙂🙃", "\ufeffbom", "a\u200bb", "trailing ",
        " leading", "é", "e\u0301",
    ]
)  # fmt: skip
TABLE = "| Light | Ж |\n|---|--:|\n| 灯 | 🙂 |\n"
BODIES = st.lists(
    st.one_of(
        st.text(LETTERS, max_size=60),
        TRAPS,
        st.sampled_from(["---\n", "\r\n", "\n", "\r", TABLE, "## Заголовок\n", "---\nid: other\n---\n", "\ufeff", "\t", "\x85"]),
    ),
    max_size=8,
).map("".join)


def _is_line(text: str) -> bool:
    return bool(text.strip()) and not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text)


LINES = st.one_of(TRAPS, st.text(LETTERS, min_size=1, max_size=60)).filter(_is_line)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(LETTERS, max_size=20), TRAPS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(LETTERS, max_size=8), inner, max_size=3)),
    max_leaves=5,
)
EXTRAS = st.dictionaries(LINES.filter(lambda key: key not in KEYS), VALUES, max_size=3).map(lambda others: dump(others) if others else "")
DRAFTS = st.builds(
    Draft,
    external_id=LINES,
    language=st.sampled_from(["en", "ru", "zh", "no", "zh-CN", "sr-Latn"]),
    title=LINES,
    body=BODIES,
    summary=st.one_of(st.just(""), st.text(LETTERS, max_size=80), TRAPS),
    category=st.one_of(st.just(""), LINES),
    slug=LINES.map(slugify),
    status=st.sampled_from(Status),
    updated_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds of a strategy are naive
    extra=EXTRAS,
)
