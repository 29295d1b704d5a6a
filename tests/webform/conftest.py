"""What tests of the staff's pages ask for: people of each role, and clients that have signed in."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.database import Database
from webform import passwords, staff
from webform.staff import RoleName

PASSWORD = "a password for tests"
# Hashing takes 50 ms; what is tested with it is tested once with a fresh hash, and everywhere else with this one.
KEPT = passwords.keep(PASSWORD)
SignIn = Callable[..., FlaskClient]


def csrf_token(response: TestResponse) -> str:
    """Read the form token that a staff page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert found, response.text[:500]
    return found[1]


def make_member(database: Database, role: RoleName, now: datetime, email: str = "") -> str:
    email = email or f"{role}@example.com"
    with database.writing() as session:
        if staff.find(session, email) is None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(passwords, "keep", lambda _password: KEPT)
                staff.add(session, email, role, PASSWORD, now)
    return email


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    token = csrf_token(client.get("/staff/sign-in"))
    return client.post("/staff/sign-in", data={"email": email, "password": password, "csrf_token": token, **fields})


@pytest.fixture
def signed_in(app: Flask, database: Database, now: datetime) -> SignIn:
    """Make a client that is signed in with a role."""

    def make(role: RoleName | str = RoleName.ADMIN) -> FlaskClient:
        client = app.test_client()
        response = sign_in(client, make_member(database, RoleName(role), now))
        assert response.status_code == 303, response.text
        return client

    return make
