import re
from datetime import datetime

from flask import Flask

from kb.cli import kb
from kb.database import Database
from kb.gate_choices import choose
from tests.kb.pump_articles import publish_all
from webform import staff
from webform.cli import check as command
from webform.settings import SETTINGS
from webform.staff import RoleName


def test_a_new_installation_is_told_everything_that_is_missing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(command)
    assert result.exit_code == 1
    assert re.findall(r"LOOK +(.+)", result.output) == [
        "no article is published: run `webform kb import FOLDER`",
        "nobody is an admin: run `webform staff add YOU@YOURS --role admin`",
        "WEBFORM_TEAM_ADDRESS and WEBFORM_MAIL_SENDER: still the invented address; set your own",
        "WEBFORM_COMPANY is still Mossgarth, the company of the sample: pages and mails carry its name",
        "WEBFORM_BASE_URL is empty: links in mails lead to http://127.0.0.1:8000",
        "WEBFORM_MAIL_SERVER is empty: mail is only written to files",
    ]
    assert "ok    the tables are current" in result.output


def test_the_admin_of_the_first_start_is_to_be_replaced_by_a_person(app: Flask, database: Database, now: datetime) -> None:
    def findings() -> str:
        return str(app.test_cli_runner().invoke(command).output)

    with database.writing() as session:
        staff.ensure_first_admin(session, app.config["ADMIN_ADDRESS"], now)
    assert "LOOK  admin@example.com may sign in as admin" in findings()
    with database.writing() as session:
        staff.add(session, "chief@mossgarth.net", RoleName.ADMIN, "correct horse battery", now)
        staff.revoke(session, staff.members(session)[0])
    assert "ok    admins: chief@mossgarth.net" in findings()


def test_a_name_and_an_address_of_ones_own_are_good(app: Flask) -> None:
    app.config.update(COMPANY="Green Ltd", BASE_URL="https://help.green.example", TEAM_ADDRESS="team@green.example", MAIL_SENDER="help@green.example")
    output = app.test_cli_runner().invoke(command).output
    for words in ("the company is Green Ltd", "links in mails lead to https://help.green.example", "requests go to team@green.example"):
        assert f"ok    {words}\n" in output


def test_settings_are_listed_with_their_purpose(app: Flask) -> None:
    output = app.test_cli_runner().invoke(command, ["--settings"]).output
    assert [setting.name for setting in SETTINGS if f"WEBFORM_{setting.name}=" not in output or setting.help not in output] == []


def test_it_says_what_the_gate_follows_from(app: Flask, database: Database, now: datetime) -> None:
    assert "ok    the gate is not calibrated yet" in app.test_cli_runner().invoke(command).output
    with database.writing() as session:
        publish_all(session, now)
    trained = app.test_cli_runner().invoke(kb, ["train"]).output
    checked = app.test_cli_runner().invoke(command).output
    for output in (trained, checked):
        assert "a safe default, derived from the articles themselves" in output
    with database.writing() as session:
        choose(session, 0.25, previous=0.5, by="lead@example.com", reason="", now=now)
    assert "lead@example.com has put 0.250 in force" in app.test_cli_runner().invoke(command).output
