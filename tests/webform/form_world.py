"""What tests of the form share: a small knowledge base, an opened form, and what happened in its visit."""

import re
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deflection.events import Event
from deflection.visits import Visit
from kb.articles import Status, save_translation
from kb.database import Database
from webform import topics, web
from webform.tickets import Ticket

ARTICLES = {
    ("pump", "en"): (
        "The pump runs but no water comes out",
        "A pump that hums but moves no water has drawn in air. Lay it flat under water until the bubbles stop.",
    ),
    ("invoice", "en"): ("Download an invoice", "Open your orders, choose one and press Invoice. The invoice arrives as a PDF file."),
    ("sensor", "en"): ("Change the battery of the soil sensor", "Unscrew the cap of the sensor and put in a new battery of type CR2032."),
    ("parcel", "en"): ("Track a parcel", "The mail that announces your parcel has a link that shows where the parcel is."),
    ("pump", "ru"): ("Насос работает, но вода не идёт", "Насос, который гудит, но не подаёт воду, набрал воздуха. Положите его плашмя под воду."),
    ("invoice", "ru"): ("Скачать счёт", "Откройте свои заказы, выберите нужный и нажмите «Счёт»."),
}
HUM = "The pump hums but no water comes out"
FIELDS = {"message": HUM, "email": "anna@customer.example"}


def write_articles(database: Database, now: datetime) -> None:
    """Publish the articles and add the topics."""
    with database.writing() as session:
        topics.load_defaults(session)
        for (external_id, language), (title, body) in ARTICLES.items():
            save_translation(session, external_id=external_id, language=language, title=title, body=body, status=Status.PUBLISHED, now=now)


def visit_token(response: TestResponse) -> str:
    """Read the token that a form carries."""
    found = re.search(r'name="visit" value="([^"]+)"', response.text)
    assert found, response.text[:500]
    return found[1]


def open_form(client: FlaskClient, path: str = "/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return visit_token(response)


def send(client: FlaskClient, path: str = "/", **fields: str) -> TestResponse:
    """Open the form and send it."""
    return client.post(path, data={"visit": open_form(client), **FIELDS, **fields})


def said(response: TestResponse) -> list[str]:
    """Give what is said beside the fields."""
    return re.findall(r'<p class="wrong"[^>]*>(.*?)</p>', response.text)


def heading(response: TestResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text)
    assert found, response.text[:500]
    return found[1]


def events(app: Flask, database: Database, token: str) -> list[str]:
    """Give the kinds of what happened in a visit, in their order."""
    visit = app.extensions[web.TOKENS].read_visit(token, hours=1000)
    with database.reading() as session:
        return list(session.scalars(select(Event.kind).join(Visit, Visit.id == Event.visit_id).where(Visit.token == visit).order_by(Event.id)))


def tickets(database: Database) -> list[Ticket]:
    with database.reading() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))
