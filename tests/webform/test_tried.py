from datetime import datetime

import pytest

from deflection import events
from deflection.events import Kind
from deflection.trails import Tried
from kb.articles import Status, Translation
from kb.database import Database
from tests.webform.sending import publish, visit
from webform.links import Links
from webform.tried import reason_words, seen_words, tried_articles, unread, verdict

LINKS = Links("https://x.example")
LANGUAGES = ("ru", "en")


def plain(text: str, **values: object) -> str:
    return text % values if values else text


def test_what_was_tried_comes_in_rank_order_with_titles_and_links(database: Database, now: datetime) -> None:
    with database.writing() as session:
        first, second = publish(session, "First", now), publish(session, "Second", now)
        visit(session, now, [second, first])
        found = tried_articles(session, "a-visit", languages=LANGUAGES, links=LINKS)
    assert [(article.title, article.url, article.tried.rank) for article in found] == [
        ("Second", "https://x.example/help/en/second", 1),
        ("First", "https://x.example/help/en/first", 2),
    ]


def test_an_article_is_named_in_the_language_of_the_text(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, "Pump", now)
        session.add(
            Translation(article_id=article, language="ru", slug="nasos", title="Насос", body="x", status=Status.PUBLISHED, created_at=now, updated_at=now)
        )
        session.flush()
        visit(session, now, [article])
        found = tried_articles(session, "a-visit", languages=LANGUAGES, links=LINKS)
    assert [(entry.title, entry.url) for entry in found] == [("Насос", "https://x.example/help/ru/nasos")]


def test_an_article_that_is_no_longer_public_is_named_without_a_link(database: Database, now: datetime) -> None:
    with database.writing() as session:
        visit(session, now, [publish(session, "Old", now, status=Status.ARCHIVED), 999])
        found = tried_articles(session, "a-visit", languages=LANGUAGES, links=LINKS)
    assert [(entry.title, entry.url) for entry in found] == [("Old", "")]


def test_the_best_article_that_nobody_opened_is_unread(database: Database, now: datetime) -> None:
    with database.writing() as session:
        articles = [publish(session, title, now) for title in ("Opened", "Declined", "Left")]
        row = visit(session, now, articles)
        events.record(session, row, Kind.OPENED, articles=articles[:1], now=now)
        events.record(session, row, Kind.DECLINED, articles=articles[1:2], now=now)
        offer = unread(session, "a-visit", languages=LANGUAGES, links=LINKS, suggested=articles)
        assert offer is not None
        assert (offer.article_id, offer.title) == (articles[2], "Left")
        events.record(session, row, Kind.OPENED, articles=articles[2:], now=now)
        assert unread(session, "a-visit", languages=LANGUAGES, links=LINKS, suggested=articles) is None


def test_what_was_shown_and_does_not_pass_for_the_whole_text_is_not_offered(database: Database, now: datetime) -> None:
    with database.writing() as session:
        shown, passing = publish(session, "Shown", now), publish(session, "Passing", now)
        visit(session, now, [shown])
        offer = unread(session, "a-visit", languages=LANGUAGES, links=LINKS, suggested=[passing])
        assert offer is not None
        assert offer.article_id == passing
        assert unread(session, "a-visit", languages=LANGUAGES, links=LINKS, suggested=[]) is None


def test_what_was_withheld_from_the_holdout_is_not_offered(database: Database, now: datetime) -> None:
    with database.writing() as session:
        article = publish(session, "Withheld", now)
        events.record(session, visit(session, now), Kind.WITHHELD, articles=[article], now=now)
        assert unread(session, "a-visit", languages=LANGUAGES, links=LINKS, suggested=()) is None
        assert tried_articles(session, "a-visit", languages=LANGUAGES, links=LINKS) == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Tried(1, shown=True), "shown, not opened"),
        (Tried(1, opened=True), "opened"),
        (Tried(1, opened=True, seconds_read=4), "opened for 4 s"),
        (Tried(1, opened=True, seconds_read=40), "read for 40 s"),
        (Tried(1, opened=True, seconds_read=80.4), "read for 1 min 20 s"),
    ],
)
def test_how_much_was_seen_is_said_in_words(entry: Tried, words: str) -> None:
    assert seen_words(entry, plain) == words


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Tried(1), ""),
        (Tried(1, solved=True), "solved it"),
        (Tried(1, declined=True, reason="out-of-date"), "out of date"),
        (Tried(1, declined=True), "did not help, reason not given"),
    ],
)
def test_why_it_did_not_help_is_said_in_words(entry: Tried, words: str) -> None:
    assert reason_words(entry, plain) == words


def test_a_verdict_is_one_short_ascii_line() -> None:
    assert verdict([]) == "shown=0 opened=0 verdict=none"
    assert verdict([Tried(1, shown=True, opened=True, declined=True), Tried(2, shown=True)]) == "shown=2 opened=1 verdict=declined"
    assert verdict([Tried(1, shown=True, solved=True), Tried(2, shown=True, declined=True)]) == "shown=2 opened=0 verdict=solved"
