from datetime import datetime

from flask import Flask

from kb.database import Database
from webform import routing_rules, topics
from webform.routing import Actions, Conditions, RoutingRule
from webform.web import every_topic, rules_in_force


def test_a_change_of_a_topic_is_known_at_once_and_nothing_is_read_without_one(app: Flask, database: Database) -> None:
    changes = ({"active": False}, {"names": {"en": "Pumps"}}, {"categories": ["Hoses"]}, {"position": 40}, {"helps": {"ru": "Насосы"}})
    with database.writing() as session:
        topics.load_defaults(session)
    with app.app_context():
        before = every_topic()
        for change in changes:
            assert every_topic() is before
            with database.writing() as session:  # As another process would: nobody tells this one.
                for name, value in change.items():
                    setattr(topics.any_of(session, "pump"), name, value)
            after = every_topic()
            for name, value in change.items():
                assert next(getattr(topic, name) for topic in after if topic.slug == "pump") == value
            before = after
    assert [topic.slug for topic in after].index("pump") == len(after) - 1


def test_a_change_of_the_routing_rules_is_known_at_once(app: Flask, database: Database, now: datetime) -> None:
    draft = RoutingRule(0, "Straight", Conditions(), Actions(never_suggest=True))
    with app.app_context():
        assert rules_in_force() == []
        with database.writing() as session:
            number = routing_rules.add(session, draft, active=True, author="ann", now=now).id
        (known,) = rules_in_force()
        assert known.actions.never_suggest
        with database.writing() as session:
            changed = RoutingRule(number, "Straight", Conditions(), Actions(priority="high"))
            routing_rules.change(session, changed, version=1, active=True, author="ann", now=now)
        assert [rule.actions.never_suggest for rule in rules_in_force()] == [False]
        with database.writing() as session:
            routing_rules.remove(session, number, version=2)
        assert rules_in_force() == []
