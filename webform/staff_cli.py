"""Staff on the command line."""

import getpass
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from kb import trace
from kb.web import database
from webform import lockout, passwords, staff, values
from webform.passwords import PasswordRefused
from webform.staff import RoleName, StaffError, User
from webform.web import tokens

group = AppGroup("staff", help="Say who may sign in.")
ROLES = click.Choice([role.value for role in RoleName])


@group.command()
@click.argument("email")
@click.option("--role", type=ROLES, help="What the person may do; a writer unless said otherwise.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def add(email: str, role: str | None, password_stdin: bool) -> None:
    """Let somebody sign in."""
    address, password = _address(email), _password(password_stdin)
    with database().writing() as session:
        known = staff.find(session, address)
        if known and known.active:
            if role and known.role != role:
                _fail(f"{known.email} is on the staff already, as {known.role or 'nothing'}: use `webform staff role {known.email} {role}`")
            click.echo(f"{known.email} is {known.role or 'without a role'} already")
            return
        role = role or RoleName.WRITER
        try:
            user = staff.add(session, address, RoleName(role), password, datetime.now(UTC))
        except (PasswordRefused, ValueError) as error:
            _fail(f"the password cannot be taken: {error}")
        email = user.email
        _note(session, "added", email, after={"role": role, "active": True})
    click.echo(f"{email} is {role} now")
    _show(password, password_stdin)


@group.command("list")
def list_members() -> None:
    """List everybody, with role and state."""
    with database().reading() as session:
        for user in staff.members(session):
            click.echo(f"{user.email}\t{user.role or 'no role'}\t{'active' if user.active else 'revoked'}")


@group.command()
@click.argument("email")
@click.argument("role", type=ROLES)
def role(email: str, role: str) -> None:
    """Give somebody another role; the person signs in anew."""
    with database().writing() as session:
        user = _member(staff.find(session, email), email)
        email, before = user.email, user.role
        try:
            staff.set_role(session, user, RoleName(role))
        except StaffError as error:
            _fail(str(error))
        _note(session, "changed", email, {"role": before}, {"role": role})
    click.echo(f"{email} is {role} now")


@group.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def password(email: str, password_stdin: bool) -> None:
    """Give somebody a new password; it also ends a lock-out."""
    chosen, now = _password(password_stdin), datetime.now(UTC)
    with database().writing() as session:
        user = _member(staff.find(session, email), email)
        try:
            staff.set_password(session, user, chosen)
        except PasswordRefused as error:
            _fail(f"the password cannot be taken: {error}")
        lockout.forget_tries(session, tokens().digest("sign-in", user.email), now)
        email = user.email
        _note(session, "changed", email, after={"password": "new"})
    click.echo(f"{email} has a new password")
    _show(chosen, password_stdin)


@group.command()
@click.argument("email")
def revoke(email: str) -> None:
    """Let somebody out, at once; `add` lets the person in again."""
    with database().writing() as session:
        user = _member(staff.find(session, email), email)
        email, before = user.email, user.active
        try:
            staff.revoke(session, user)
        except StaffError as error:
            _fail(str(error))
        _note(session, "revoked", email, {"active": before}, {"active": False})
    click.echo(f"{email} cannot sign in any more")


def _note(session: Session, action: str, email: str, before: Mapping[str, object] = {}, after: Mapping[str, object] = {}) -> None:
    """Write down who did it, as this machine knows the person at its keyboard."""
    try:
        actor = f"command line: {getpass.getuser()}"
    except (KeyError, OSError):  # A container may run under a number without a name.
        actor = "command line"
    trace.record(session, actor=actor, action=action, subject=f"staff:{email}", before=before, after=after, now=datetime.now(UTC))


def _address(email: str) -> str:
    try:
        return values.address(email)
    except ValueError as error:
        _fail(str(error))


def _member(user: User | None, email: str) -> User:
    if user is None:
        _fail(f"{email!r} is not on the staff: `webform staff list` shows who is")
    return user


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else passwords.invent()


def _show(password: str, from_stdin: bool) -> None:
    if not from_stdin:
        click.echo(f"password: {password} (shown only now)")


def _fail(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)
