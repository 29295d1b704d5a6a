from datetime import datetime, timedelta

from deflection.put_aside import AWAY, Verdict, away, put_aside, take_up
from kb.database import Database


def test_what_is_put_aside_stays_away_for_its_time_and_comes_back(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert put_aside(session, "failing:1:en", Verdict.DONE, who="anna@example.com", now=now) == now + timedelta(days=28)
        put_aside(session, "gap:7", Verdict.NOT_NOW, who="anna@example.com", now=now)
        assert list(away(session, now)) == ["gap:7", "failing:1:en"]
        assert list(away(session, now + AWAY[Verdict.NOT_NOW])) == ["failing:1:en"]
        assert away(session, now + AWAY[Verdict.DONE]) == {}


def test_the_last_word_holds_and_can_be_taken_back(database: Database, now: datetime) -> None:
    with database.writing() as session:
        put_aside(session, "gap:7", Verdict.NOT_NOW, who="anna@example.com", now=now)
        put_aside(session, "gap:7", Verdict.DONE, who="boris@example.com", now=now + timedelta(days=1))
        (row,) = away(session, now).values()
        assert (row.verdict, row.put_by, row.until) == (Verdict.DONE, "boris@example.com", now + timedelta(days=29))
        assert take_up(session, "gap:7")
        assert not take_up(session, "gap:7")
        assert away(session, now) == {}
