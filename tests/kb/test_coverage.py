"""What customers can read in which language."""

from dataclasses import astuple
from datetime import datetime, timedelta

from kb.articles import Status, save_translation
from kb.coverage import State, coverage, page
from kb.database import Database


def test_every_article_is_counted_once_in_each_language_by_state_and_category(database: Database, now: datetime) -> None:
    def write(number: int, language: str, status: Status = Status.PUBLISHED, body: str = "Wait 3 days.", day: int = 0, category: str = "Pumps") -> None:
        named = {"external_id": f"a{number}", "language": language, "title": f"{number} {language}"}
        save_translation(session, **named, body=body, category=category, status=status, now=now + timedelta(days=day))  # type: ignore[arg-type]

    with database.writing() as session:
        for number in range(1, 6):
            write(number, "en", category="Pumps" if number < 4 else "Taps")
        write(1, "ru", category="Насосы")
        write(2, "ru", category="Насосы")
        write(3, "ru", Status.DRAFT)
        write(4, "ru", Status.ARCHIVED)
        write(6, "en", Status.DRAFT)
        write(6, "ru", Status.DRAFT)
        write(2, "en", body="Wait 4 days.", day=1)
    with database.reading() as session:
        found = coverage(session)
        assert found.total == 5, "an article that nobody can read has no translation to miss"
        assert {language: (count.current, count.late, count.draft, count.missing) for language, count in found.languages.items()} == {
            "en": (5, 0, 0, 0),
            "ru": (1, 1, 1, 2),
        }
        assert [(name, astuple(count)) for name, count in found.categories["ru"].items()] == [("Pumps", (1, 1, 1, 3)), ("Taps", (0, 0, 0, 2))]
        listed = {state: [entry.title for entry in page(session, found, "ru", state).entries] for state in State}
        assert listed == {State.CURRENT: ["1 en"], State.LATE: ["2 en"], State.DRAFT: ["3 en"], State.MISSING: ["4 en", "5 en"]}
        assert [entry.title for entry in page(session, found, "ru", State.MISSING, category="Taps", number=9, per_page=1).entries] == ["5 en"]
        assert page(session, found, "ru", State.MISSING, category="Pumps").total == 0
        assert page(session, found, "xx", State.MISSING).total == 5
