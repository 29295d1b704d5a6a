from dataclasses import replace
from datetime import datetime, timedelta

from kb.articles import Status, save_translation
from kb.database import Database
from kb.publications import public_revision, publications_of, was_published
from kb.revisions import revisions_of
from kb.writing import archive, current, publish, save


def test_every_time_in_which_customers_could_read_a_revision_is_kept(database: Database, now: datetime) -> None:
    days = [now + timedelta(days=number) for number in range(4)]
    with database.writing() as session:
        translation = save_translation(session, external_id="x", language="en", title="T", body="one", status=Status.PUBLISHED, author="ann", now=days[0])
        before = current(session, translation)
        save(session, translation, replace(before, body="two"), version=translation.version, base=before, author="ben", now=days[1])
        publish(session, translation, author="ben", note="clearer", now=days[2])
        archive(session, translation, author="ben", now=days[3])
        second, first = revisions_of(session, translation.id)
        found = [(each.revision_id, each.published_by, each.note, each.public_from, each.public_until) for each in publications_of(session, [translation.id])]
        assert found == [(first.id, "ann", "", days[0], days[2]), (second.id, "ben", "clearer", days[2], days[3])]
        assert public_revision(session, translation.id) == second.id
        assert was_published(session, first.id)
