from datetime import datetime

import pytest

from kb import rules
from kb.articles import Status, save_translation
from kb.database import Database
from kb.rule_lines import read
from kb.rules import Draft, Overtaken, RuleKind

PERSON = Draft(RuleKind.PERSON, "Angry florists", {"en": "wilted roses", "ru": "  \n"})


def test_the_default_rules_are_named_in_the_language_of_the_team_and_loaded_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert rules.load_defaults(session, language="ru", now=now) == 6
        loaded = rules.rules(session, RuleKind.PERSON)
        assert {rule.slug: rule.name for rule in loaded}["charged-twice"] == "Списали дважды"
        assert all(set(rule.phrases) == {"en", "ru", "zh"} for rule in loaded)
        for rule in loaded:
            rules.remove(session, rule.id, version=rule.version)
    with database.writing() as session:
        assert rules.load_defaults(session, language="ru", now=now) == 0
        assert rules.rules(session, RuleKind.PERSON) == []


def test_every_default_phrase_can_be_read(database: Database, now: datetime) -> None:
    with database.writing() as session:
        rules.load_defaults(session, language="pl", now=now)
        for rule in rules.rules(session, RuleKind.PERSON):
            assert all(list(read(lines, language)) for language, lines in rule.phrases.items())
            assert rule.name.isascii()


def test_a_rule_gets_a_name_for_machines_and_keeps_only_languages_with_phrases(database: Database, now: datetime) -> None:
    with database.writing() as session:
        rule = rules.add(session, PERSON, author="lead@example.com", now=now)
        other = rules.add(session, Draft(RuleKind.PERSON, "Увядшие розы", {}), author="", now=now)
        assert (rule.slug, rule.phrases, rule.version, rule.changed_by) == ("angry-florists", {"en": "wilted roses"}, 1, "lead@example.com")
        assert other.slug == f"rule-{other.id}"


def test_nobody_overwrites_what_they_have_not_seen(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = rules.add(session, PERSON, author="", now=now).id
        counted = rules.number(session)
    with database.writing() as session:
        changed = rules.change(session, number, Draft(RuleKind.PERSON, "Florists", {"en": "dead roses"}), version=1, author="b", now=now)
        assert (changed.name, changed.version, changed.slug) == ("Florists", 2, "angry-florists")
        assert rules.number(session) == counted + 1
        with pytest.raises(Overtaken):
            rules.change(session, number, PERSON, version=1, author="c", now=now)
        with pytest.raises(Overtaken):
            rules.remove(session, number, version=1)
        rules.remove(session, number, version=2)
        with pytest.raises(Overtaken):
            rules.remove(session, number, version=3)


def test_an_article_is_left_out_by_itself_or_by_its_category_in_whatever_language(database: Database, now: datetime) -> None:
    with database.writing() as session:
        numbers = {}
        for name, language, category in (("a", "en", "Billing"), ("a", "ru", "Оплата"), ("b", "ru", "Оплата"), ("c", "en", "Pump")):
            kept = save_translation(session, external_id=name, language=language, title=name, body=name, category=category, status=Status.PUBLISHED, now=now)
            numbers[name] = kept.article_id
        assert rules.exclude(session, category="Оплата")
        assert not rules.exclude(session, category="Оплата")
        assert rules.excluded_articles(session) == {numbers["a"], numbers["b"]}
        assert rules.exclude(session, article_id=numbers["c"])
        assert not rules.exclude(session, article_id=numbers["c"])
        assert rules.excluded_articles(session) == set(numbers.values())
        by_category, by_article = rules.exclusions(session)
        assert (by_category.category, by_article.article_id) == ("Оплата", numbers["c"])
        for each in (by_category, by_article, by_article):
            rules.include(session, each.id)
        assert rules.excluded_articles(session) == frozenset()
