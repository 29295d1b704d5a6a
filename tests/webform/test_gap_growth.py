"""Growth: sudden is what chance hardly does, and what is not just more requests of every kind."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from kb.database import Database
from tests.webform.gap_world import WINTER, ask, group
from webform.gap_growth import Totals, is_sudden, totals

EVEN = Totals(1000, 1000)


@pytest.mark.parametrize(
    ("lately", "before", "everything", "sudden"),
    [
        (10, 0, EVEN, True),
        (9, 0, EVEN, False),  # One in 512.
        (4, 0, EVEN, False),
        (20, 4, EVEN, True),
        (20, 15, EVEN, False),
        (10, 0, Totals(2000, 10), False),  # Nearly everything is new.
        (10, 0, Totals(10, 0), False),
        (0, 0, Totals(0, 0), False),
        (5, 0, Totals(100, 900), True),
    ],
)
def test_sudden_is_what_chance_hardly_does(lately: int, before: int, everything: Totals, sudden: bool) -> None:
    assert is_sudden(lately, before, everything) == sudden


def test_the_totals_are_of_both_periods_and_of_nothing_older(app: Flask, database: Database, now: datetime) -> None:
    with database.writing() as session:
        for days, text in zip((0, 1, 6, 8, 13, 15), WINTER, strict=True):
            ask(app, session, now - timedelta(days=days), text)
    group(app, database, now)
    with database.reading() as session:
        assert totals(session, now=now, days=7) == Totals(3, 2)
