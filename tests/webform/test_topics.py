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
