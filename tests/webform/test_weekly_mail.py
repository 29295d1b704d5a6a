"""The weekly report: right figures, readable everywhere, and once for each reader and week."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

import numpy as np
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import undefer

from deflection import events, ledger, visits
from deflection.events import Kind
from deflection.visits import Arm
from kb.database import Database
from kb.grouping import Vector
from kb.intervals import Interval, wilson
from tests.deflection.health_world import visit
from tests.webform.conftest import SignIn
from tests.webform.desk_world import write_article
from tests.webform.sending import accept, parsed, terms_of
from webform import gap_moves, subscriptions, weekly_charts, weekly_mail
from webform.opened_mail import open_mail
from webform.outbox import MessageKind, OutboxMessage
from webform.rounds import Rounds
from webform.subscriptions import Subscription
from webform.weekly_charts import Point

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONDAY = datetime.fromisoformat("2026-11-30T09:00:00+00:00")
LAST_WEEK = date(2026, 11, 23)


def happen(database: Database, start: datetime, *, solved: int, sent: int, prefix: str, article: int) -> None:
    with database.writing() as session:
        for number in range(solved + sent):
            visit = visits.see(
                session,
                token=f"{prefix}{number}",
                language="en",
                scripted=True,
                engaged=True,
                holdout_share=0,
                secret="s",
                now=start + number * timedelta(minutes=1),
            )
            events.record(session, visit, Kind.OPENED, articles=[article], now=visit.started_at)
            events.record(
                session, visit, Kind.SOLVED if number < solved else Kind.SUBMITTED, articles=[article] if number < solved else (), now=visit.started_at
            )


@pytest.fixture
def weeks(database: Database) -> None:
    """Two weeks: 12 of 40 solved in the last one, 5 of 25 in the one before."""
    with database.writing() as session:
        article = write_article(session, MONDAY - 60 * DAY, title="Let <the> air out").id
    happen(database, MONDAY - 6 * DAY, solved=12, sent=28, prefix="last", article=article)
    happen(database, MONDAY - 13 * DAY, solved=5, sent=20, prefix="before", article=article)
    ledger.count(database, MONDAY)


def wish(database: Database, email: str = "lead@x.example", *, language: str = "en", now: datetime = MONDAY - DAY) -> None:
    with database.writing() as session:
        subscriptions.subscribe(session, email, language=language, weekday=0, hour=9, zone="UTC", author="", now=now)


def sent(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        rows = select(OutboxMessage).where(OutboxMessage.kind == MessageKind.REPORT).order_by(OutboxMessage.id).options(undefer(OutboxMessage.mime))
        return list(session.scalars(rows))


def send(app: Flask, database: Database, now: datetime) -> int:
    with database.writing() as session:
        return weekly_mail.send_due(session, terms_of(app), now)


@pytest.mark.usefixtures("weeks")
def test_it_says_what_the_week_came_to_in_text_and_in_pages_with_pictures(app: Flask, database: Database) -> None:
    wish(database)
    with database.writing() as session:
        accept(session, app, MONDAY - 2 * DAY)
    assert send(app, database, MONDAY) == 1
    message = parsed(sent(database)[0].mime)
    assert [words for words in ("Your form in the week Nov 23", "29, 2026: 30.0% answered") if words in message["Subject"]] == [
        "Your form in the week Nov 23",
        "29, 2026: 30.0% answered",
    ]
    low, high = wilson(12, 40)
    text = str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    for words in (
        "30.0% of visits with a real question ended because an article solved it, as the visitors said themselves: 12 of 40. ",
        f"With 95 % confidence the true share lies between {low:.1%} and {high:.1%}.",
        "Against the week before: +10.0 points, between",
        "That is within what chance does.",
        "* said that an article solved it: 12",
        "* opened an article and wrote all the same: 28",
        "* 16 Nov: 20.0% (5 / 25)",
        "Not enough data yet.",
        "Let <the> air out",
        "48 of 65 who opened it",
        "Requests this week: 1",
    ):
        assert words in text, (words, text)
    related = message.get_body(("html",))
    assert related is not None
    page = str(related.get_content())
    assert "Let &lt;the&gt; air out" in page
    pictures = {part["Content-ID"].strip("<>"): part.get_content() for part in message.walk() if part.get_content_type() == "image/png"}
    assert [f'src="cid:{name}"' in page for name in pictures] == [True, True]
    assert [Image.open(BytesIO(content)).size for content in pictures.values()] == [(1120, 440), (1120, 96)]
    assert page.count('alt="') == 2
    assert "16 Nov 20.0%, 23 Nov 30.0%" in page
    assert "cid:" not in open_mail(sent(database)[0].mime).html
    with database.reading() as session:
        key = session.scalars(select(Subscription.stop_key)).one()
    assert (message["List-Unsubscribe"].strip(), message["List-Unsubscribe-Post"]) == (
        f"<http://127.0.0.1:8000/reports/{key}/stop>",
        "List-Unsubscribe=One-Click",
    )
    assert f"/reports/{key}/stop" in text


def test_it_says_what_the_dashboard_says_of_the_same_days(app: Flask, database: Database, signed_in: SignIn) -> None:
    wish(database)
    with database.writing() as session:
        number = write_article(session, MONDAY - 60 * DAY).id
        asked = [accept(session, app, MONDAY - 2 * DAY), accept(session, app, MONDAY, visit="later")]
        gap_moves.note(session, [{"ticket_id": each.id, "language": "en", "reason": "nothing", "sent_at": each.created_at} for each in asked])
        gap_moves.begin(session, "en", 1, dict.fromkeys((each.id for each in asked), Vector(np.array([1], np.int32), np.ones(1, np.float32))), MONDAY)
        accept(session, app, MONDAY - 2 * DAY, suspicion="fast", visit="held")  # Held: nobody knows yet whether it is a request.
        for each in range(1500):
            ways = [(Kind.OPENED, number), (Kind.SOLVED, number)] if each % 5 == 0 else [(Kind.SUBMITTED, 0)] if each % 2 else []
            visit(session, MONDAY - (1 + each % 27) * DAY, ways, person=f"p{each}")
            if each % 25 == 0:
                visit(session, MONDAY - (1 + each % 27) * DAY + HOUR, [(Kind.SUBMITTED, 0)], person=f"p{each}")
            if each % 12 == 0:
                visit(session, MONDAY - (1 + each % 27) * DAY, [(Kind.SUBMITTED, 0)] if each % 24 else [], arm=Arm.HOLDOUT)
    ledger.count(database, MONDAY)
    assert send(app, database, MONDAY) == 1
    text = " ".join(open_mail(sent(database)[0].mime).text.split())
    assert "Requests this week: 1" in text
    assert "1 request this week, 2 in all" in text
    week, weeks = re.findall(r"http://127.0.0.1:8000(/staff/deflection\?\S+)", text)[::-1]
    client = signed_in("lead")

    def table(address: str, tile: str) -> list[dict[str, str]]:
        answer = client.get(f"{address.replace('deflection?', f'deflection/{tile}?')}&format=csv")
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    (confirmed, *_) = table(week, "rate")
    engaged = sum(int(row["visits"]) for row in table(week, "rate"))
    assert f"{int(confirmed['visits']):,} of {engaged:,}." in text
    guards = {row["guard"]: [float(row[side] or 0) for side in ("with_answers", "plain_form")] for row in table(weeks, "guards")}
    for name, words in (("abandonment", "Visits that came to nothing"), ("taken_back", "People who came back after an article seemed to help")):
        said = "{:.1f}% with answers, {:.1f}% with a plain form".format(*guards[name])
        assert re.search(f"{words}: (no sign that it did|WORSE than without suggestions) {said}", text), text
    assert "Requests sent after suggestions that did not help: not enough data yet *" in text
    needed = re.search(r"Not enough data yet: about \d,\d00 more visits", text)
    assert needed
    assert needed[0] in client.get(weeks).text


def test_it_waits_until_its_week_is_counted(app: Flask, database: Database) -> None:
    wish(database)
    with database.writing() as session:
        number = write_article(session, MONDAY - 60 * DAY).id
    happen(database, MONDAY - 6 * DAY, solved=1, sent=0, prefix="early", article=number)
    ledger.count(database, MONDAY - 5 * DAY)
    happen(database, MONDAY - 2 * DAY, solved=1, sent=0, prefix="late", article=number)
    clock: Callable[..., datetime] = lambda _session: MONDAY  # noqa: E731
    assert Rounds(database, terms_of(app), clock).run() == []
    ledger.count(database, MONDAY)
    assert Rounds(database, terms_of(app), clock).run() == ["1 readers get the weekly report"]
    assert "2 of 2." in open_mail(sent(database)[0].mime).text


@pytest.mark.parametrize(("language", "subject", "words"), [("ru", "Ваша форма за неделю", "Данных пока мало"), ("zh", "您的表单", "数据还不够")])
@pytest.mark.usefixtures("weeks")
def test_it_speaks_its_reader_s_language(app: Flask, database: Database, language: str, subject: str, words: str) -> None:
    wish(database, language=language)
    assert send(app, database, MONDAY) == 1
    mail = open_mail(sent(database)[0].mime)
    assert mail.subject.startswith(subject)
    for body in (mail.text, mail.html):
        assert words in body
        assert "Not enough" not in body


def test_an_installation_without_a_visit_gets_a_report_that_says_so(app: Flask, database: Database) -> None:
    wish(database)
    assert send(app, database, MONDAY) == 1
    mail = open_mail(sent(database)[0].mime)
    assert "No visit with a real question was counted in this week." in mail.text
    assert "Not enough data yet." in mail.html


def test_each_reader_gets_a_week_once_whoever_works_and_whenever_one_dies(app: Flask, database: Database) -> None:
    wish(database, "anna@x.example")
    wish(database, "boris@x.example")
    assert send(app, database, MONDAY - timedelta(seconds=1)) == 0
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        assert weekly_mail.send_due(session, terms_of(app), MONDAY) == 2
        raise ZeroDivisionError  # The worker dies before it commits.
    assert sent(database) == []
    clock: Callable[..., datetime] = lambda _session: MONDAY  # noqa: E731
    assert Rounds(database, terms_of(app), clock).run() == ["2 readers get the weekly report"]
    assert Rounds(database, terms_of(app), clock).run() == []
    wish(database, "anna@x.example", now=MONDAY)  # Another day of the same week.
    with database.writing() as session:
        anna = subscriptions.find(session, "anna@x.example")
        assert anna
        subscriptions.subscribe(session, anna.email, language="en", weekday=3, hour=9, zone="UTC", author="", now=MONDAY)
    assert send(app, database, MONDAY + 3 * DAY) == 0
    assert send(app, database, MONDAY + 7 * DAY) == 1
    assert [row.recipients for row in sent(database)] == ["anna@x.example", "boris@x.example", "boris@x.example"]
    assert len({row.message_id for row in sent(database)}) == 3


def test_who_missed_weeks_gets_the_last_one_and_who_stopped_none(app: Flask, database: Database) -> None:
    wish(database, "anna@x.example")
    wish(database, "boris@x.example")
    with database.writing() as session:
        boris = subscriptions.find(session, "boris@x.example")
        assert boris
        subscriptions.stop(session, boris, MONDAY - DAY)
    assert send(app, database, MONDAY + 30 * DAY) == 1
    assert "Dec 21" in open_mail(sent(database)[0].mime).subject
    assert send(app, database, MONDAY + 31 * DAY) == 0
    wish(database, "boris@x.example", now=MONDAY + 31 * DAY)
    assert send(app, database, MONDAY + 36 * DAY) == 2


def test_a_report_that_cannot_be_made_holds_up_nobody(app: Flask, database: Database) -> None:
    wish(database, "anna@x.example", language="xx-impossible")
    wish(database, "boris@x.example")
    assert send(app, database, MONDAY) == 1
    assert [row.recipients for row in sent(database)] == ["boris@x.example"]
    assert send(app, database, MONDAY + timedelta(minutes=59)) == 0


@pytest.mark.parametrize(
    "points",
    [
        [],
        [Point(LAST_WEEK, None, None)],
        [Point(LAST_WEEK, 0.0, Interval(0.0, 1.0))] * 8,
        [Point(LAST_WEEK, 1.0, Interval(0.2, 1.0)), Point(LAST_WEEK, None, None), Point(LAST_WEEK, 0.02, Interval(0.01, 0.03))],
    ],
)
def test_charts_are_drawn_whatever_was_counted(points: list[Point]) -> None:
    assert Image.open(BytesIO(weekly_charts.trend(points))).size == (1120, 440)
    for counts in ([], [("confirmed", 0)], [("confirmed", 1), ("abandoned", 100_000)]):
        assert Image.open(BytesIO(weekly_charts.outcomes(counts))).size == (1120, 96)
