import csv
import io
import json
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kb import web as kb_web
from kb.articles import Article
from kb.database import Database
from kb.examples import Example
from kb.import_jobs import MOST_BYTES
from kb.suggest import Suggester
from tests.kb.pump_articles import publish_all
from tests.webform.conftest import SignIn, csrf_token
from tests.webform.old_mails import COMPANY, Asked, write
from webform import baseline_cli, leases
from webform.baseline_keeping import Keeping
from webform.baselines import Baseline, BaselineQuestion, Verdict
from webform.gap_rounds import Rounds
from webform.staff import RoleName

PAGE = "/staff/baseline"
ASKED = [
    Asked("The pump hums but no water comes out, how do I let the air out?", "en", answerable=True),
    Asked("Я включаю насос, он гудит, а вода не идёт", "ru", answerable=True),
    Asked("水泵在响，但是不出水，怎么排出空气", "zh", answerable=True),
    Asked("Do you sell gift vouchers for birthdays?", "en", answerable=False),
    Asked("Можно ли стать вашим дилером в Минске?", "ru", answerable=False),
    Asked("请问你们招聘实习生吗，简历发到哪里", "zh", answerable=False),
]


def send(client: FlaskClient, content: bytes, name: str = "Old é.mbox", **fields: str) -> TestResponse:
    data = {"csrf_token": csrf_token(client.get(PAGE)), "mail": (BytesIO(content), name), "ours": COMPANY, "zone": "Europe/Berlin", "language": "en", **fields}
    return client.post(PAGE, data=data)


@pytest.fixture
def mailbox(tmp_path: Path) -> bytes:
    write(tmp_path / "old.mbox", 120, seed=4, texts=ASKED)
    return (tmp_path / "old.mbox").read_bytes()


def work(app: Flask, database: Database, now: datetime) -> None:
    suggester: Suggester = app.extensions[kb_web.SUGGESTER]
    suggester.gate = 0.3
    with database.writing() as session:
        publish_all(session, now)
    while Keeping(database, suggester, leases.clock, "one").attempt():
        pass
    Rounds(database, str).make(now)


def test_a_lead_takes_old_mail_to_figures_gaps_examples_and_away_again(
    app: Flask, signed_in: SignIn, database: Database, now: datetime, mailbox: bytes
) -> None:
    app.config["COST_PER_CONTACT"] = 7.5
    client = signed_in(RoleName.LEAD)
    assert "No old mail was read here yet" in client.get(PAGE).text
    place = send(client, mailbox).headers["Location"]
    assert "The mail is being read" in client.get(place).text
    work(app, database, now)
    page = client.get(place).text
    for words in (
        "An article is shown",
        "the most it can be",
        "a month",
        "Topics without an article",
        "Write this",
        "When people ask",
        "By language",
        "Russian",
        "Europe/Berlin",
    ):
        assert words in page, words
    for language, words in (("ru", "Когда спрашивают"), ("zh", "什么时候提问最多"), ("en", "When people ask")):
        assert words in client.get(f"{place}?lang={language}").text
    told = json.loads(client.get(f"{place}.json").text)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{place}.csv").text)))
    assert int(rows[0]["questions"]) == told["questions"] == sum(int(row["questions"]) for row in rows if row["what"] == "language")
    assert 0 < told["answered"] < told["questions"]
    gap = told["topics"][0]["gap"]
    gaps = client.get("/staff/gaps").text
    assert f"/staff/gaps/{gap}" in gaps
    assert "in old mail; no article passes the gate" in client.get(f"/staff/gaps/{gap}").text
    draft = client.get(f"/staff/gaps/{gap}/draft")
    members = re.findall(r'name="request" value="(-\d+)"', draft.text)
    assert members, "what stands in old mail can be attached"
    begun = client.post(
        f"/staff/gaps/{gap}/draft", data={"csrf_token": csrf_token(draft), "own": "Gift vouchers", "request": members[:2]}, follow_redirects=True
    )
    assert "2 texts are attached" in begun.text
    judge(client, database, place)
    again = send(client, mailbox).headers["Location"]
    work(app, database, now)
    anew, checked = (json.loads(client.get(f"{each}.json").text) for each in (again, place))
    assert anew["learned"] > 0 == checked["learned"], "a question that was learned meanwhile proves nothing"
    assert anew["questions"] + anew["learned"] == checked["questions"]
    low, high = checked["answered_rightly"]["interval"]
    assert low < checked["answered_rightly"]["share"] < min(high, checked["share"])
    assert "left out: suggestions have learned" in client.get(again).text
    assert "points against" in client.get(f"{place}?with={again.rpartition('/')[2]}").text
    assert client.get(PAGE).text.count("Old é.mbox") == 2
    away(client, database, place)


def judge(client: FlaskClient, database: Database, place: str) -> None:
    """Confirm, correct, refuse and drop pairs."""

    def waiting(below: str = "") -> tuple[str, list[str]]:
        page = client.get(f"{place}/pairs{below}")
        return csrf_token(page), re.findall(r'name="question" value="(\d+)"', page.text)

    token, pairs = waiting()

    def say(act: str, numbers: list[str], **more: str) -> str:
        return client.post(f"{place}/pairs", data={"csrf_token": token, "act": act, "question": numbers, **more}, follow_redirects=True).text

    assert "2 pairs were confirmed" in say("confirm", pairs[:2])
    assert "2 questions now lead to invoice" in say("correct", pairs[2:4], to="invoice")
    assert "there is no article with the id" in say("correct", pairs[4:5], to="nowhere")
    assert "1 question was dropped" in say("drop", pairs[4:5])
    assert "no question was chosen" in say("confirm", [])
    assert client.post(f"{place}/pairs", data={"csrf_token": token, "act": "guess", "question": pairs[5:6]}).status_code == 400
    below = waiting("?below=1")[1]
    assert "1 question has no article that answers" in say("none", below[:1], below="1")
    assert not set(waiting()[1]) & set(pairs[:5])
    with database.reading() as session:
        examples = session.scalars(select(Example).where(Example.source == "mail")).all()
        verdicts = dict(session.execute(select(BaselineQuestion.verdict, func.count()).group_by(BaselineQuestion.verdict)).all())
        invoice = session.scalar(select(Article.id).where(Article.external_id == "invoice"))
    assert {example.article_id for example in examples} >= {None, invoice}
    assert (verdicts[Verdict.DROPPED], verdicts[Verdict.UNANSWERED]) == (1, 1)
    assert "of the articles looked at were right" in client.get(place).text


def away(client: FlaskClient, database: Database, place: str) -> None:
    """Delete a baseline: nothing that came of it alone is left."""
    number = int(place.rpartition("/")[2])
    gone = client.post(f"{place}/delete", data={"csrf_token": csrf_token(client.get(place))}, follow_redirects=True)
    assert "examples with it" in gone.text
    with database.reading() as session:
        assert session.get(Baseline, number) is None
        assert session.scalar(select(func.count()).where(BaselineQuestion.baseline_id == number)) == 0
        assert session.scalar(select(func.count()).where(Example.source == "mail")) == 0
    assert client.get(place).status_code == 404


def test_without_articles_nothing_could_be_shown_and_what_to_do_first_is_said(
    app: Flask, signed_in: SignIn, database: Database, now: datetime, mailbox: bytes, tmp_path: Path
) -> None:
    app.config["COST_PER_CONTACT"] = 7.5
    client, suggester = signed_in(RoleName.LEAD), app.extensions[kb_web.SUGGESTER]
    empty = send(client, mailbox).headers["Location"]
    while Keeping(database, suggester, leases.clock, "one").attempt():
        pass
    Rounds(database, str).make(now)
    page = client.get(empty).text
    for words in ("There is no article yet to suggest", "was published when these", "Not yet: it takes articles", "Nothing was shown to look at", "Write this"):
        assert words in page, words
    assert f'href="{url_path(app, "imports.page")}"' in page
    assert "0%" not in re.sub(r'aria-hidden="true">.*?</div>', "", page, flags=re.DOTALL)
    assert client.get(PAGE).text.count('<td class="number">–</td>') == 2, "share and interval"
    made = client.get(f"{empty}.json").get_json()
    assert (made["articles"], made["answered"], made["share"], made["interval"], made["savings"]) == (0, 0, None, None, None)
    (tmp_path / "again.mbox").write_bytes(mailbox)
    told = app.test_cli_runner().invoke(baseline_cli.baseline, [str(tmp_path / "again.mbox"), "--ours", COMPANY]).output
    assert "No article was published when the " in told
    assert "webform kb import" in told
    assert "0.0%" not in told
    # With articles a share is told, and the empty one is held against none.
    full = send(client, mailbox).headers["Location"]
    work(app, database, now)
    assert client.get(f"{full}.json").get_json()["articles"] == 5
    assert "points against" not in client.get(f"{full}?with={empty.rsplit('/', 1)[1]}").text


def url_path(app: Flask, endpoint: str) -> str:
    with app.test_request_context():
        return url_for(endpoint)


def test_what_cannot_be_read_is_said_beside_its_field(signed_in: SignIn, database: Database, mailbox: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(RoleName.LEAD)
    cases: list[tuple[bytes, str, dict[str, str], str]] = [
        (b"", "old.mbox", {}, "Choose a file of old mail"),
        (mailbox, "old.pst", {}, "Choose a file of old mail"),
        (mailbox, "old.mbox", {"zone": "Mars/Olympus"}, "There is no such time zone"),
        (mailbox, "old.mbox", {"language": "english please"}, "Say the language by its code"),
    ]
    for content, name, fields, words in cases:
        answer = send(client, content, name, **fields)
        assert answer.status_code == 422
        assert words in answer.text
        assert COMPANY in answer.text, "what was typed is still there"
    monkeypatch.setattr("webform.baseline_views.MOST_BYTES", 1000)
    assert send(client, mailbox).status_code == 413
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Baseline)) == 0
    assert MOST_BYTES == 50_000_000
