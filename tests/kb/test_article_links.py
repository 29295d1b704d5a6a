from collections.abc import Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kb.article_links import broken, reference, resolve
from kb.articles import Status, save_translation
from kb.database import Database
from kb.markdown import render


@pytest.fixture
def session(database: Database, now: datetime) -> Iterator[Session]:
    with database.writing() as session:
        for external_id, language, title, status in (
            ("filter", "en", "Clean the filter", Status.PUBLISHED),
            ("filter", "ru", "Промыть фильтр", Status.PUBLISHED),
            ("насос & co", "ru", "Насос", Status.PUBLISHED),
            ("secret", "en", "Secret", Status.DRAFT),
        ):
            save_translation(session, external_id=external_id, language=language, title=title, body="Text.", status=status, now=now)
    with database.reading() as session:
        yield session


def test_a_link_leads_to_the_address_that_the_article_has_now(session: Session, now: datetime) -> None:
    rendered = render("[clean *it*](article:filter#how)")
    assert resolve(session, rendered, "en") == '<p><a href="/help/en/clean-the-filter#how">clean <em>it</em></a></p>'
    save_translation(session, external_id="filter", language="en", title="Wash", slug="wash", body="Text.", status=Status.PUBLISHED, now=now)
    assert resolve(session, rendered, "en") == '<p><a href="/help/en/wash#how">clean <em>it</em></a></p>'


def test_a_link_leads_to_the_same_language_if_there_is_one_and_to_another_else(session: Session) -> None:
    assert "/help/ru/" in resolve(session, render("[x](article:filter)"), "ru")
    assert "/help/en/" in resolve(session, render("[x](article:filter)"), "zh")
    assert "/help/ru/" in resolve(session, render(f"[x]({reference('насос & co')})"), "en")


@pytest.mark.parametrize("target", ["article:secret", "article:nothing", "article:", "article:%00", "article:filter/../../x"])
def test_a_link_to_what_customers_cannot_read_leaves_its_words(session: Session, target: str) -> None:
    assert resolve(session, render(f"See [the **words**]({target})."), "en") == "<p>See the <strong>words</strong>.</p>"


def test_broken_links_are_named(session: Session) -> None:
    assert broken(session, render("[a](article:filter) [b](article:secret) [c](ARTICLE:nothing#x) [d](https://a.example)"), "en") == ["nothing", "secret"]


@pytest.mark.parametrize(
    "target", ['article:x"onmouseover=1', "article:<b>", "article:'x'", "article:javascript:alert(1)", 'article:x "title"', "<article:a b>"]
)
def test_no_target_breaks_out_of_its_place(session: Session, target: str) -> None:
    shown = resolve(session, render(f"[x]({target})"), "en")
    assert "article:" not in shown.replace("(article:", "")
    assert "<a" not in shown


def test_an_article_page_shows_links_resolved(client: FlaskClient, database: Database, now: datetime) -> None:
    with database.writing() as session:
        save_translation(session, external_id="a", language="en", title="A", body="[to b](article:b) [none](article:c)", status=Status.PUBLISHED, now=now)
        save_translation(session, external_id="b", language="en", title="B", body="Text.", status=Status.PUBLISHED, now=now)
    page = client.get("/help/en/a").text
    assert '<a href="/help/en/b">to b</a> none' in page
