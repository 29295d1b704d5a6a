"""What somebody from outside said: the last word counts, so many a day, and not for ever."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import Example, Standing
from kb.voices import MOST_A_DAY, REMEMBERED, Speaker, forget_speakers, keep_voice, take_back


def article(session: Session, now: datetime, name: str = "pump") -> int:
    return save_translation(session, external_id=name, language="en", title=name, body="Text.", status=Status.PUBLISHED, now=now).article_id


def count(session: Session) -> int:
    return session.scalar(select(func.count(Example.id))) or 0


def test_a_voice_waits(database: Database, now: datetime) -> None:
    with database.writing() as session:
        kept = keep_voice(session, "it hums", "en", article(session, now), Speaker("v", "n"), now=now)
        assert kept is not None
        assert (kept.standing, kept.source, kept.fits) == (Standing.WAITING, "solved", True)


def test_the_last_word_of_a_visit_about_an_article_counts(database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump = article(session, now)
        for fits in (True, True, False):
            keep_voice(session, "it hums", "en", pump, Speaker("v", "n"), fits=fits, now=now)
        assert session.execute(select(Example.fits, Example.source)).all() == [(False, "declined")]


def test_one_network_is_heard_so_often_a_day(database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump = article(session, now)
        for number in range(MOST_A_DAY + 30):
            keep_voice(session, f"it hums {number}", "en", pump, Speaker(f"v{number}", "n"), now=now)
        assert count(session) == MOST_A_DAY
        assert keep_voice(session, "another", "en", pump, Speaker("w", "another"), now=now) is not None
        assert keep_voice(session, "tomorrow", "en", pump, Speaker("x", "n"), now=now + timedelta(hours=25)) is not None


def test_what_was_said_can_be_taken_back_by_who_said_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump = article(session, now)
        keep_voice(session, "it hums", "en", pump, Speaker("v", "n"), now=now)
        assert not take_back(session, "another visit", pump)
        assert take_back(session, "v", pump)
        assert count(session) == 0


def test_where_a_voice_came_from_is_forgotten_and_it_with_it_unless_others_agreed(database: Database, now: datetime) -> None:
    with database.writing() as session:
        pump = article(session, now)
        agreed, _, young = (
            keep_voice(session, text, "en", pump, Speaker(text, "n"), now=when)
            for text, when in (("it hums", now), ("nobody agrees", now), ("young", now + timedelta(days=50)))
        )
        assert agreed is not None
        assert young is not None
        agreed.standing = Standing.AGREED
        session.flush()
        assert forget_speakers(session, now + REMEMBERED + timedelta(days=1)) == 1
    with database.reading() as session:
        found = session.execute(select(Example.text, Example.network, Example.origin).order_by(Example.id)).all()
        assert found == [("it hums", None, None), ("young", "n", "young")]
