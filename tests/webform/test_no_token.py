"""Nothing acts without its token, and nothing that is only looked at changes anything: found by walking the map of URLs."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import furnish
from tests.webform.walk import Step, contents, steps
from webform.staff import RoleName
from webform.tokens import Tokens

REFUSED = {400, 401, 403, 404, 410, 413, 415, 422}
FIELDS = {
    "name": "Anna",
    "email": "anna@customer.example",
    "subject": "Pump hums",
    "message": "The pump hums but no water comes out of it.",
    "topic": "pump",
    "confirmed": "1",
    "status": "closed",
    "kind": "opened",
    "article": "1",
    "password": "a password for tests",
}


@pytest.fixture
def walk(app: Flask, database: Database, now: datetime) -> list[Step]:
    with database.writing() as session:
        found = list(steps(app, session, furnish(app, session, now)))
    return sorted(found, key=lambda step: step.endpoint == "sign_in.leave")


def acts(step: Step) -> bool:
    return step.method != "GET"


def is_staff(step: Step) -> bool:
    return step.path.startswith("/staff")


def test_the_walk_finds_acts_of_customers_and_of_staff(walk: list[Step]) -> None:
    assert {"contact.form", "staff.set_status", "outbox.retry", "sign_in.enter", "sign_in.leave"} <= {step.endpoint for step in walk if acts(step)}


def test_no_act_of_staff_happens_without_its_token(walk: list[Step], signed_in: SignIn, database: Database) -> None:
    client, other = signed_in(RoleName.ADMIN), signed_in(RoleName.ADMIN)
    foreign = csrf_token(other.get("/staff/outbox"))
    before = taken(database)
    for step in filter(is_staff, filter(acts, walk)):
        for fields in (FIELDS, FIELDS | {"csrf_token": foreign}, FIELDS | {"csrf_token": "made up"}):
            answer = client.open(step.path, method=step.method, data=fields)
            assert answer.status_code == 400, (step, answer.status_code)
            assert "Nothing was changed" in answer.text
    assert taken(database) == before
    assert client.get("/staff/outbox").status_code == 200


def test_no_act_of_a_customer_happens_without_a_token_of_this_installation(walk: list[Step], client: FlaskClient, database: Database) -> None:
    foreign = Tokens("the key of another installation")
    before = taken(database)
    for step in filter(acts, walk):
        if is_staff(step):
            continue
        for token in ("", "made up", foreign.new_visit()):
            refused(step, client.open(path_with(step, token), method=step.method, data=FIELDS | {"visit": token, "key": foreign.request_key("T-222222")}))
            refused(step, client.open(path_with(step, token), method=step.method, json=FIELDS | {"visit": token}))
    assert taken(database) == before


def test_looking_changes_nothing(walk: list[Step], client: FlaskClient, signed_in: SignIn, database: Database) -> None:
    people = (client, signed_in(RoleName.ADMIN))
    before = taken(database)
    for step in walk:
        if acts(step):
            continue
        for person in people:
            for options in ({}, {"method": "HEAD"}, {"query_string": FIELDS | {"visit": "x", "q": "pump", "page": "2"}}):
                with person.open(step.path, **options) as answer:  # type: ignore[arg-type]
                    assert answer.status_code != 500, step
            assert taken(database) == before, step


def path_with(step: Step, token: str) -> str:
    """Put a token into the address of a visit's events, where it stands in the path."""
    return f"/visits/{token or 'none'}/events" if step.endpoint == "visits.events" else step.path


def refused(step: Step, answer: TestResponse) -> None:
    assert answer.status_code in REFUSED, (step, answer.status_code, answer.text[:300])


def taken(database: Database) -> dict[str, tuple[int, str]]:
    with database.reading() as session:
        return contents(session)
