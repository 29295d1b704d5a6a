"""The command line: ``webform`` and its groups."""

import sys

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext

from kb.web import database
from webform import migration
from webform.factory import create_app
from webform.settings import SettingError


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def webform() -> None:
    """The contact form that answers first."""


@webform.group()
def db() -> None:
    """Look after the database."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Bring the tables to what this version expects."""
    migration.upgrade(database())
    click.echo(f"tables are current in {current_app.config['INSTANCE']}")


def main() -> None:
    """Run the command line; a bad setting ends it with one line."""
    try:
        webform()
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
