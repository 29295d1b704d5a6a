"""Translations go out of date, and come up to date again."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from kb.articles import Status, Translation, find_translation, save_translation
from kb.bundle import open_bundle
from kb.database import Database
from kb.descent import origin_of, settled_revision
from kb.imports import AUTHOR, Import
from kb.lags import call_minor, confirm, source_behind, standing
from kb.origins import Reason
from kb.revisions import latest_revision, revisions_of
from kb.substance import Change
from kb.writing import archive, begin, current, publish, save

BODY = {"en": "Hold the key for 3 seconds.", "ru": "Держите кнопку 3 секунды.", "zh": "按住按钮3秒。"}


def told(session: Session, language: str, body: str = "", now: datetime | None = None, **fields: str) -> Translation:
    """Make a public text of the one article."""
    assert now is not None
    given = {"status": Status.PUBLISHED, "author": "anna", "title": f"Reset ({language})", **fields}
    return save_translation(session, external_id="reset", language=language, body=body or BODY[language], now=now, **given)  # type: ignore[arg-type]


def change(session: Session, translation: Translation, body: str, now: datetime, author: str = "anna") -> None:
    """Write as the editor does, and publish."""
    before = current(session, translation)
    save(session, translation, replace(before, body=body), version=translation.version, base=before, author=author, now=now)
    publish(session, translation, author=author, now=now)


def behind(session: Session, *translations: Translation) -> list[str]:
    return [each.language for each in translations if source_behind(session, each.id) is not None]


@pytest.fixture
def days(now: datetime) -> list[datetime]:
    return [now + timedelta(days=number) for number in range(9)]


def test_a_change_of_substance_makes_translations_out_of_date_and_a_slip_does_not(database: Database, days: list[datetime]) -> None:
    with database.writing() as session:
        english, russian, chinese = (told(session, language, now=days[0]) for language in ("en", "ru", "zh"))
        assert behind(session, english, russian, chinese) == []
        change(session, english, "Please hold the key for 3 seconds!", days[1])
        assert behind(session, english, russian, chinese) == []
        change(session, english, "Hold the key for 5 seconds.", days[2])
        assert behind(session, english, russian, chinese) == ["ru", "zh"]
        assert source_behind(session, russian.id) == english.id
        change(session, russian, "Держите кнопку ровно 3 секунды.", days[3])
        assert behind(session, english, russian, chinese) == ["ru", "zh"], "a correction is no new translation"
        change(session, english, "Hold the key for 3 seconds.", days[4])
        assert behind(session, english, russian, chinese) == [], "the source says again what it said"


def test_what_a_translation_was_made_from_is_recorded_and_a_repaired_one_is_up_to_date_once_it_is_public(database: Database, days: list[datetime]) -> None:
    with database.writing() as session:
        english, russian = (told(session, language, now=days[0]) for language in ("en", "ru"))
        change(session, english, "Hold the key for 5 seconds.", days[1])
        source_revision = settled_revision(session, english)
        assert source_revision is not None
        before = current(session, russian)
        save(session, russian, replace(before, body="Держите кнопку 5 секунд."), version=russian.version, base=before, author="oleg", now=days[2])
        confirm(session, russian, english, source_revision, reason=Reason.MADE, author="oleg", now=days[2])
        newest = latest_revision(session, russian.id)
        assert newest is not None
        made = origin_of(session, russian, newest.id)
        assert made is not None
        assert (made.source.id, made.revision.id, made.reason, made.author) == (english.id, source_revision, Reason.MADE, "oleg")
        assert behind(session, russian) == ["ru"], "customers still read the old text"
        publish(session, russian, author="oleg", now=days[3])
        assert behind(session, russian) == []
        change(session, english, "Hold the key for 7 seconds.", days[4])
        assert behind(session, russian) == ["ru"]
        last = revisions_of(session, russian.id)[-1]
        before = current(session, russian)
        restored = replace(before, body=last.body)
        save(session, russian, restored, version=russian.version, base=before, author="oleg", amend=False, now=days[5])
        publish(session, russian, author="oleg", now=days[5])
        back = settled_revision(session, russian)
        found = origin_of(session, russian, back or 0)
        assert found is not None
        assert found.revision.body == BODY["en"], "an old text that is restored is as old as it was"


def test_a_writer_may_say_that_a_translation_is_still_right_or_that_a_change_is_minor(database: Database, days: list[datetime]) -> None:
    with database.writing() as session:
        english, russian, chinese = (told(session, language, now=days[0]) for language in ("en", "ru", "zh"))
        change(session, english, "Hold the blue key for 3 seconds.", days[1])
        revision = settled_revision(session, english) or 0
        confirm(session, russian, english, revision, reason=Reason.STILL_RIGHT, author="oleg", now=days[2])
        assert behind(session, russian, chinese) == ["zh"]
        assert call_minor(session, english, revision, author="anna", now=days[2]) == ["zh"]
        assert behind(session, russian, chinese) == []
        change(session, english, "Hold the red key for 3 seconds.", days[3])
        assert behind(session, russian, chinese) == ["ru", "zh"]


def test_a_revision_that_another_language_was_made_from_is_not_amended(database: Database, now: datetime) -> None:
    with database.writing() as session:
        english = told(session, "en", now=now, status=Status.DRAFT)
        russian = begin(session, english.article, "ru", replace(english.wording, title="Сброс", slug=""), author="oleg", now=now)
        revision = settled_revision(session, english) or 0
        confirm(session, russian, english, revision, reason=Reason.MADE, author="oleg", now=now)
        before = current(session, english)
        save(session, english, replace(before, body="Hold it for 9 seconds."), version=english.version, base=before, author="anna", now=now)
        assert [each.body for each in revisions_of(session, english.id)] == ["Hold it for 9 seconds.", BODY["en"]]
        newest = latest_revision(session, russian.id)
        found = standing(session, russian, newest.id if newest else 0)
        assert found is not None
        assert found.change is Change.SUBSTANCE


def test_a_text_cannot_be_made_from_what_was_made_from_it(database: Database, days: list[datetime]) -> None:
    with database.writing() as session:
        english, russian = (told(session, language, now=days[0]) for language in ("en", "ru"))
        change(session, english, "Hold it for 4 seconds.", days[1])
        confirm(session, english, russian, settled_revision(session, russian) or 0, reason=Reason.MADE, author="anna", now=days[2])
        assert behind(session, english, russian) == [], "Russian is the source from now on"
        change(session, russian, "Держите кнопку 8 секунд.", days[3])
        assert behind(session, english, russian) == ["en"]


def test_a_source_that_nobody_can_read_leaves_nothing_behind(database: Database, days: list[datetime]) -> None:
    with database.writing() as session:
        english, russian = (told(session, language, now=days[0]) for language in ("en", "ru"))
        archive(session, english, author="anna", now=days[1])
        change(session, english, "Hold the key for 5 seconds.", days[2])
        assert behind(session, russian) == ["ru"]
        told(session, "en", now=days[3], status=Status.ARCHIVED)
        assert behind(session, russian) == []


@pytest.mark.parametrize("author", [AUTHOR, "lead@example.com"])
@pytest.mark.parametrize("languages", [("en", "ru"), ("ru", "en")])
def test_what_files_bring_together_belongs_together_whoever_brings_them(
    languages: tuple[str, str], author: str, database: Database, days: list[datetime], tmp_path: Path
) -> None:
    def bring(seconds: dict[str, int], when: datetime) -> list[str]:
        for number, language in enumerate(languages):
            text = BODY[language].replace("3", str(seconds[language]))
            (tmp_path / f"{number}.md").write_text(f"---\nid: reset\nlang: {language}\ntitle: Reset {language}\n---\n{text}\n", "utf-8")
        work = Import(database, open_bundle(tmp_path), author=author)
        while work.step(when):
            pass
        assert work.finish(when).failures == []
        with database.reading() as session:
            found = [find_translation(session, "reset", language) for language in ("en", "ru")]
            return behind(session, *[each for each in found if each is not None])

    assert bring({"en": 3, "ru": 3}, days[0]) == []
    assert bring({"en": 5, "ru": 5}, days[1]) == []
    assert bring({"en": 7, "ru": 5}, days[2]) == ["ru"]
    assert bring({"en": 7, "ru": 7}, days[3]) == []
