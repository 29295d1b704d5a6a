import pytest

from deflection.efforts import USUAL, hours, set_hours
from deflection.work import WorkKind
from kb.database import Database


def test_a_kind_takes_the_usual_hours_until_somebody_says_otherwise(database: Database) -> None:
    with database.writing() as session:
        assert hours(session) == USUAL
        set_hours(session, WorkKind.GAP, 3.5)
        set_hours(session, WorkKind.GAP, 4.0)
    with database.reading() as session:
        assert hours(session) == USUAL | {WorkKind.GAP: 4.0}
    assert set(USUAL) == set(WorkKind)


@pytest.mark.parametrize("said", [0.0, -1.0, 1e9, float("nan")])
def test_what_is_no_time_is_refused(database: Database, said: float) -> None:
    with database.writing() as session, pytest.raises(ValueError, match="hours"):
        set_hours(session, WorkKind.GAP, said)
