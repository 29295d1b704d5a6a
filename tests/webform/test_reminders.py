"""Reminders and what else the worker does on time: once for each due date, whichever worker comes first."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import upkeep
from kb.articles import Article, Status, Translation
from kb.database import Database
from tests.webform.conftest import make_member
from tests.webform.desk_world import write_article
from webform import outbox, reminders, staff, web
from webform.opened_mail import open_mail
from webform.outbox import OutboxMessage
from webform.rounds import Rounds
from webform.staff import RoleName
from webform.terms import Terms, terms

DAY = timedelta(days=1)


@pytest.fixture
def told(app: Flask) -> Terms:
    return terms(app.config, app.extensions[web.TOKENS])


def entrust(session: Session, now: datetime, owner: str, review_at: datetime | None, **texts: str) -> Article:
    article = write_article(session, now, **texts)
    upkeep.keep(session, article, owner=owner, review_at=review_at, actor="", now=now)
    return article


def mails(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        opened = [(message, open_mail(outbox.find(session, message.id).mime)) for message in found]  # type: ignore[union-attr]
        return [(message.recipients, mail.subject, mail.text) for message, mail in opened]


def test_an_owner_gets_one_mail_about_all_that_is_due_and_no_second_one_for_the_same_dates(database: Database, told: Terms, now: datetime) -> None:
    anna, boris = (make_member(database, RoleName.WRITER, now, f"{name}@x.example") for name in ("anna", "boris"))
    with database.writing() as session:
        staff.find(session, anna).language = "ru"  # type: ignore[union-attr]
        first = entrust(session, now, anna, now - DAY, title="Let the air out")
        entrust(session, now, anna, now, title="Сброс", language="ru")
        entrust(session, now, anna, now + DAY, title="Not yet")
        entrust(session, now, anna, None, title="Never")
        entrust(session, now, boris, now - DAY, title="Winter")
        entrust(session, now, "gone@x.example", now - DAY, title="Nobody's")
        assert reminders.any_due(session, now)
        assert reminders.remind(session, told, now) == 2
        assert not reminders.any_due(session, now)
        assert reminders.remind(session, told, now) == 0
        address = f"/staff/articles/{first.id}/en/properties"
    to_anna, to_boris = mails(database)
    assert to_anna[0] == anna
    assert [title for title in ("Let the air out", "Сброс", "Not yet", "Never", "Winter", "Nobody's") if title in to_anna[2]] == ["Let the air out", "Сброс"]
    assert told.links.base + address in to_anna[2]
    assert "Здравствуйте" in to_anna[2]
    assert (to_boris[0], "Winter" in to_boris[2], "Hello," in to_boris[2]) == (boris, True, True)
    with database.writing() as session:
        upkeep.keep(session, session.get_one(Article, first.id), owner=anna, review_at=now + DAY, actor="", now=now)
        assert reminders.remind(session, told, now) == 0
        assert reminders.remind(session, told, now + DAY) == 1


def test_someone_who_was_let_out_is_not_reminded(database: Database, told: Terms, now: datetime) -> None:
    make_member(database, RoleName.ADMIN, now)
    anna = make_member(database, RoleName.WRITER, now, "anna@x.example")
    with database.writing() as session:
        entrust(session, now, anna, now - DAY)
        staff.revoke(session, staff.find(session, anna))  # type: ignore[arg-type]
        assert not reminders.any_due(session, now)
        assert reminders.remind(session, told, now) == 0


def test_the_worker_shows_a_text_on_time_and_reminds_and_a_second_one_finds_nothing_left(database: Database, told: Terms) -> None:
    now = datetime.now(UTC)
    anna = make_member(database, RoleName.WRITER, now, "anna@x.example")
    with database.writing() as session:
        article = entrust(session, now, anna, now - DAY, status=Status.DRAFT)
        upkeep.plan(session, article.translations[0], publish_at=now, withdraw_at=None, actor=anna, now=now)
        number = article.translations[0].id
    clock = lambda _session: now + DAY  # noqa: E731
    assert Rounds(database, told, clock).run() == ["1 texts appeared or went on time", "1 owners are reminded"]
    assert Rounds(database, told, clock).run() == []
    with database.reading() as session:
        assert session.get_one(Translation, number).status == "published"
    assert len(mails(database)) == 1
