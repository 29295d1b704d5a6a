import re
from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from kb.articles import Article, Translation
from kb.database import Database
from kb.examples import Example
from kb.generations import current_generation
from kb.imports import Found, find_drafts
from kb.sample import FOLDER, load_sample


def drafts() -> list[Found]:
    found = list(find_drafts(FOLDER / "articles"))
    assert [each for each in found if not isinstance(each, Found)] == []
    return [each for each in found if isinstance(each, Found)]


def test_the_sample_loads_completely_and_only_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        assert load_sample(session, now) > 500
    with database.writing() as session:
        assert load_sample(session, now) == 0
        assert current_generation(session) == 1
        assert session.scalar(select(func.count()).select_from(Article)) == 41
        counted = session.execute(select(Translation.language, func.count()).group_by(Translation.language))
        assert {row[0]: row[1] for row in counted} == {"en": 41, "ru": 41, "zh": 41}
        nothing = session.scalar(select(func.count()).select_from(Example).where(Example.article_id.is_(None)))
        assert nothing is not None
        assert nothing > 50


def test_every_sample_article_exists_in_three_languages_with_its_own_address() -> None:
    found = drafts()
    assert set(Counter(each.draft.external_id for each in found).values()) == {3}
    assert max(Counter((each.draft.language, each.draft.slug) for each in found).values()) == 1
    assert all(each.draft.slug and each.draft.summary and each.draft.category for each in found)


def test_links_between_sample_articles_lead_somewhere() -> None:
    found = drafts()
    addresses = {f"/help/{each.draft.language}/{each.draft.slug}" for each in found}
    links = {(each.where, link) for each in found for link in re.findall(r"\]\((/[^)#]*)", each.draft.body)}
    assert len(links) > 50
    assert {(where, link) for where, link in links if link not in addresses} == set()
