from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from deflection.reports import Rate
from kb.intervals import Interval
from webform import desk
from webform.baseline_figures import Part
from webform.outbox import Delivery, Outcome
from webform.panels import Column, Kind, Panel
from webform.satisfaction_report import Tally
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


@pytest.mark.parametrize(
    ("language", "shares", "written"),
    [
        ("en", [0.3, 0.903], ["30.0%", "90.3%"]),
        ("en", [0.3, None, 0.9], ["30%", "–", "90%"]),
        ("en", [0.3, 0.452, 1.0], ["30%", "45%", "100%"]),
        ("ru", [0.041, 0.5], ["4,1\xa0%", "50,0\xa0%"]),
        ("zh", [0.0, 1.0, 0.999], ["0.0%", "100.0%", "99.9%"]),
    ],
)
def test_shares_of_one_list_or_sentence_have_one_precision(app: Flask, language: str, shares: list[float | None], written: list[str]) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert list(map(desk.alike(shares), shares)) == written


def test_bounds_are_written_as_the_share_that_they_stand_beside(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        few = Part(28, 31)
        assert (desk.percent(few.share), desk.bounds(few.interval)) == ("90.3%", "75.1%–96.7%")
        assert desk.bounds(Interval(0.3, 0.4), desk.alike([few])) == "30.0%–40.0%"
        assert desk.bounds(None) == "–"
        table = Panel("x", (Column("name", "Name", Kind.TEXT), Column("share", "Share", Kind.SHARE)), [("a", 0.5), ("b", 0.031), ("c", None)])
        assert [[words for _, words in table.cells(row)] for row in table.rows] == [["50.0%"], ["3.1%"], ["–"]]
        assert desk.alike([1, 2, 17], of=20)(2 / 20) == "10%"
        assert desk.alike([1, 2, 19], of=64)(2 / 64) == "3.1%"


def test_large_counts_in_tables_are_written_as_the_reader_s_language_does(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ru"}):
        said = app.jinja_env.get_template("_satisfaction-parts.html").module.table("id", "", "", {"pump": Tally(1036, 206, 0, 1112)}, {})  # type: ignore[attr-defined]
        figures = SimpleNamespace(opened=12345, solved=1001, solve_rate=Rate(1001, 12345))
        cells = app.jinja_env.get_template("_health-parts.html").module.rate_cells(figures, desk.alike([figures.solve_rate]))  # type: ignore[attr-defined]
    for words in ("1\xa0036", "1\xa0318"):
        assert f"<td>{words}</td>" in said
    assert '<td class="number">12\xa0345</td><td class="number">1\xa0001</td>' in cells
    assert "8,1\xa0%" in cells
