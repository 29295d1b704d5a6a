"""Articles of hostile Markdown where customers meet them: on their page and in the mail that offers one."""

from datetime import datetime
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from kb.articles import Status, save_translation
from kb.database import Database
from tests.kb.hostile_markdown import HOSTILE
from tests.kb.test_map_views import line
from tests.kb.test_markdown import Inventory
from tests.webform.sending import accept, body, terms_of
from tests.webform.test_editor_views import OWN_ANCHOR
from webform import letter_book
from webform.acknowledgement import compose, occasion
from webform.answer_time import Promise
from webform.tried import Offer

BATCH = 40


class Skeleton(HTMLParser):
    """Lists the tags of a page with the names of their attributes: what is left when every word is taken out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))


def divided(page: str) -> tuple[str, str]:
    """Give the text of an article, and the page above it without the list of its passages."""
    start, end = page.index('<div class="prose"'), page.rindex("</passage-links>")
    prose, contents = page[start:end], page.find('<nav class="contents"')
    return prose[prose.index(">") + 1 : prose.rindex("</div>")], page[: contents if 0 <= contents < start else start]


def test_hostile_articles_are_inert_on_their_page_and_in_a_mail(app: Flask, client: FlaskClient, database: Database, now: datetime) -> None:
    texts = ["x", *HOSTILE]
    with database.writing() as session:
        ticket = accept(session, app, now)
    pages: list[list[tuple[str, tuple[str, ...]]]] = []
    mails: list[list[tuple[str, tuple[str, ...]]]] = []
    for start in range(0, len(texts), BATCH):
        with database.writing() as session:
            for number, text in enumerate(texts[start : start + BATCH], start):
                fields = {"title": line(text), "summary": line(text), "category": line(text)[:100], "body": text.replace("\0", "")}
                found = save_translation(session, external_id=f"h{number}", language="en", slug=f"h{number}", status=Status.PUBLISHED, now=now, **fields)
                offer = Offer(found.article_id, found.title, f"http://127.0.0.1/help/en/h{number}")
                about = occasion(ticket, topic="", offer=offer, promise=Promise(24), terms=terms_of(app), now=now)
                mail = compose(ticket, reply_to="team@example.com", letter=letter_book.in_force(session, "en", ""), about=about, terms=terms_of(app))
                mails.append(Skeleton(body(mail, "html")).tags)
    for number, text in enumerate(texts):
        prose, above = divided(client.get(f"/help/en/h{number}").text)
        assert Inventory(OWN_ANCHOR.sub(r"\g<words>", prose)).faults == [], text
        pages.append(Skeleton(above).tags)
    assert [text for text, tags in zip(texts, mails, strict=True) if tags != mails[0]] == []
    assert [text for text, tags in zip(texts, pages, strict=True) if tags != pages[0]] == []
