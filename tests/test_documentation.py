"""Guards of the documentation: what a person can set, call or open is in the README."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from webform.cli import webform
from webform.settings import SETTINGS, Setting

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def commands(group: click.Group, path: str = "webform") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented_as_it_is(setting: Setting) -> None:
    default = f"`{setting.default}`" if setting.default else "(empty)"
    assert f"| `WEBFORM_{setting.name}` | {default} | {setting.help} |" in README


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `WEBFORM_(\w+)`", README, re.MULTILINE)) == {setting.name for setting in SETTINGS}


def test_every_command_is_documented_in_one_line() -> None:
    documented = re.findall(r"^\| `(webform [^`<\[A-Z]*[a-z])[^`]*` \| (.+) \|$", README, re.MULTILINE)
    existing = {path: command.get_short_help_str(200) for path, command in commands(webform)}
    assert {path.strip(): words for path, words in documented} == existing


def test_the_readme_names_no_path_of_a_machine() -> None:
    assert not re.search(r"(?<![\w./])/(home|root|work|Users)/", README)


def test_each_decision_has_context_decision_and_consequence() -> None:
    decisions = README.split("## Decisions", 1)[1].split("\n- ")[1:]
    assert decisions
    assert [decision for decision in decisions if decision.strip().count("\n") > 3 or not decision.startswith("**")] == []
