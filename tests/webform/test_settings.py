from pathlib import Path

import pytest

from webform.settings import SETTINGS, SettingError, load


def loaded(folder: Path, environ: dict[str, str] | None = None, overrides: dict[str, str] | None = None) -> dict[str, object]:
    return load({"INSTANCE": str(folder), **(overrides or {})}, environ or {})


def test_every_default_can_be_read(tmp_path: Path) -> None:
    assert set(loaded(tmp_path)) == {setting.name for setting in SETTINGS}


def test_the_environment_wins_over_the_file_which_wins_over_the_default(tmp_path: Path) -> None:
    assert loaded(tmp_path)["MAX_NAME"] == 100
    (tmp_path / "config.py").write_text("MAX_NAME = 50\n")
    assert loaded(tmp_path)["MAX_NAME"] == 50
    assert loaded(tmp_path, {"WEBFORM_MAX_NAME": "60"})["MAX_NAME"] == 60


def test_a_secret_is_read_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    environ = {"WEBFORM_MAIL_PASSWORD": "weaker", "WEBFORM_MAIL_PASSWORD_FILE": str(tmp_path / "password")}
    assert loaded(tmp_path, environ)["MAIL_PASSWORD"] == "s3cret"


def test_a_secret_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"WEBFORM_SECRET_KEY_FILE.*cannot be read.*Name a file"):
        loaded(tmp_path, {"WEBFORM_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_the_instance_of_the_environment_holds_the_config_file(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("COMPANY = 'Fernside'\n")
    assert load({}, {"WEBFORM_INSTANCE": str(tmp_path)})["COMPANY"] == "Fernside"


@pytest.mark.parametrize(
    ("name", "text", "fix"),
    [
        ("BIND", "8000", "use for example 127.0.0.1:8000"),
        ("HOLDOUT_SHARE", "0.9", "use a number from 0 to 0.5"),
        ("MAIL_PORT", "smtp", "use one from 1 to 65535"),
        ("MAIL_USE_TLS", "maybe", "use 1 or 0"),
        ("TEAM_ADDRESS", "support", "not an e-mail address"),
        ("COMPANY", "Moss\r\nBcc: x@example.com", "line breaks cannot be used"),
        ("DATABASE_URL", "mysql://x", "use sqlite:///file or postgresql://"),
        ("DATABASE_URL", "postgresql+pg8000://anna@host/x", "pg8000 is not installed: use postgresql:// and install the extra `postgres`"),
        ("BASE_URL", "help.example.com", "use for example https://help.example.com"),
        ("LANGUAGE", "tlh", "use one of en, ru, zh"),
        ("GATE", "2", "use a number from 0 to 1"),
    ],
)
def test_a_bad_value_refuses_to_start_names_itself_and_says_the_fix(tmp_path: Path, name: str, text: str, fix: str) -> None:
    with pytest.raises(SettingError) as refused:
        loaded(tmp_path, {f"WEBFORM_{name}": text})
    assert str(refused.value).startswith(f"WEBFORM_{name}: ")
    assert fix in str(refused.value)


def test_a_misspelt_setting_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"WEBFORM_MAIL_SERVR: there is no such setting"):
        loaded(tmp_path, {"WEBFORM_MAIL_SERVR": "x"})
    (tmp_path / "config.py").write_text("TEAM_ADRESS = 'a@example.com'\n")
    with pytest.raises(SettingError, match=r"config.py: there is no setting TEAM_ADRESS"):
        loaded(tmp_path)
