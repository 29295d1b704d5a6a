from datetime import datetime

from kb.articles import Status, save_translation
from kb.database import Database
from webform import topics
from webform.topics import Topic


def test_the_defaults_are_loaded_once(database: Database) -> None:
    with database.writing() as session:
        assert topics.load_defaults(session) == 5
        assert topics.load_defaults(session) == 0


def test_topics_are_named_in_the_language_of_the_page_and_in_english_elsewhere(database: Database) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        assert topics.choices(session, "ru")[0] == ("pump", "Насос и шланги")
        assert topics.choices(session, "fi")[0] == ("pump", "Pump and hoses")


def test_a_topic_that_is_not_active_is_not_offered_and_not_found(database: Database) -> None:
    with database.writing() as session:
        session.add(Topic(slug="old", names={}, address="", priority="normal", position=0, suggests=True, active=False))
        session.add(Topic(slug="new", names={}, address="", priority="normal", position=0, suggests=True, active=True))
        assert topics.choices(session, "en") == [("new", "new")]
        assert topics.find(session, "old") is None
        assert topics.find(session, "new") is not None


def test_a_category_that_is_called_like_a_topic_chooses_it(database: Database, now: datetime) -> None:
    with database.writing() as session:
        topics.load_defaults(session)
        shared = {"body": "", "status": Status.PUBLISHED, "now": now}
        pump = save_translation(session, external_id="a", language="en", title="A", category="Pump and hoses", **shared).article_id
        save_translation(session, external_id="a", language="ru", title="А", category="Насос и шланги", **shared)
        order = save_translation(session, external_id="b", language="en", title="B", category="Orders and delivery", **shared).article_id
        other = save_translation(session, external_id="c", language="en", title="C", category="Bees", **shared).article_id
        hidden = save_translation(session, external_id="d", language="en", title="D", category="Invoices and payment", body="", now=now).article_id
        found = [topics.of_articles(session, each) for each in ([pump], [order], [pump, order], [other], [hidden], [999], [])]
    assert found == ["pump", "orders", "", "", "", "", ""]
