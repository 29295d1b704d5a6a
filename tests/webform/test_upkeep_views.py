"""The page of an article's owner and times: kept whole or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.articles import Article, Translation
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.desk_world import write_article
from webform.staff import RoleName

FUTURE = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=30)


def moment(days: int = 0) -> str:
    return f"{FUTURE + timedelta(days=days):%Y-%m-%dT%H:%M}"


@pytest.fixture
def article(database: Database) -> int:
    with database.writing() as session:
        return write_article(session, datetime.now(UTC)).id


def test_what_is_saved_stands_on_the_page_and_in_the_database(signed_in: SignIn, article: int, database: Database) -> None:
    client, path = signed_in(RoleName.WRITER), f"/staff/articles/{article}/en/properties"
    fields = {"owner": "writer@example.com", "review": "2026-12-31", "publish": moment(), "withdraw": moment(9)}
    assert client.post(path, data={"csrf_token": csrf_token(client.get(path)), **fields}).status_code == 303
    page = client.get(path).text
    assert all(f'value="{value}"' in page for value in (fields["review"], fields["publish"], fields["withdraw"]))
    with database.reading() as session:
        kept, text = session.get_one(Article, article), session.query(Translation).one()
        assert (kept.owner, kept.review_at) == ("writer@example.com", datetime(2026, 12, 31, tzinfo=UTC))
        assert (text.publish_at, text.withdraw_at) == (FUTURE, FUTURE + timedelta(days=9))
    client.post(path, data={"csrf_token": csrf_token(client.get(path))})
    with database.reading() as session:
        kept, text = session.get_one(Article, article), session.query(Translation).one()
        assert (kept.owner, kept.review_at, text.publish_at, text.withdraw_at) == ("", None, None, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publish": "2020-01-01T00:00"}, "This moment has passed"),
        ({"withdraw": "soon"}, "This is no moment"),
        ({"publish": moment(2), "withdraw": moment(1)}, "would go before it appears"),
        ({"owner": "stranger@x.example"}, "cannot sign in"),
        ({"review": "31.12."}, "This is no date"),
        ({"publish": "9999-12-31T23:59+00:00"}, "This is no moment"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_kept(signed_in: SignIn, article: int, database: Database, fields: dict[str, str], words: str) -> None:
    client, path = signed_in(RoleName.WRITER), f"/staff/articles/{article}/en/properties"
    wanted = {"owner": "writer@example.com", "review": "2026-12-31"} | fields
    answer = client.post(path, data={"csrf_token": csrf_token(client.get(path)), **wanted})
    assert answer.status_code == 422
    assert words in answer.text
    with database.reading() as session:
        assert (session.get_one(Article, article).owner, session.query(Translation).one().publish_at) == ("", None)


@pytest.mark.parametrize("path", ["/staff/articles/999999/en/properties", "/staff/articles/99999999999/en/properties", "/staff/articles/1/xx/revisions"])
def test_what_does_not_exist_is_not_found(signed_in: SignIn, article: int, path: str) -> None:
    assert signed_in(RoleName.WRITER).get(path).status_code == 404
