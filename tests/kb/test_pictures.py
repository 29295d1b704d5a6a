from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from kb.articles import save_translation
from kb.database import Database
from kb.picture_bytes import draw
from kb.picture_names import address
from kb.pictures import GRACE, LOOKED_EVERY, content_of, keep, prune
from tests.kb.painting import picture

DAY = LOOKED_EVERY + timedelta(seconds=1)


def kept(database: Database, now: datetime, colour: int = 1) -> str:
    with database.writing() as session:
        return keep(session, draw(picture(colour=(colour, 2, 3))), now)


def exists(database: Database, name: str) -> bool:
    with database.reading() as session:
        return content_of(session, name) is not None


def write(database: Database, body: str, now: datetime, author: str = "a") -> None:
    with database.writing() as session:
        save_translation(session, external_id="a", language="en", title="T", body=body, author=author, now=now)


def test_the_same_picture_is_kept_once(database: Database, now: datetime) -> None:
    assert kept(database, now) == kept(database, now)
    assert kept(database, now, 9) != kept(database, now)


def test_a_picture_is_served_for_good_and_without_any_power(client: FlaskClient, database: Database, now: datetime) -> None:
    name = kept(database, now)
    response = client.get(address(name))
    assert response.status_code == 200
    assert response.content_type == "image/png"
    assert response.data == draw(picture(colour=(1, 2, 3))).content
    assert response.headers["Cache-Control"] == "public, immutable, max-age=31536000"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "Set-Cookie" not in response.headers
    again = client.get(address(name), headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["x.png", "../../etc/passwd", "0" * 32 + "-1x1.png", "0" * 32 + "-1x1.svg", "%00"])
def test_there_is_no_other_picture(client: FlaskClient, name: str) -> None:
    assert client.get(f"/help/pictures/{name}").status_code == 404


def test_a_picture_that_no_text_shows_goes_after_a_while(database: Database, now: datetime) -> None:
    name = kept(database, now)
    assert prune(database, now + DAY) == 0
    assert prune(database, now + GRACE) == 0
    assert exists(database, name)
    assert prune(database, now + DAY + GRACE + DAY) == 1
    assert not exists(database, name)


def test_a_picture_stays_while_a_text_or_an_earlier_revision_of_it_shows_it(database: Database, now: datetime) -> None:
    shown, earlier, gone = (kept(database, now, colour) for colour in (1, 2, 3))
    write(database, f"![x]({address(earlier)})", now)
    write(database, f"![x]({address(shown)})", now, author="b")
    for days in range(1, 20):
        prune(database, now + days * DAY)
    assert [exists(database, name) for name in (shown, earlier, gone)] == [True, True, False]


def test_a_picture_that_is_used_again_begins_another_while(database: Database, now: datetime) -> None:
    name = kept(database, now)
    prune(database, now + DAY)
    later = now + DAY + GRACE
    assert kept(database, later) == name
    assert prune(database, later + DAY) == 0
    write(database, f"![x]({address(name)})", later)
    prune(database, later + 2 * DAY)
    with database.writing() as session:
        assert keep(session, draw(picture(colour=(1, 2, 3))), later + 2 * DAY) == name
    assert prune(database, later + 2 * DAY + 3 * GRACE) == 0
    assert exists(database, name)


def test_what_was_looked_at_today_is_not_looked_at_again(database: Database, now: datetime) -> None:
    name = kept(database, now)
    prune(database, now + DAY)
    assert prune(database, now + DAY + LOOKED_EVERY / 2) == 0
    assert exists(database, name)
