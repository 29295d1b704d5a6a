"""Who may open what under /staff. A route that is not in the table fails, so a new one is decided about at birth."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb import rules
from kb.database import Database
from tests.webform.conftest import SignIn, csrf_token, make_member
from tests.webform.desk_world import furnish
from tests.webform.walk import Step, steps
from webform import staff, topics
from webform.staff import RoleName

ANYBODY = None
LEAST_ROLE: dict[str, RoleName | None] = {
    "sign_in.form": ANYBODY,
    "sign_in.enter": ANYBODY,
    "sign_in.leave": RoleName.WRITER,
    "staff.home": RoleName.WRITER,
    "staff.articles": RoleName.WRITER,
    "staff.change_articles": RoleName.WRITER,
    "upkeep.page": RoleName.WRITER,
    "upkeep.change": RoleName.WRITER,
    "history.revisions": RoleName.WRITER,
    "history.compare": RoleName.WRITER,
    "history.revision": RoleName.WRITER,
    "history.restore": RoleName.WRITER,
    "staff.examples": RoleName.WRITER,
    "staff.tend_examples": RoleName.WRITER,
    "staff.example_changes": RoleName.WRITER,
    "staff.export_examples": RoleName.WRITER,
    "staff.set_answer": RoleName.LEAD,
    "deflection.page": RoleName.WRITER,
    "deflection.tile": RoleName.WRITER,
    "deflection.note_incident": RoleName.LEAD,
    "deflection.take_back_incident": RoleName.LEAD,
    "support.page": RoleName.LEAD,
    "staff.try_text": RoleName.WRITER,
    "staff.words": RoleName.WRITER,
    "staff.change_words": RoleName.WRITER,
    "pictures.upload": RoleName.WRITER,
    "imports.page": RoleName.LEAD,
    "exports.page": RoleName.WRITER,
    "exports.download": RoleName.WRITER,
    "baseline.page": RoleName.LEAD,
    "baseline.upload": RoleName.LEAD,
    "baseline.result": RoleName.LEAD,
    "baseline.export": RoleName.LEAD,
    "baseline.delete": RoleName.LEAD,
    "baseline_pairs.page": RoleName.LEAD,
    "baseline_pairs.judge": RoleName.LEAD,
    "imports.upload": RoleName.LEAD,
    "imports.job": RoleName.LEAD,
    "imports.decide": RoleName.LEAD,
    "staff.requests": RoleName.LEAD,
    "staff.request": RoleName.LEAD,
    "staff.set_status": RoleName.LEAD,
    "staff.file": RoleName.LEAD,
    "topics.page": RoleName.LEAD,
    "topics.new": RoleName.LEAD,
    "topics.change": RoleName.LEAD,
    "topics.move": RoleName.LEAD,
    "topics.fields.page": RoleName.LEAD,
    "topics.fields.new": RoleName.LEAD,
    "topics.fields.change": RoleName.LEAD,
    "topics.fields.move": RoleName.LEAD,
    "topics.fields.delete": RoleName.LEAD,
    **dict.fromkeys(("routing.page", "routing.dry_run", "routing.new", "routing.change", "routing.move", "routing.delete"), RoleName.LEAD),
    **dict.fromkeys(("skips.page", "skips.add", "skips.revoke"), RoleName.LEAD),
    "sides.page": RoleName.WRITER,
    "sides.save": RoleName.WRITER,
    "sides.settle": RoleName.WRITER,
    "coverage.page": RoleName.WRITER,
    "visibility.page": RoleName.WRITER,
    "visibility.change": RoleName.WRITER,
    "visibility.read": RoleName.WRITER,
    "editor.new": RoleName.WRITER,
    "editor.edit": RoleName.WRITER,
    "editor.preview": RoleName.WRITER,
    "editor.titles": RoleName.WRITER,
    "merging.page": RoleName.WRITER,
    "merging.choose": RoleName.WRITER,
    "gaps.page": RoleName.WRITER,
    "gaps.gap": RoleName.WRITER,
    "gaps.decide": RoleName.WRITER,
    "gaps.answer": RoleName.WRITER,
    "gaps.write": RoleName.WRITER,
    "replay.page": RoleName.WRITER,
    "replay.compare": RoleName.WRITER,
    "work.page": RoleName.WRITER,
    "work.put": RoleName.WRITER,
    "work.set_hours": RoleName.LEAD,
    "article_health.page": RoleName.WRITER,
    "embed.page": RoleName.LEAD,
    "robots.page": RoleName.LEAD,
    "robots.keep_marks": RoleName.LEAD,
    "robots.add_question": RoleName.LEAD,
    "robots.delete_question": RoleName.LEAD,
    "gate.page": RoleName.LEAD,
    "gate.pick": RoleName.LEAD,
    "outbox.queue": RoleName.LEAD,
    "outbox.message": RoleName.LEAD,
    "outbox.html": RoleName.LEAD,
    "outbox.source": RoleName.LEAD,
    "outbox.retry": RoleName.LEAD,
    "outbox.retry_failed": RoleName.LEAD,
    **dict.fromkeys((f"hooks.{name}" for name in ("page", "new", "change", "renew", "delete", "trial", "retry")), RoleName.LEAD),
    **dict.fromkeys((f"keys.{name}" for name in ("page", "add", "revoke")), RoleName.ADMIN),
    **dict.fromkeys((f"self_check.{name}" for name in ("page", "add", "add_offered", "delete", "hasten")), RoleName.WRITER),
    **dict.fromkeys((f"weekly.{name}" for name in ("page", "subscribe", "delete", "preview")), RoleName.LEAD),
    "raw_events.page": RoleName.LEAD,
    "raw_events.export": RoleName.LEAD,
    "rules.page": RoleName.LEAD,
    "rules.try_text": RoleName.LEAD,
    "rules.new": RoleName.LEAD,
    "rules.change": RoleName.LEAD,
    "rules.delete": RoleName.LEAD,
    "rules.exclude": RoleName.LEAD,
    "rules.include": RoleName.LEAD,
    "rules.topic": RoleName.LEAD,
    "satisfaction.page": RoleName.LEAD,
    "satisfaction.export": RoleName.LEAD,
    "channels.page": RoleName.LEAD,
    "channels.change": RoleName.LEAD,
    "letters.page": RoleName.LEAD,
    "letters.write": RoleName.LEAD,
    "letters.add": RoleName.LEAD,
    "letters.delete": RoleName.LEAD,
    "letters.restore": RoleName.LEAD,
    "hours.page": RoleName.LEAD,
    "hours.change": RoleName.LEAD,
    "trace.page": RoleName.LEAD,
    "trace.export_csv": RoleName.LEAD,
    "trace.export_json": RoleName.LEAD,
}
Ask = Callable[[FlaskClient, Step], TestResponse]


@pytest.fixture
def staff_steps(app: Flask, database: Database, now: datetime) -> list[Step]:
    """Every way to ask every staff route; leaving comes last, because nothing can be asked after it."""
    with database.writing() as session:
        topics.load_defaults(session)
        rules.add(session, rules.Draft(rules.RuleKind.PERSON, "Florists", {"en": "wilted roses"}), author="", now=now)
        found = [step for step in steps(app, session, furnish(app, session, now)) if step.path.startswith("/staff")]
    return sorted(found, key=lambda step: step.endpoint == "sign_in.leave")


def ask(client: FlaskClient, step: Step) -> TestResponse:
    """Ask as the page itself would: with a good token, so that only the role can be what refuses."""
    if step.method == "GET":
        return client.get(step.path)
    token = csrf_token(client.get("/staff/sign-in", follow_redirects=True))
    return client.open(step.path, method=step.method, data={"csrf_token": token, "status": "closed"})


def is_sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and (answer.location or "").startswith("/staff/sign-in")


def test_every_staff_route_stands_in_the_table(app: Flask, staff_steps: list[Step]) -> None:
    assert {step.endpoint for step in staff_steps} == set(LEAST_ROLE), "say in LEAST_ROLE who may open the new route"


def test_every_rule_under_staff_is_guarded_by_its_path(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint in LEAST_ROLE}
    assert {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/staff" or rule.rule.startswith("/staff/")} == endpoints


def test_a_stranger_is_sent_to_the_sign_in(client: FlaskClient, staff_steps: list[Step]) -> None:
    refused = [step for step in staff_steps if LEAST_ROLE[step.endpoint] is not ANYBODY]
    assert len(refused) >= 12
    assert [step for step in refused if not is_sent_to_sign_in(ask(client, step))] == []


@pytest.mark.parametrize("role", list(RoleName))
def test_a_role_opens_what_it_may_and_nothing_else(role: RoleName, staff_steps: list[Step], signed_in: SignIn) -> None:
    client = signed_in(role)
    for step in staff_steps:
        least = LEAST_ROLE[step.endpoint]
        answer = ask(client, step)
        if least is ANYBODY or role.includes(least):
            assert answer.status_code in {200, 303, 422}, (step, answer.status_code)
            assert step.endpoint == "sign_in.leave" or not is_sent_to_sign_in(answer), step
        else:
            assert answer.status_code == 403, (step, answer.status_code)


def test_someone_let_out_has_no_rights_left_from_one_page_to_the_next(staff_steps: list[Step], signed_in: SignIn, database: Database, now: datetime) -> None:
    client = signed_in(RoleName.LEAD)
    make_member(database, RoleName.ADMIN, now)
    with database.writing() as session:
        person = staff.find(session, "lead@example.com")
        assert person
        staff.revoke(session, person)
    for step in staff_steps:
        if LEAST_ROLE[step.endpoint] is not ANYBODY:
            assert is_sent_to_sign_in(ask(client, step)), step


def test_someone_without_any_role_sees_nothing(staff_steps: list[Step], signed_in: SignIn, database: Database) -> None:
    client = signed_in(RoleName.WRITER)
    with database.writing() as session:
        person = staff.find(session, "writer@example.com")
        assert person
        person.roles = []
    for step in staff_steps:
        if LEAST_ROLE[step.endpoint] is not ANYBODY and step.endpoint != "sign_in.leave":
            assert client.open(step.path, method="GET" if step.method == "GET" else step.method).status_code in {400, 403}, step


@pytest.mark.parametrize("path", ["/staff/nothing", "/staff/", "/staff/requests/", "/staff//requests", "/staff/outbox/x", "/staff/..%2fstaff/outbox"])
def test_a_stranger_cannot_even_tell_which_pages_exist(client: FlaskClient, path: str) -> None:
    assert is_sent_to_sign_in(client.get(path, follow_redirects=False)) or client.get(path).status_code in {308, 404}
    assert b"Requests" not in client.get(path).data


def test_a_file_of_another_request_is_not_given(app: Flask, database: Database, now: datetime, signed_in: SignIn) -> None:
    from webform import attachments, tickets

    with database.writing() as session:
        first = furnish(app, session, now)
        other = tickets.page(session, text="Насос").tickets[0]
        number = attachments.of_ticket(session, first.id)[0].id
        own, foreign = first.reference, other.reference
    client = signed_in(RoleName.LEAD)
    assert client.get(f"/staff/requests/{own}/files/{number}").status_code == 200
    assert client.get(f"/staff/requests/{foreign}/files/{number}").status_code == 404
