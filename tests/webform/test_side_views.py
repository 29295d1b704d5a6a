"""Two languages side by side, and the coverage of languages."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kb.articles import Status, Translation, find_translation, save_translation
from kb.database import Database
from kb.lags import source_behind
from kb.trace import Deed
from kb.writing import current, publish, save
from tests.webform.conftest import SignIn, csrf_token
from webform.staff import RoleName

BODY = "Intro.\n\n## Reset\n\nHold the key for 3 seconds.\n\n## Clean\n\nRinse the filter.\n"
OWN = "Начало.\n\n## Сброс\n\nДержите кнопку 3 секунды.\n\n## Чистка\n\nПромойте фильтр.\n"


@pytest.fixture
def article(database: Database) -> int:
    """An article in two languages whose source went on."""
    now = datetime.now(UTC)
    with database.writing() as session:
        for language, title, body in (("en", "Reset it", BODY), ("ru", "Сброс", OWN)):
            made = save_translation(session, external_id="reset", language=language, title=title, body=body, status=Status.PUBLISHED, author="anna", now=now)
    change(database, "en", "for 3 seconds", "for 5 seconds", now + timedelta(hours=1))
    return made.article_id


def change(database: Database, language: str, old: str, new: str, now: datetime, *, public: bool = True) -> None:
    with database.writing() as session:
        translation = find_translation(session, "reset", language)
        assert translation is not None
        before = current(session, translation)
        wording = replace(before, body=before.body.replace(old, new))
        save(session, translation, wording, version=translation.version, base=before, author="ben@example.com", now=now)
        if public:
            publish(session, translation, author="ben@example.com", now=now)


def fields(response: TestResponse) -> dict[str, object]:
    """Read the form as a browser would send it."""
    form = response.text[response.text.index('id="_sides"') :]
    form = form[: form.index("</form>")]
    found: dict[str, object] = {"was": [], "part": []}
    for name, value in re.findall(r'<input [^>]*name="(\w+)" value="([^"]*)"', form):
        found[name] = [*found["was"], html.unescape(value)] if name == "was" else html.unescape(value)  # type: ignore[misc]
    for name, value in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)</textarea>', form):
        typed = html.unescape(value).replace("\n", "\r\n")
        found[name] = [*found["part"], typed] if name == "part" else typed  # type: ignore[misc]
    return found


def show(client: FlaskClient, article: int, target: str = "ru", **parameters: str) -> TestResponse:
    response = client.get(f"/staff/articles/{article}/translations", query_string={"from": "en", "to": target, **parameters})
    assert response.status_code == 200, response.text[:300]
    return response


def find(database: Database, language: str = "ru") -> tuple[str, str, bool]:
    """Give what customers read, what writers have, and whether it is out of date."""
    with database.reading() as session:
        translation = find_translation(session, "reset", language)
        assert translation is not None
        return translation.body, current(session, translation).body, source_behind(session, translation.id) is not None


def test_a_translation_is_repaired_passage_by_passage_and_published(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    shown = show(client, article)
    assert "The source was changed in substance" in shown.text
    assert "Hold the key for <del>3</del><ins>5</ins> seconds." in shown.text
    assert shown.text.count("side-work") == 1
    form = fields(shown)
    assert form["part"] == ["Начало.", "## Сброс\r\n\r\nДержите кнопку 3 секунды.", "## Чистка\r\n\r\nПромойте фильтр."]
    form["part"] = [text.replace("3 секунды", "5 секунд") for text in form["part"]]  # type: ignore[attr-defined]
    response = client.post(f"/staff/articles/{article}/translations", data=form | {"done": "1"})
    assert (response.status_code, response.headers["Location"]) == (303, f"/staff/articles/{article}/translations?from=en&to=ru")
    assert find(database) == (OWN, OWN.replace("3 секунды", "5 секунд"), True), "saving shows nothing to customers"
    shown = show(client, article)
    assert "repaired, not yet published" in shown.text
    assert "side-work" not in shown.text
    token = csrf_token(shown)
    client.post(f"/staff/articles/{article}/translations/standing", data={"csrf_token": token, "from": "en", "to": "ru", "act": "publish"})
    assert find(database) == (OWN.replace("3 секунды", "5 секунд"),) * 2 + (False,)
    with database.reading() as session:
        deeds = list(session.scalars(select(Deed).where(Deed.subject == "article:reset/ru").order_by(Deed.id)))
        assert [(deed.actor, deed.action) for deed in deeds] == [("writer@example.com", action) for action in ("saved", "translated", "published")]


def test_what_is_not_finished_stays_out_of_date(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    form = fields(show(client, article, whole="1"))
    assert form["body"] == OWN.replace("\n", "\r\n")
    response = client.post(f"/staff/articles/{article}/translations", data=form | {"body": OWN.replace("Начало", "Вступление")})
    assert response.headers["Location"].endswith("&whole=1")
    assert find(database)[1] == OWN.replace("Начало", "Вступление")
    assert "The source was changed in substance" in show(client, article).text


def test_nothing_is_saved_where_nothing_was_changed(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    client.post(f"/staff/articles/{article}/translations", data=fields(show(client, article)))
    with database.reading() as session:
        translation = find_translation(session, "reset", "ru")
        assert translation is not None
        assert (translation.pending, translation.version) == ("", 1)


def test_a_writer_says_that_nothing_has_to_be_done(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    for act, old, new in (("right", "Rinse", "Carefully rinse"), ("minor", "Carefully rinse", "Thoroughly rinse")):
        change(database, "en", old, new, datetime.now(UTC) + timedelta(days=1 + len(new)))
        assert find(database)[2]
        assert client.post(f"/staff/articles/{article}/translations/standing", data=fields(show(client, article)) | {"act": act}).status_code == 303
        assert not find(database)[2]


def test_a_new_language_is_begun_as_a_draft_with_the_source_beside_it(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    shown = show(client, article, "ar")
    assert "not translated yet" in shown.text
    assert 'lang="ar" dir="rtl"' in shown.text
    form = fields(shown)
    assert form["part"] == ["", "", ""]
    refused = client.post(f"/staff/articles/{article}/translations", data=form | {"part": ["مقدمة.", "", "## التنظيف"]})
    assert refused.status_code == 422
    assert "The translation has no title yet." in refused.text
    assert "مقدمة." in refused.text
    client.post(f"/staff/articles/{article}/translations", data=form | {"title": "إعادة الضبط", "part": ["مقدمة.", "", "## التنظيف\r\n\r\nاشطف."]})
    with database.reading() as session:
        made = find_translation(session, "reset", "ar")
        assert made is not None
        assert (made.status, made.body) == (Status.DRAFT, "مقدمة.\n\n## التنظيف\n\nاشطف.\n")
    change(database, "en", "Rinse the filter", "Replace the filter", datetime.now(UTC) + timedelta(days=1))
    shown = show(client, article, "ar").text
    assert "<del>Rinse</del><ins>Replace</ins>" in shown


def test_of_two_who_change_one_line_the_second_sees_both_and_loses_nothing(article: int, database: Database, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    form = fields(show(client, article))
    change(database, "ru", "Промойте фильтр", "Замените фильтр", datetime.now(UTC) + timedelta(hours=2), public=False)
    form["part"] = [text.replace("Промойте", "Почистите") for text in form["part"]]  # type: ignore[attr-defined]
    clash = client.post(f"/staff/articles/{article}/translations", data=form)
    assert clash.status_code == 409
    assert "ben@example.com has changed the same lines meanwhile" in clash.text
    assert "<del>Замените</del><ins>Почистите</ins>" in clash.text
    assert client.post(f"/staff/articles/{article}/translations", data=fields(clash)).status_code == 303
    assert "Почистите фильтр" in find(database)[1]
    form = fields(show(client, article))
    change(database, "ru", "Начало", "Вступление", datetime.now(UTC) + timedelta(hours=3), public=False)
    form["part"] = [text.replace("Почистите", "Вымойте") for text in form["part"]]  # type: ignore[attr-defined]
    assert client.post(f"/staff/articles/{article}/translations", data=form).status_code == 303
    assert find(database)[1] == OWN.replace("Начало", "Вступление").replace("Промойте", "Вымойте"), "different passages are merged"


def test_what_no_page_of_ours_sends_is_refused(article: int, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    form = fields(show(client, article)) | {"done": "1"}
    for wrong in ({"from": "xx"}, {"to": "en"}, {"to": "??"}, {"version": "-1"}, {"source_revision": "99999"}, {"was": ["x"]}):
        assert client.post(f"/staff/articles/{article}/translations", data=form | wrong).status_code == 422, wrong
    for act in ("", "delete"):
        assert client.post(f"/staff/articles/{article}/translations/standing", data=form | {"act": act}).status_code == 422
    assert client.get("/staff/articles/999/translations").status_code == 404
    assert client.get(f"/staff/articles/{article}/translations?from=en&to=en").status_code == 404


def test_customers_are_led_to_the_newer_text_as_long_as_there_is_one(article: int, database: Database, client: FlaskClient) -> None:
    with database.reading() as session:
        slugs = {each.language: each.slug for each in session.scalars(select(Translation).where(Translation.article_id == article))}
    note = f'Более новый текст этой статьи: <a href="/help/en/{slugs["en"]}" lang="en" hreflang="en">English</a>'
    assert note in client.get(f"/help/ru/{slugs['ru']}").text
    assert "newer text" not in client.get(f"/help/en/{slugs['en']}").text
    change(database, "en", "for 5 seconds", "for 3 seconds", datetime.now(UTC) + timedelta(days=1))
    assert note not in client.get(f"/help/ru/{slugs['ru']}").text


def test_the_table_of_languages_leads_to_what_is_out_of_date(article: int, signed_in: SignIn) -> None:
    client = signed_in(RoleName.WRITER)
    shown = client.get("/staff/translations").text
    assert "1 article that customers can read in some language" in shown
    assert 'aria-label="Russian, out of date: 1"' in shown
    listed = client.get("/staff/translations?language=ru&state=late").text
    assert f'href="/staff/articles/{article}/translations?to=ru"' in listed
    assert "No article is in this state." in client.get("/staff/translations?language=ru&state=missing&category=%00nothing").text
    by_itself = client.get(f"/staff/articles/{article}/translations?to=ru").text
    assert "<del>3</del><ins>5</ins>" in by_itself
    assert "<del>3</del><ins>5</ins>" in client.get(f"/staff/articles/{article}/translations").text
