from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from webform import desk
from webform.outbox import Delivery, Outcome
from webform.tickets import TicketStatus


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Nov 22, 2026, 09:30 UTC"), ("ru", "22 нояб. 2026\u202fг., 09:30 UTC"), ("zh", "2026年11月22日 09:30 UTC")]
)
def test_a_moment_is_written_in_utc_for_people_and_machines(language: str, words: str, app: Flask, now: datetime) -> None:
    with app.test_request_context(f"/?lang={language}"):
        written = desk.moment(now.astimezone(datetime.now().astimezone().tzinfo))
    assert written.replace("\u00a0", "\u202f") == f'<time datetime="2026-11-22T09:30:00Z">{words}</time>'


def test_an_age_is_one_unit_in_the_readers_language(app: Flask, now: datetime) -> None:
    with app.test_request_context("/"):
        assert desk.age(now - timedelta(minutes=47), now) == "47 minutes"
    with app.test_request_context("/?lang=ru"):
        assert desk.age(now - timedelta(hours=3), now) == "3 часа"


def test_a_short_day_can_end_a_sentence(app: Flask, now: datetime) -> None:
    with app.test_request_context("/?lang=ru"):
        assert desk.short_day(now) == "22 нояб. 2026"


def test_every_state_has_its_words(app: Flask) -> None:
    with app.test_request_context("/"):
        assert set(desk.ticket_states()) == set(TicketStatus)
        assert set(desk.deliveries()) == set(Delivery)
        assert set(desk.outcomes()) == set(Outcome)


def test_a_moment_without_a_zone_is_not_expected(app: Flask) -> None:
    with app.test_request_context("/"):
        assert "00:00 UTC" in desk.moment(datetime(2026, 1, 1, tzinfo=UTC))
