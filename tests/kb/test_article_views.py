"""What an article page says of itself to search engines, and what readers say of it."""

import json
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.articles import Article, Status, Visibility, save_translation
from kb.database import Database
from kb.helpfulness import verdicts
from kb.looking import FoundBy
from kb.reasons import Reason
from kb.visibility import set_visibility

BODY = "Before.\n\n## Is it <b>air</b>?\nTilt it.\n\n## Is it the filter?\nRinse </script> it.\n\n## Still dry?\nWrite."
PUMPS = "The pump hums under water and the hose stays dry. Tilt the pump until the bubbles stop."
PAGE = "/help/en/pump"


@pytest.fixture(autouse=True)
def articles(app: Flask, database: Database, now: datetime) -> dict[str, int]:
    with database.writing() as session:
        shared = {"status": Status.PUBLISHED, "now": now}
        found = [
            save_translation(session, external_id="pump", language="en", title="Pump & hose", slug="pump", summary='Dry "hose"', body=BODY, **shared),
            save_translation(session, external_id="pump", language="ru", title="Насос", slug="nasos", body="Воздух.", **shared),
            save_translation(session, external_id="a", language="en", title="The pump hums and the hose stays dry", slug="a", body=PUMPS, **shared),
            save_translation(session, external_id="b", language="en", title="The hose stays dry while the pump hums", slug="b", body=PUMPS, **shared),
            save_translation(session, external_id="c", language="en", title="Change an invoice", slug="c", body="Accounts print invoices monthly.", **shared),
        ]
    return {each.slug: each.article_id for each in found}


def data(client: FlaskClient, path: str = PAGE) -> dict[str, dict[str, object]]:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)
    return {each["@type"]: each for each in json.loads(block)}


def test_an_article_of_questions_says_so_with_their_answers(client: FlaskClient, app: Flask) -> None:
    found = data(client)
    assert [each["name"] for each in found["FAQPage"]["mainEntity"]] == ["Is it <b>air</b>?", "Is it the filter?", "Still dry?"]
    assert "Rinse &lt;/script&gt; it." in found["FAQPage"]["mainEntity"][1]["acceptedAnswer"]["text"]
    assert found["BreadcrumbList"]["itemListElement"][1]["item"] == f"{app.config['BASE_URL']}{PAGE}"


def test_any_other_article_is_an_article(client: FlaskClient, now: datetime) -> None:
    found = data(client, "/help/ru/nasos")["Article"]
    assert (found["headline"], found["inLanguage"], found["dateModified"]) == ("Насос", "ru", now.isoformat())


def test_other_languages_the_feed_and_what_is_shared_are_named_in_the_head(client: FlaskClient, app: Flask) -> None:
    page, base = client.get(PAGE).text, app.config["BASE_URL"]
    assert f'<link rel="alternate" hreflang="ru" href="{base}/help/ru/nasos">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{base}{PAGE}">' in page
    assert '<meta property="og:title" content="Pump &amp; hose">' in page
    assert '<meta property="og:description" content="Dry &#34;hose&#34;">' in page
    assert 'type="application/atom+xml"' in page


def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient, database: Database, now: datetime) -> None:
    first = client.get(PAGE)
    assert first.last_modified == now
    assert client.get(PAGE, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(PAGE, headers={"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}).status_code == 200


def test_what_is_about_the_same_is_related_and_nothing_where_nothing_is_near(client: FlaskClient, app: Flask) -> None:
    assert "Related articles" not in client.get("/help/en/a").text  # Nothing is known yet, and nobody waits for it.
    app.extensions["kb.suggester"].ensure_ready()
    page = client.get("/help/en/a").text
    assert re.findall(r'<li><a href="(/help/en/\w+)">', page.partition("Related articles")[2])[:1] == ["/help/en/b"]
    assert "/help/en/c" not in page
    assert "Related articles" not in client.get("/help/en/c").text


def test_a_closed_article_is_related_to_none(client: FlaskClient, app: Flask, database: Database, articles: dict[str, int]) -> None:
    app.extensions["kb.suggester"].ensure_ready()
    assert "/help/en/b" in client.get("/help/en/a").text
    with database.writing() as session:
        set_visibility(session, session.get_one(Article, articles["b"]), Visibility.LINK)
    assert "/help/en/b" not in client.get("/help/en/a").text


def say(client: FlaskClient, path: str = PAGE, headers: dict[str, str] | None = None, **fields: str) -> TestResponse:
    found = re.search(r'name="token" value="(\w+)"', client.get(path).text)
    assert found
    return client.post(path.partition("?")[0], data={"token": found[1], **fields}, headers=headers)


def test_a_no_asks_for_a_reason_and_leads_to_the_form_with_the_article(client: FlaskClient, database: Database, articles: dict[str, int]) -> None:
    answer = say(client, helpful="no")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?said=no#helpful")
    page = client.get(f"{PAGE}?said=no").text
    assert re.findall(r'name="reason" value="([\w-]+)"', page) == ["not-my-case", "steps-failed", "out-of-date", "too-long", "not-understood"]
    assert f'href="/?lang=en&amp;read={articles["pump"]}"' in page
    assert say(client, helpful="no", reason="too-long").location == f"{PAGE}?said=reason#helpful"
    with database.reading() as session:
        (verdict,) = verdicts(session)
    assert (verdict.helpful, verdict.unhelpful, verdict.reasons) == (0, 1, {Reason.TOO_LONG: 1})


def test_a_network_has_one_vote_a_day_for_an_article_and_may_change_it(client: FlaskClient, database: Database) -> None:
    for _ in range(3):
        assert say(client, helpful="yes").location == f"{PAGE}?said=yes#helpful"
    client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    say(client, helpful="yes")
    say(client, helpful="no")
    with database.reading() as session:
        (verdict,) = verdicts(session)
    assert (verdict.helpful, verdict.unhelpful) == (1, 1)


def test_no_vote_is_taken_from_elsewhere_forged_or_in_a_flood(client: FlaskClient, database: Database) -> None:
    (other,) = re.findall(r'name="token" value="(\w+)"', client.get(PAGE).text)
    refused = {
        "from another site": say(client, helpful="yes", headers={"Sec-Fetch-Site": "cross-site"}),
        "without a token": client.post(PAGE, data={"helpful": "yes"}),
        "with another's token": client.post("/help/en/a", data={"helpful": "yes", "token": other}),
        "with a strange token": client.post(PAGE, data={"helpful": "yes", "token": "ж" * 32}),
        "neither yes nor no": say(client, helpful="maybe"),
        "for a made-up reason": say(client, helpful="no", reason="<script>"),
        "for a reason nobody can choose": say(client, helpful="no", reason="taken-back"),
        "about nothing": client.post("/help/en/nothing", data={"helpful": "yes", "token": "x"}),
    }
    assert {why: answer.status_code for why, answer in refused.items()} == dict(zip(refused, (403, 403, 403, 403, 422, 422, 422, 404), strict=True))
    codes = [client.post(PAGE, data={"helpful": "yes", "token": other}).status_code for _ in range(42)]
    assert (codes[0], codes[-1]) == (303, 429)
    with database.reading() as session:
        (verdict,) = verdicts(session)
    assert (verdict.helpful, verdict.unhelpful) == (1, 0)


def test_who_reads_by_link_may_vote_and_stays_on_the_page(client: FlaskClient, database: Database, articles: dict[str, int]) -> None:
    with database.writing() as session:
        article = session.get_one(Article, articles["c"])
        set_visibility(session, article, Visibility.LINK)
        key = article.link_key
    assert say(client, f"/help/en/c?key={key}", helpful="yes").status_code == 404
    answer = say(client, f"/help/en/c?key={key}", helpful="yes", key=key)
    assert answer.location == f"/help/en/c?key={key}&said=yes#helpful"
    assert client.get(answer.location).status_code == 200


def test_an_article_that_was_found_by_a_search_is_counted_with_it(client: FlaskClient, app: Flask, database: Database, articles: dict[str, int]) -> None:
    app.extensions["kb.suggester"].ensure_ready()
    client.get("/help/search?q=hums&lang=en")
    for referrer in ("http://localhost/help/search?q=hums&lang=en", "http://elsewhere.example/help/search?q=hums&lang=en", "http://localhost/help", "http://["):
        assert client.get("/help/en/a", headers={"Referer": referrer}).status_code == 200
    with database.reading() as session:
        assert [(row.article_id, row.times) for row in session.query(FoundBy)] == [(articles["a"], 1)]
