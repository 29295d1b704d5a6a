"""The page about deflection: its figures recomputed, the visits behind them, what can be asked, and who may ask."""

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from deflection import ledger
from deflection.events import Kind
from deflection.figures import figures_of
from deflection.slices import last_days
from deflection.visits import Arm
from kb import gate_choices, trace
from kb.database import Database
from kb.trace import Asked
from tests.deflection.health_world import publish, visit
from tests.deflection.ledger_world import independent
from tests.webform.conftest import SignIn, csrf_token
from webform import tiles

DAY = timedelta(days=1)
PAGE = "/staff/deflection"
NOTHING, SHOWN, OPENED = [], [Kind.SHOWN], [Kind.SHOWN, Kind.OPENED]
WAYS: dict[str, tuple[list[Kind], int]] = {
    "confirmed": ([*OPENED, Kind.SOLVED], 12),
    "presumed": ([*OPENED, Kind.READ], 7),
    "submitted_after_help": ([*OPENED, Kind.SUBMITTED], 9),
    "submitted": ([*SHOWN, Kind.SUBMITTED], 40),
    "abandoned": (SHOWN, 52),
}


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def article(database: Database, now: datetime) -> int:
    """Two weeks of visits of both arms that came to everything there is, on two devices and in two languages; one was taken back."""
    with database.writing() as session:
        number = publish(session, now - 10 * DAY).article_id
        for place, (kinds, count) in enumerate(WAYS.values()):
            for each in range(count):
                where = {"device": "phone" if each % 3 else "desktop", "language": "ru" if each % 4 == 0 else "en", "release": "=1+1"}
                visit(
                    session, now - (1 + (each + place) % 13) * DAY, [(kind, 0 if kind is Kind.SUBMITTED else number) for kind in kinds], topic="pump", **where
                )
        for each in range(40):
            facts = [(Kind.WITHHELD, number), *([(Kind.SUBMITTED, 0)] if each % 2 else [])]
            visit(session, now - (1 + each % 13) * DAY, facts, arm=Arm.HOLDOUT, topic="app", device="phone")
        visit(session, now - 5 * DAY, [(kind, number) for kind in WAYS["confirmed"][0]], person="p", topic="pump")
        visit(session, now - 3 * DAY, [(Kind.SUBMITTED, 0)], person="p", topic="pump")
        visit(session, now - 3 * DAY, NOTHING, engaged=False)
        visit(session, now - 3 * DAY, NOTHING, straight=True)
        gate_choices.choose(session, 0.6, previous=0.5, by="anna@example.com", reason="", now=now - 4 * DAY)
    ledger.count(database, now)
    return number


def told(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


@pytest.mark.usefixtures("article")
def test_the_figures_are_those_of_an_independent_query(signed_in: SignIn, database: Database) -> None:
    with database.reading() as session:
        counted = independent(session)
    treatment, holdout = Counter[str](), Counter[str]()
    for place, counts in counted.items():
        (treatment if place[1] == "treatment" else holdout).update(counts)
    client = signed_in("writer")
    page = told(client, f"{PAGE}?period=28")
    assert f"{treatment['confirmed']} confirmed of {treatment['engaged']} engaged visits that could see answers." in page
    assert f"not in it: {treatment['presumed']} " in page
    assert f"Plain form {holdout['requests']} of {holdout['engaged']} 50.0" in page
    assert f"With answers {treatment['requests']} of {treatment['engaged']}" in page
    assert "1 visit that seemed solved was taken back" in page
    rows = {row["outcome"]: row for row in table(client, f"{PAGE}/rate?format=csv")}
    assert {name: int(row["visits"]) for name, row in rows.items()} == {name: treatment[name] for name in WAYS}
    assert {name: int(row["plain_form_visits"]) for name, row in rows.items()} == {name: holdout[name] for name in WAYS}
    devices: Counter[str] = Counter()
    for place, counts in counted.items():
        if place[1] == "treatment":
            devices[str(place[4])] += counts["engaged"]
    assert {row["device"]: int(row["engaged"]) for row in table(client, f"{PAGE}/devices?format=csv")} == {
        name: count for name, count in devices.items() if count
    }
    assert sum(int(row["engaged"]) for row in table(client, f"{PAGE}/trend?format=csv&grain=week")) == treatment["engaged"]


def test_what_stands_behind_every_tile_adds_up_to_its_counts(signed_in: SignIn, database: Database, article: int, now: datetime) -> None:
    client = signed_in("writer")
    with database.reading() as session:
        found = figures_of(session, last_days(28, now))
    behind = {each for name in tiles.TILES for each in tiles.behind_of(name)} - set(tiles.MET)
    assert len(behind) > 20
    for each in sorted(behind, key=lambda one: one.key):
        name = next(name for name in tiles.TILES if each in tiles.behind_of(name))
        counted = getattr(found.arms[each.arm], each.count) if each.arm else found.treatment.demand + found.holdout.demand
        rows = table(client, f"{PAGE}/{name}?rows={each.key}&format=csv")
        assert (each.key, len(rows)) == (each.key, counted)
        assert len({row["visit"] for row in rows}) == counted
    page = client.get(f"{PAGE}/rate?rows=engaged.treatment")
    assert f"{found.treatment.engaged} visits" in page.text
    assert "The pump hums" in page.text
    assert page.text.count('<th scope="row">') == 50
    older = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).text
    assert second.count('<th scope="row">') == 50
    assert client.get(f"{PAGE}/rate?rows=engaged.holdout").status_code == 404
    assert client.get(f"{PAGE}/everything").status_code == 404
    assert client.get(f"{PAGE}/lift?rows=engaged.treatment&after=nonsense").status_code == 200


def test_behind_the_counts_of_an_article_there_are_its_visits(signed_in: SignIn, database: Database, article: int, now: datetime) -> None:
    client = signed_in("writer")
    with database.writing() as session:
        other = publish(session, now, name="hose").article_id
        for solved in (article, other):
            facts = [(Kind.SHOWN, article), (Kind.OPENED, article), (Kind.SHOWN, other), (Kind.OPENED, other), (Kind.SOLVED, solved)]
            visit(session, now - DAY, facts, topic="both")
        visit(session, now - DAY, [(Kind.OPENED, other), (Kind.SUBMITTED, 0)], topic="both")
    ledger.count_day(database, (now - DAY).date(), now)
    found = {row["article"]: row for row in table(client, f"{PAGE}/articles?format=csv")}
    for number in (article, other):
        for column, key in (("opened", "met_opened"), ("solved", "met_solved"), ("failed", "met_sent")):
            rows = table(client, f"{PAGE}/articles?article={number}&rows={key}.treatment&format=csv")
            assert (number, key, len({row["visit"] for row in rows})) == (number, key, int(found[str(number)][column]))
            assert all(f":{number}" in row["events"] for row in rows)
    assert [int(found[str(other)][name]) for name in ("opened", "solved", "failed")] == [3, 1, 1]
    link = re.search(rf'href="({PAGE}/articles\?[^"]*met_solved[^"]*)"', client.get(PAGE).text)
    assert link
    shown = told(client, link[1].replace("&amp;", "&"))
    assert f"{found[str(article)]['solved']} visits" in shown
    assert "Opened the article, and sent a request all the same" in shown
    for refused in ("articles?rows=met_solved.treatment", f"rate?article={article}&rows=met_solved.treatment"):
        assert client.get(f"{PAGE}/{refused}").status_code == 404
    whole = client.get(f"{PAGE}/articles").text
    assert whole.count("rows=met_opened.treatment") == 2  # Each row of the table leads there; without an article there are no tabs.
    assert "met_solved" not in whole


def test_filters_combine_and_what_there_is_not_is_told(signed_in: SignIn, article: int) -> None:
    client = signed_in("writer")
    both = table(client, f"{PAGE}/rate?rows=confirmed.treatment&format=csv&device=phone&language=ru")
    assert {(row["device"], row["language"]) for row in both} == {("phone", "ru")}
    assert len(both) == sum(1 for each in range(12) if each % 3 and each % 4 == 0)
    assert f"{len(both)} confirmed of" in told(client, f"{PAGE}?device=phone&language=ru")
    met = told(client, f"{PAGE}?article={article}")
    assert "12 confirmed of 121 engaged visits" in met
    assert "From the opened form" not in met
    for query, words in {
        "topic=none": "Topic: no visit",
        "article=4711": "Article: no visit",
        "article=x": "Article: no visit",
        "grain=hour": "Trend: no visit",
    }.items():
        assert words in told(client, f"{PAGE}?{query}")
        assert client.get(f"{PAGE}/rate?format=csv&{query}").status_code == 400
    assert "One of the two days is none." in told(client, f"{PAGE}?from=%00&to=%FF")
    assert client.get(f"{PAGE}/rate?format=xml").status_code == 400
    unknown = client.get(f"{PAGE}?site=-&against=year&period=7&grain=week")
    assert '<option value="-" selected>' in unknown.text


@pytest.mark.usefixtures("article")
def test_every_panel_is_given_out_and_no_cell_is_a_formula(signed_in: SignIn, now: datetime) -> None:
    client = signed_in("writer")
    for name in tiles.TILES:
        made = json.loads(client.get(f"{PAGE}/{name}?format=json&period=28").text)
        assert (made["panel"], made["to"], made["definitions"]) == (name, now.date().isoformat(), made["definitions"])
        text = client.get(f"{PAGE}/{name}?format=csv").text
        assert not re.search(r"(^|,)\"?[=@\t]", text, re.MULTILINE)
        assert client.get(f"{PAGE}/{name}").status_code == 200
    assert "'=1+1" in client.get(f"{PAGE}/releases?format=csv").text
    assert "'=1+1" in client.get(f"{PAGE}/rate?rows=confirmed.treatment&format=csv").text


@pytest.mark.usefixtures("article")
def test_what_happened_is_drawn_and_leads_note_incidents(signed_in: SignIn, database: Database, now: datetime) -> None:
    lead, writer = signed_in("lead"), signed_in("writer")
    page = lead.get(PAGE)
    assert page.text.count("drawn-event drawn-publication") == 2  # On the trend and in its legend.
    assert page.text.count("drawn-event drawn-incident") == 1
    assert "From 50% to 60%" in page.text
    said = {"csrf_token": csrf_token(page), "day": (now - 2 * DAY).date().isoformat(), "words": "=The <b>app</b>\nwas down", "period": "7"}
    back = lead.post(f"{PAGE}/incidents", data=said)
    assert (back.status_code, back.location) == (303, f"{PAGE}?period=7#annotations")
    noted = lead.get(f"{PAGE}?period=7").text
    assert "=The &lt;b&gt;app&lt;/b&gt; was down" in noted
    assert noted.count("drawn-event drawn-incident") == 2
    number = re.search(r"/incidents/(\d+)/delete", noted)
    assert number
    assert "Take off" not in writer.get(PAGE).text
    for wrong in ({"words": " "}, {"day": "soon"}, {"day": ""}):
        assert "Nothing was noted" in lead.post(f"{PAGE}/incidents", data=said | wrong, follow_redirects=True).text
    assert "is taken off" in lead.post(f"{PAGE}/incidents/{number[1]}/delete", data=said, follow_redirects=True).text
    assert lead.post(f"{PAGE}/incidents/{2**40}/delete", data=said).status_code == 303
    with database.reading() as session:
        deeds = trace.page(session, Asked(kind="incident")).deeds
        assert [(deed.actor, deed.action) for deed in deeds] == [("lead@example.com", "deleted"), ("lead@example.com", "added")]
        assert deeds[0].before["name"] == "=The <b>app</b> was down"


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_the_empty_and_the_young_page_say_what_is_missing(signed_in: SignIn, database: Database, now: datetime, language: str) -> None:
    client = signed_in("lead")
    empty = client.get(PAGE, headers={"Accept-Language": language})
    assert f'<html lang="{language}"' in empty.text
    assert 'class="ladder-open"' in empty.text
    with database.writing() as session:
        number = publish(session, now).article_id
        for each in range(10):
            visit(session, now - DAY, [(kind, number) for kind in WAYS["confirmed"][0][: each % 4]])
    ledger.count(database, now)
    young = client.get(PAGE, headers={"Accept-Language": language}).text
    assert '<span class="figure">2</span>' in young
    assert young.count('class="ladder-done"') == 2  # Articles and visits are there; nobody sees a plain form.
    for name in tiles.TILES:
        assert client.get(f"{PAGE}/{name}", headers={"Accept-Language": language}).status_code == 200


@pytest.mark.usefixtures("article")
def test_guards_turn_red_and_lift_is_told_only_when_it_is_sure(signed_in: SignIn, database: Database, now: datetime) -> None:
    client = signed_in("lead")
    assert "Not enough data yet: about" in told(client, PAGE)
    assert "worse than the plain form" in told(client, PAGE)
    with database.writing() as session:
        for each in range(150):
            visit(session, now - DAY, NOTHING if each % 10 else [(Kind.SUBMITTED, 0)], topic="x")
            visit(session, now - DAY, [(Kind.SUBMITTED, 0)], arm=Arm.HOLDOUT, topic="x")
    ledger.count_day(database, (now - DAY).date(), now)
    page = told(client, f"{PAGE}?topic=x")
    assert "Answers prevent requests The difference is 90.0 requests per 100 visits" in page
    assert "1 worse than the plain form" in page
    assert re.search(r"Gave up Worse 90% 135 of 150 0% 0 of 150", page)
