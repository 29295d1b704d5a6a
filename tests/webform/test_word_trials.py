"""A text in pieces."""

import pytest

from kb.wording import Words
from webform.word_trials import Piece, lay_out


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("nothing known", (Piece("nothing known"),)),
        ("a refund, dear team", (Piece("a "), Piece("refund", ("money back",)), Piece(", "), Piece("dear team", silent=True))),
        ("dear team dear team", (Piece("dear team", silent=True), Piece(" "), Piece("dear team", silent=True))),
        ("dear refund dear team", (Piece("dear "), Piece("refund", ("money back",)), Piece(" "), Piece("dear team", silent=True))),
    ],
)
def test_a_text_is_cut_where_words_apply_and_nothing_of_it_is_lost(text: str, pieces: tuple[Piece, ...]) -> None:
    trial = lay_out(text, Words("en", "refund = money back", "dear team").word(text))
    assert trial.pieces == pieces
    assert "".join(piece.text for piece in trial.pieces) == text
    assert trial.changes is any(piece.added or piece.silent for piece in pieces)


def test_a_rule_is_named_once() -> None:
    text = "refund refund"
    assert lay_out(text, Words("en", "refund = money back", "").word(text)).rules == ("refund = money back",)
