from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import BindParameter, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from kb.database import Database
from kb.gate_choices import GateChoice
from kb.known import Known
from kb.ready import Ready


def _when() -> BindParameter[datetime]:
    return bindparam("when", type_=GateChoice.chosen_at.type)


ADDED = Ready(
    insert(GateChoice)
    .values(id=bindparam("number"), gate=bindparam("gate"), previous=0.5, chosen_by="ann", reason="", chosen_at=bindparam("when"))
    .returning(GateChoice.chosen_at, GateChoice.gate)
)
LISTED = Ready(select(GateChoice.id, GateChoice.gate, GateChoice.chosen_at).where(GateChoice.id >= bindparam("least")).order_by(GateChoice.id))
AT = Ready(select(GateChoice.id).where(GateChoice.chosen_at >= _when(), GateChoice.chosen_at <= _when()))
HERE = datetime(2026, 3, 1, 12, 30, 0, 250, timezone(timedelta(hours=3)))


def test_values_and_rows_go_through_the_types_of_their_columns(database: Database) -> None:
    with database.writing() as session:
        given = ADDED.rows(session.connection(), {"number": 1, "gate": None, "when": HERE})
        ADDED.rows(session.connection(), {"number": 2, "gate": 0.25, "when": HERE})
    assert given == [(HERE, None)]
    assert given[0][0].tzinfo is UTC
    assert database.glance(LISTED, {"least": 1}) == [(1, None, HERE), (2, 0.25, HERE)]
    assert database.glance(LISTED, {"least": 2}) == [(2, 0.25, HERE)]
    assert database.glance(AT, {"when": HERE}) == [(1,), (2,)]  # One value in two places.
    with database.reading() as session:
        assert session.scalars(select(GateChoice.chosen_at)).all() == [HERE, HERE]
        assert session.scalars(select(GateChoice.id).where(GateChoice.chosen_at == HERE)).all() == [1, 2]  # Written as SQLAlchemy writes it.


def test_what_was_not_committed_is_gone_and_faults_are_those_of_sqlalchemy_without_the_values(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        ADDED.rows(session.connection(), {"number": 1, "gate": 0.75, "when": HERE})
        1 / 0  # noqa: B018
    assert database.glance(LISTED, {"least": 1}) == []
    with database.writing() as session:
        ADDED.rows(session.connection(), {"number": 1, "gate": 0.75, "when": HERE})
    with pytest.raises(IntegrityError) as met, database.writing() as session:
        ADDED.rows(session.connection(), {"number": 1, "gate": 0.125, "when": HERE})
    assert "0.125" not in str(met.value)
    assert len(database.glance(LISTED, {"least": 1})) == 1


def test_what_is_known_is_read_again_only_after_a_change(database: Database) -> None:
    reads = []

    def read(session: object) -> int:
        reads.append(session)
        return len(reads)

    known = Known(database, Ready(select(GateChoice.id)), read)
    assert [known.now(), known.now()] == [1, 1]
    with database.writing() as session:
        ADDED.rows(session.connection(), {"number": 1, "gate": 0.75, "when": HERE})
    assert [known.now(), known.now()] == [2, 2]
