"""Learning from the staff's marks what is no request at all."""

from datetime import datetime

from flask import Flask

from kb.database import Database
from tests.webform.sending import accept
from webform import spam_lessons, tickets
from webform.tickets import TicketStatus

SPAM = (
    "We rank your site first on search engines",
    "Buy cheap followers for your page now",
    "Guest post offer with backlinks for your site",
    "Investment doubles in two days",
)
GOOD = (
    "The pump hums but no water comes out",
    "Where is my parcel, it is late",
    "My invoice shows the wrong address",
    "Насос гудит, вода не идёт",
    "水泵响但是不出水",
)


def texts(kinds: tuple[str, ...], count: int) -> list[str]:
    return [f"{kinds[number % len(kinds)]}, number {number}" for number in range(count)]


def test_what_is_like_spam_is_held_and_what_people_ask_is_not() -> None:
    sense = spam_lessons.fit(texts(SPAM, 40), texts(GOOD, 60))
    assert all(sense.holds(f"Hello! {text} today") for text in SPAM)
    assert not any(sense.holds(f"Hello, {text}, please help") for text in GOOD)
    assert sense.threshold >= 0.5


def test_nothing_is_learned_from_few_marks_and_then_again_when_they_have_grown(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for status, kinds in ((TicketStatus.SPAM, SPAM), (TicketStatus.ANSWERED, GOOD)):
            for text in texts(kinds, spam_lessons.LEAST - (status == TicketStatus.SPAM)):
                tickets.set_status(session, accept(session, app, now, message=text), status, now)
        assert not spam_lessons.is_due(session)
        assert not spam_lessons.learn(session, now)
        assert spam_lessons.sense(session) is None
        tickets.set_status(session, accept(session, app, now, message=f"{SPAM[0]} and more"), TicketStatus.SPAM, now)
        assert spam_lessons.is_due(session)
        assert spam_lessons.learn(session, now)
        assert not spam_lessons.is_due(session)
    with database.reading() as session:
        sense = spam_lessons.sense(session)
        assert sense is not None
        assert sense.score(f"Dear sir, {SPAM[1]}") > sense.score(f"Dear sir, {GOOD[0]}")
        assert spam_lessons.sense(session) is sense
