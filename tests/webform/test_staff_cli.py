import pytest
from click.testing import Result
from flask import Flask

from kb.database import Database
from webform import passwords, staff
from webform.cli import webform
from webform.staff import RoleName

PASSWORD = "correct horse battery"


@pytest.fixture
def run(app: Flask):
    def call(*words: str, stdin: str = "") -> Result:
        return app.test_cli_runner().invoke(webform, ["staff", *words], input=stdin)

    return call


def kept(database: Database, email: str) -> str | None:
    with database.reading() as session:
        user = staff.find(session, email)
        assert user
        return user.password


def test_a_made_up_password_is_shown_once(run, database: Database) -> None:
    result = run("add", "anna@mossgarth.net", "--role", "lead")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("anna@mossgarth.net is lead now\npassword: ")
    password = result.stdout.splitlines()[1].split()[1]
    assert passwords.fits(password, kept(database, "anna@mossgarth.net"))
    again = run("add", "Anna@mossgarth.net", "--role", "lead")
    assert (again.exit_code, again.stdout) == (0, "anna@mossgarth.net is lead already\n")
    assert passwords.fits(password, kept(database, "anna@mossgarth.net"))


def test_without_a_role_somebody_becomes_a_writer_and_keeps_a_role_already_there(run) -> None:
    assert run("add", "new@mossgarth.net").stdout.startswith("new@mossgarth.net is writer now\n")
    run("add", "anna@mossgarth.net", "--role", "lead")
    again = run("add", "anna@mossgarth.net")
    assert (again.exit_code, again.stdout) == (0, "anna@mossgarth.net is lead already\n")


def test_a_password_from_standard_input_is_not_shown(run, database: Database) -> None:
    result = run("add", "anna@mossgarth.net", "--role", "writer", "--password-stdin", stdin=PASSWORD + "\n")
    assert (result.exit_code, result.stdout) == (0, "anna@mossgarth.net is writer now\n")
    assert passwords.fits(PASSWORD, kept(database, "anna@mossgarth.net"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "anna@mossgarth.net", "--role", "admin"), "use `webform staff role anna@mossgarth.net admin`"),
        (("add", "not an address", "--role", "admin"), "not an e-mail address"),
        (("role", "nobody@mossgarth.net", "lead"), "not on the staff"),
        (("password", "nobody@mossgarth.net"), "not on the staff"),
        (("revoke", "nobody@mossgarth.net"), "not on the staff"),
        (("revoke", "boss@mossgarth.net"), "only admin"),
        (("role", "boss@mossgarth.net", "writer"), "only admin"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(words: tuple[str, ...], said: str, run) -> None:
    run("add", "boss@mossgarth.net", "--role", "admin")
    run("add", "anna@mossgarth.net", "--role", "lead")
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""


def test_a_short_password_changes_nothing(run, database: Database) -> None:
    result = run("add", "anna@mossgarth.net", "--role", "lead", "--password-stdin", stdin="short\n")
    assert result.exit_code == 1
    assert "12 to 200" in result.stderr
    with database.reading() as session:
        assert staff.members(session) == []


def test_a_role_is_changed_and_changed_again_without_harm(run, database: Database) -> None:
    run("add", "anna@mossgarth.net", "--role", "lead")
    for _ in range(2):
        result = run("role", "anna@mossgarth.net", "writer")
        assert (result.exit_code, result.stdout) == (0, "anna@mossgarth.net is writer now\n")
    with database.reading() as session:
        user = staff.find(session, "anna@mossgarth.net")
        assert user
        assert user.role is RoleName.WRITER


def test_everybody_is_listed_with_role_and_state(run) -> None:
    assert run("list").stdout == ""
    run("add", "boss@mossgarth.net", "--role", "admin")
    run("add", "anna@mossgarth.net", "--role", "lead")
    for _ in range(2):
        assert run("revoke", "anna@mossgarth.net").stdout == "anna@mossgarth.net cannot sign in any more\n"
    assert run("list").stdout == "anna@mossgarth.net\tlead\trevoked\nboss@mossgarth.net\tadmin\tactive\n"


def test_a_new_password_replaces_the_old_one(run, database: Database) -> None:
    run("add", "anna@mossgarth.net", "--role", "lead", "--password-stdin", stdin=PASSWORD + "\n")
    result = run("password", "anna@mossgarth.net", "--password-stdin", stdin="another good password\n")
    assert (result.exit_code, result.stdout) == (0, "anna@mossgarth.net has a new password\n")
    assert not passwords.fits(PASSWORD, kept(database, "anna@mossgarth.net"))
