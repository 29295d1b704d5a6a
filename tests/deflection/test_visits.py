import math
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select

from deflection.visits import Arm, Visit, draw_arm, find_visit, identify, see
from kb.database import Database
from tests.deflection.conftest import Begin


def test_a_visit_seen_again_is_the_same_row_and_keeps_its_beginning(database: Database, begin: Begin, now: datetime) -> None:
    later = now + timedelta(minutes=2)
    with database.writing() as session:
        first = begin(session).id
    with database.writing() as session:
        again = begin(session, now=later)
        assert (again.id, again.started_at, again.last_seen_at) == (first, now, later)


def test_a_visit_only_gains(database: Database, begin: Begin) -> None:
    with database.writing() as session:
        begin(session, topic="pump")
        seen = begin(session, language="", scripted=False, engaged=False)
        assert (seen.language, seen.topic, seen.scripted, seen.engaged) == ("en", "pump", True, True)


def test_many_processes_that_see_a_new_visit_at_once_make_one_row(database: Database, begin: Begin) -> None:
    def look(_: int) -> int:
        with database.writing() as session:
            return begin(session).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(look, range(40)))) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_the_arm_is_stable_and_its_share_is_the_one_asked_for() -> None:
    tokens = [f"token-{number}" for number in range(20_000)]
    for share in (0.05, 0.5):
        held = sum(draw_arm(token, holdout_share=share, secret="s") is Arm.HOLDOUT for token in tokens)
        assert abs(held - 20_000 * share) < 4 * math.sqrt(20_000 * share * (1 - share))
    assert [draw_arm(token, holdout_share=0.3, secret="s") for token in tokens[:50]] == [
        draw_arm(token, holdout_share=0.3, secret="s") for token in tokens[:50]
    ]


def test_nobody_can_tell_the_arm_of_a_token_without_the_secret() -> None:
    tokens = [f"token-{number}" for number in range(2_000)]
    same = sum(draw_arm(token, holdout_share=0.5, secret="one") is draw_arm(token, holdout_share=0.5, secret="two") for token in tokens)
    assert 850 < same < 1150


def test_a_share_of_nothing_holds_nobody_out_and_a_whole_one_everybody() -> None:
    tokens = [f"token-{number}" for number in range(500)]
    assert {draw_arm(token, holdout_share=0.0, secret="s") for token in tokens} == {Arm.TREATMENT}
    assert {draw_arm(token, holdout_share=1.0, secret="s") for token in tokens} == {Arm.HOLDOUT}


def test_a_visit_keeps_its_arm_when_the_share_changes(database: Database, now: datetime) -> None:
    with database.writing() as session:
        see(session, token="one", language="en", scripted=True, holdout_share=0.0, secret="s", now=now)
        assert see(session, token="one", language="en", scripted=True, holdout_share=1.0, secret="s", now=now).arm == Arm.TREATMENT


def test_a_person_is_noted_as_given(database: Database, begin: Begin) -> None:
    with database.writing() as session:
        identify(session, begin(session), "f" * 64)
    with database.reading() as session:
        found = find_visit(session, "one")
        assert found is not None
        assert found.person == "f" * 64
