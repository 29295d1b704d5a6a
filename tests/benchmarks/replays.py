"""Replay drafts on past requests, and print what it costs and how far it tells the truth: ``python -m tests.benchmarks.replays``.

The knowledge base is the sample's, with more English articles put together from its paragraphs; the requests are the texts of the
sample's examples. Somebody types beside: how long an answer takes while a draft is replayed stands beside how long it takes
while none is. At last each draft is published, and what was foretold is held against what is shown, before the next lesson.
"""

import argparse
import json
import time
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from kb import sample
from kb import web as kb_web
from kb.articles import Status, save_translation
from kb.database import Database
from kb.examples import Example
from kb.passages import cut
from kb.rehearsal import NOT_YET, draft_entry
from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.benchmarks.publications import Typist
from tests.kb.many_articles import publish_many
from tests.webform.desk_world import send
from webform import create_app
from webform.rehearsals import Account, Rehearsals, Source

DRAFTS = (
    (
        "en",
        "The pump whistles at night",
        "A whistling pump sucks air.\n\n## Low water\n\nFill the tank: the noise stops.\n\n## Outlet\n\nStraighten the hose.",
    ),
    ("en", "Pay by invoice as a company", "Companies pay by invoice.\n\n## Details\n\nWrite the VAT number and the address of the company into your order."),
    ("ru", "Поливать дождевой водой", "Дождевую воду из бочки можно использовать.\n\n## Фильтр\n\nПоставьте фильтр, иначе капельницы забьются."),
    ("zh", "水泵晚上有哨声", "水位太低时水泵会吸入空气，发出哨声。\n\n## 水位\n\n请加水到刻度线。"),
)
ASKED_SECONDS = 60.0
PAUSE_SECONDS = 3.0


def stock(app: Flask, database: Database, articles: int, requests: int) -> list[str]:
    """Fill the knowledge base and send requests; give texts to type."""
    now = datetime.now(UTC)
    with database.writing() as session:
        sample.load_sample(session, now)
        if articles:
            publish_many(session, now, articles)
        found = [(each.text, each.language) for each in session.scalars(select(Example).order_by(Example.id))]
        for number in range(requests):
            text, language = found[number * 7 % len(found)]
            send(
                app, session, now - timedelta(hours=number), subject="", message=f"{text} {number if number >= len(found) else ''}", interface_language=language
            )
    return [text for text, _ in found[:200]]


def look(rehearsals: Rehearsals, language: str, title: str, body: str) -> tuple[Account, dict[str, float]]:
    entry = draft_entry(title, "", "", language, cut(body))
    begun = time.time()
    account = rehearsals.look(entry, origin=str, seconds=ASKED_SECONDS)
    return account, {"begun": begun, "ended": time.time(), "seconds": round(time.time() - begun, 2)}


def published(suggester: Suggester, database: Database, number: int, draft: tuple[str, str, str]) -> int:
    language, title, body = draft
    with database.writing() as session:
        fields = {"language": language, "title": title, "body": body, "status": Status.PUBLISHED, "now": datetime.now(UTC)}
        article = save_translation(session, external_id=f"draft-{number}", **fields).article_id  # type: ignore[arg-type]
    suggester.ensure_ready()
    return article


def agreement(suggester: Suggester, account: Account, new: int) -> dict[str, float]:
    """Hold what was foretold against what is shown now."""
    differences, shown, first = [], 0, 0
    requests = [each for each in account.texts if each.past.source is Source.REQUEST]
    for each in requests:
        found = suggester.weigh(each.past.subject, each.past.message, language=each.past.interface, topic=each.past.topic)
        assert found
        foretold = [new if article == NOT_YET else article for article in each.after.shown(account.gate)]
        shown += foretold == list(found.shown(account.gate))
        first += foretold[:1] == list(found.shown(account.gate))[:1]
        differences.append(abs(each.after.belief.sure - found.belief.sure))
    worst = sorted(differences)
    return {"requests": len(requests), "same_shown": shown, "same_first": first, "sure_p99": worst[int(0.99 * (len(worst) - 1))], "sure_most": worst[-1]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=0, help="English articles besides the sample's")
    parser.add_argument("--requests", type=int, default=500)
    add_choice(parser)
    asked = parser.parse_args()
    with ground(asked.database) as (folder, url, database):
        app = create_app({"INSTANCE": str(folder), "DATABASE_URL": url, "SECRET_KEY": "a key", "SAMPLE_KB": "0"}, environ={})
        suggester: Suggester = app.extensions[kb_web.SUGGESTER]
        texts = stock(app, database, asked.articles, asked.requests)
        suggester.ensure_ready(lesson=True)
        rehearsals = Rehearsals(database, suggester)
        alone = [look(rehearsals, *DRAFTS[0])[1]["seconds"], look(rehearsals, *DRAFTS[0])[1]["seconds"]]
        beside, quiet = [], []
        with Typist(suggester, texts) as typist:
            quiet.append((time.time(), time.time() + PAUSE_SECONDS))
            time.sleep(PAUSE_SECONDS)
            for draft in (*DRAFTS, *DRAFTS):
                _, span = look(Rehearsals(database, suggester), *draft)
                beside.append((span["begun"], span["ended"]))
        told = []
        for number, draft in enumerate(DRAFTS):
            account, span = look(rehearsals, *draft)
            shown = sum(NOT_YET in each.after.shown(account.gate) for each in account.texts)
            told.append({"seconds": span["seconds"], "shown_for": shown, **agreement(suggester, account, published(suggester, database, number, draft))})
        typing = {"while_replaying": typist.milliseconds(beside), "else": typist.milliseconds(quiet)}
        suggester.close()
        app.extensions[kb_web.DATABASE].close()
    size = {"database": asked.database, "articles": asked.articles, "requests": asked.requests}
    print(json.dumps({**size, "first_seconds": alone[0], "again_seconds": alone[1], "typing": typing, "drafts": told}, indent=1))


if __name__ == "__main__":
    main()
