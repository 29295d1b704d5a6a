"""A text and its translation beside each other."""

from kb.differences import Kind
from kb.sides import State, lay_out, line_change

BEFORE = "Intro.\n\n## Reset\n\nHold the key for 3 seconds.\n\n## Call\n\nCall us at noon.\n\n## Clean\n\nRinse the filter.\n"
NOW = "Intro.\n\n## Reset\n\nHold the key for 5 seconds.\n\n## Clean\n\nRinse the filter, please.\n\n## Store\n\nKeep it dry in winter.\n"
OWN = "Введение.\n\n## Сброс\n\nДержите кнопку 3 секунды.\n\n## Звонок\n\nЗвоните в полдень.\n\n## Чистка\n\nПромойте фильтр.\n"


def test_each_passage_says_what_became_of_its_source() -> None:
    rows = lay_out(NOW, OWN, "en", before=BEFORE)
    assert [(row.source and row.source.heading, row.own and row.own.heading, row.state) for row in rows] == [
        ("", "", State.KEPT),
        ("Reset", "Сброс", State.CHANGED),
        (None, "Звонок", State.GONE),
        ("Clean", "Чистка", State.SLIGHT),
        ("Store", None, State.NEW),
    ]
    assert [(piece.kind, piece.text) for piece in rows[1].pieces if piece.kind is not Kind.SAME] == [(Kind.GONE, "3"), (Kind.NEW, "5")]
    assert [row.wants_work for row in rows] == [False, True, True, False, True]
    assert "".join(row.own.source for row in rows if row.own) == OWN


def test_what_only_the_translation_has_keeps_its_place() -> None:
    rows = lay_out(NOW, OWN.replace("## Чистка", "## Только у нас\n\nСноска.\n\n## Чистка"), "en", before=BEFORE)
    assert "".join(row.own.source for row in rows if row.own).count("Только у нас") == 1
    assert "".join(row.own.source for row in rows if row.own) == OWN.replace("## Чистка", "## Только у нас\n\nСноска.\n\n## Чистка")


def test_without_a_known_origin_nothing_is_marked_and_a_new_translation_has_every_passage_to_fill() -> None:
    assert {row.state for row in lay_out(BEFORE, OWN, "en")} == {State.KEPT}
    rows = lay_out(BEFORE, "", "en")
    assert [(row.source is not None, row.own) for row in rows] == [(True, None)] * 4


def test_titles_are_compared_as_passages_are() -> None:
    assert line_change("Reset", "Reset", "en")[0] is State.KEPT
    assert line_change("Reset the pmup", "Reset the pump", "en")[0] is State.SLIGHT
    state, pieces = line_change("Reset the pump", "Restart the pump", "en")
    assert (state, [piece.text for piece in pieces]) == (State.CHANGED, ["Reset", "Restart", " the pump"])
