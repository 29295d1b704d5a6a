from datetime import datetime, timedelta

from deflection import events, visits
from deflection.events import Kind
from deflection.tallies import Tally, tally, tally_articles
from kb.database import Database


def happen(database: Database, now: datetime, token: str, *facts: tuple[Kind, list[int]]) -> None:
    with database.writing() as session:
        visit = visits.see(session, token=token, language="en", scripted=True, engaged=True, holdout_share=0, secret="s", now=now)
        for kind, articles in facts:
            events.record(session, visit, kind, articles=articles, now=now)


def test_a_visit_counts_once_in_each_column(database: Database, now: datetime) -> None:
    happen(database, now, "one", (Kind.SHOWN, [1, 2]), (Kind.OPENED, [1]), (Kind.OPENED, [2]), (Kind.SOLVED, [2]))
    happen(database, now, "two", (Kind.SHOWN, [1]), (Kind.DECLINED, [1]), (Kind.SUBMITTED, []))
    happen(database, now, "three", (Kind.WITHHELD, [1]), (Kind.SUBMITTED, []))
    with database.reading() as session:
        assert tally(session, now) == Tally(0, shown=2, opened=1, solved=1, declined=1, submitted=2)


def test_an_article_is_charged_with_the_requests_it_did_not_prevent(database: Database, now: datetime) -> None:
    happen(database, now, "one", (Kind.SHOWN, [1, 2]), (Kind.OPENED, [2]), (Kind.SOLVED, [2]))
    happen(database, now, "two", (Kind.SHOWN, [1, 3]), (Kind.DECLINED, [1]), (Kind.SUBMITTED, []))
    with database.reading() as session:
        assert tally_articles(session, now) == [
            Tally(1, shown=2, opened=0, solved=0, declined=1, submitted=1),
            Tally(2, shown=1, opened=1, solved=1, declined=0, submitted=0),
            Tally(3, shown=1, opened=0, solved=0, declined=0, submitted=1),
        ]
        assert [row.article_id for row in tally_articles(session, now, limit=1)] == [1]


def test_what_was_before_is_not_counted(database: Database, now: datetime) -> None:
    happen(database, now - timedelta(days=2), "one", (Kind.SHOWN, [1]))
    with database.reading() as session:
        assert tally(session, now - timedelta(days=1)) == Tally(0, 0, 0, 0, 0, 0)
        assert tally_articles(session, now - timedelta(days=1)) == []
        assert tally(session, now - timedelta(days=3)).shown == 1
