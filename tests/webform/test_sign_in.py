from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from kb.database import Database
from tests.webform.conftest import make_member, sign_in
from webform.staff import RoleName


def test_the_right_password_opens_the_page_that_was_wanted(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    email = make_member(database, RoleName.LEAD, now)
    refused = client.get("/staff/outbox")
    assert (refused.status_code, refused.location) == (303, "/staff/sign-in?next=/staff/outbox")
    answer = sign_in(client, email, next="/staff/outbox")
    assert (answer.status_code, answer.location) == (303, "/staff/outbox")
    assert client.get("/staff/outbox").status_code == 200
