import re

from flask import Flask

from webform.cli import check as command
from webform.settings import SETTINGS


def test_a_new_installation_is_told_everything_that_is_missing(app: Flask) -> None:
    result = app.test_cli_runner().invoke(command)
    assert result.exit_code == 1
    assert re.findall(r"LOOK +(.+)", result.output) == [
        "no article is published: run `webform kb import FOLDER`",
        "WEBFORM_TEAM_ADDRESS and WEBFORM_MAIL_SENDER: still the invented address; set your own",
        "WEBFORM_MAIL_SERVER is empty: mail is only written to files",
    ]
    assert "ok    the tables are current" in result.output


def test_settings_are_listed_with_their_purpose(app: Flask) -> None:
    output = app.test_cli_runner().invoke(command, ["--settings"]).output
    assert [setting.name for setting in SETTINGS if f"WEBFORM_{setting.name}=" not in output or setting.help not in output] == []
