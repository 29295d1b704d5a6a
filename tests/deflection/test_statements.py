import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deflection.events import Kind
from deflection.statements import BadStatement, Statement, Step, parse

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"kind": "opened", "article": 7}, Statement(Kind.OPENED, 7)),
        ({"kind": "read", "article": 7, "seconds": 12.5}, Statement(Kind.READ, 7, seconds=12.5)),
        ({"kind": "read", "article": 7, "seconds": 40_000}, Statement(Kind.READ, 7, seconds=3600.0)),
        ({"kind": "solved"}, Statement(Kind.SOLVED)),
        ({"kind": "declined", "article": 7, "reason": "too-long"}, Statement(Kind.DECLINED, 7, "too-long")),
        ({"kind": "arrived"}, Statement(Step.ARRIVED)),
        ({"kind": "began", "device": "phone", "language": "zh"}, Statement(Step.BEGAN, place={"device": "phone", "language": "zh"})),
    ],
)
def test_a_statement_is_read_as_it_is_meant(told: dict[str, object], meant: Statement) -> None:
    assert parse(json.dumps(told).encode()) == meant


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'"solved"', b"\xff\xfe", b"{}", b"[" * 2000,
        b'{"kind": "shown", "article": 1}', b'{"kind": "submitted"}', b'{"kind": "withheld", "article": 1}', b'{"kind": ["solved"]}', b'{"kind": null}',
        b'{"kind": "opened"}', b'{"kind": "opened", "article": 0}', b'{"kind": "opened", "article": -1}', b'{"kind": "opened", "article": "7"}',
        b'{"kind": "opened", "article": true}', b'{"kind": "opened", "article": 1.0}', b'{"kind": "opened", "article": 2147483648}',
        b'{"kind": "solved", "article": null}', b'{"kind": "read", "article": 1, "seconds": NaN}', b'{"kind": "read", "article": 1, "seconds": Infinity}',
        b'{"kind": "read", "article": 1, "seconds": -1}', b'{"kind": "read", "article": 1, "seconds": 86401}',
        b'{"kind": "read", "article": 1, "seconds": "9"}',
        b'{"kind": "read", "article": 1, "seconds": true}', b'{"kind": "solved", "seconds": 4}', b'{"kind": "opened", "article": 1, "reason": "too-long"}',
        b'{"kind": "declined", "article": 1, "reason": "because my card 4242 was refused"}', b'{"kind": "declined", "reason": ["too-long"]}',
        b'{"kind": "arrived", "article": 1}', b'{"kind": "arrived", "device": "fridge"}', b'{"kind": "began", "browser": 1}',
        b'{"kind": "began", "message": "what was typed"}', b'{"kind": "began", "language": "what was typed"}',
        b'{"kind": "declined", "reason": ""}', b'{"kind": "solved", "message": "what was typed"}',
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(BadStatement):
        parse(body)


@given(st.binary() | JSON.map(lambda told: json.dumps(told).encode()))
def test_whatever_comes_is_a_statement_or_refused(body: bytes) -> None:
    with contextlib.suppress(BadStatement):
        assert parse(body).kind in {Kind.OPENED, Kind.READ, Kind.SOLVED, Kind.DECLINED}
