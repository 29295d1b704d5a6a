import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from webform import cli

Said = pytest.CaptureFixture[str]
ROOT = Path(__file__).parent.parent.parent


def ended(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own, on an empty instance."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEBFORM_")}
    environment |= {"WEBFORM_INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "webform.cli", *words], env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_a_command_that_was_not_understood_ends_with_one_and_says_why(tmp_path: Path) -> None:
    end = ended(tmp_path, "nonsense")
    assert (end.returncode, end.stdout) == (1, "")
    assert end.stderr.splitlines()[-1].startswith("Error: No such command")


@pytest.mark.parametrize("words", [("staff", "add", "anna@x.example", "--role", "queen"), ("kb", "import", "nowhere")])
def test_a_value_that_cannot_be_used_ends_with_one_and_says_why(words: tuple[str, ...], app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr(sys, "argv", ["webform", *words])
    monkeypatch.setattr(cli, "create_app", lambda: app)
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith("Error: Invalid value for")


def test_a_setting_that_cannot_be_used_ends_with_one_and_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("config.py").write_text("HOLDOUT_SHARE = 3", "utf-8")
    end = ended(tmp_path, "check")
    assert (end.returncode, end.stdout, len(end.stderr.splitlines())) == (1, "", 1)
    assert "WEBFORM_HOLDOUT_SHARE" in end.stderr


def test_what_was_done_ends_with_nought_also_when_it_is_done_again(tmp_path: Path) -> None:
    assert [ended(tmp_path, "db", "upgrade").returncode for _ in range(2)] == [0, 0]
    end = ended(tmp_path, "db", "backup", str(tmp_path / "copy.db"))
    assert (end.returncode, end.stderr) == (0, "")
    assert f"{tmp_path.joinpath('copy.db').stat().st_size} bytes in {tmp_path / 'copy.db'}; keep {tmp_path / 'secret_key'} with it" in end.stdout


def test_where_nothing_can_be_kept_one_line_says_so(tmp_path: Path) -> None:
    tmp_path.joinpath("file").touch()
    end = ended(tmp_path / "file" / "instance", "check")
    assert (end.returncode, end.stdout, len(end.stderr.splitlines())) == (1, "", 1)
    assert end.stderr.startswith("WEBFORM_INSTANCE: ")
    tmp_path.joinpath("config.py").write_text("DATABASE_URL = 'postgresql://anna@127.0.0.1:1/nothing'", "utf-8")
    end = ended(tmp_path, "run")
    assert (end.returncode, end.stdout, len(end.stderr.splitlines())) == (1, "", 1)
    assert end.stderr.startswith("The database does not answer: ")
