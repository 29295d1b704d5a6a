"""The command line: ``webform`` and its groups."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError

from deflection.cli import deflection
from kb.cli import kb
from kb.web import database
from webform import __version__, backup, baseline_cli, export_cli, gap_cli, migration, outbox_cli, serving, staff_cli
from webform import check as checking
from webform.factory import create_app
from webform.settings import SettingError

WITHOUT_TABLES = ("run", "check", "db")
"""Commands that look after the tables themselves."""


@click.group(cls=AppGroup)
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def webform(context: click.Context) -> None:
    """The contact form that answers first."""
    if context.invoked_subcommand not in WITHOUT_TABLES and "--help" not in sys.argv:
        with context.ensure_object(ScriptInfo).load_app().app_context():
            if migration.is_empty(database()):
                migration.upgrade(database())
            elif not migration.is_current(database()):
                raise click.ClickException("the tables were made by another version; `webform db upgrade` brings them to what this one expects")


@webform.command()
def run() -> None:
    """Serve the form and send its mail; the first start prepares everything."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # Threads of requests, not of one matrix product.
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    first = serving.prepare(app, datetime.now(UTC))
    click.echo(serving.banner(app, first))
    sys.stdout.flush()
    with serving.beside_worker(app):
        serving.Server(app).run()


@webform.command()
@click.option("--settings", is_flag=True, help="List every setting instead.")
def check(settings: bool) -> None:
    """Look whether this installation is ready for customers."""
    if settings:
        for line in checking.setting_lines():
            click.echo(line)
        return
    found = list(checking.findings(database(), current_app.config))
    for finding in found:
        click.echo(f"{'ok  ' if finding.good else 'LOOK'}  {finding.words}")
    if not all(finding.good for finding in found):
        sys.exit(1)


kb.add_command(gap_cli.gaps)
webform.add_command(kb)
webform.add_command(outbox_cli.group)
webform.add_command(outbox_cli.worker)
deflection.add_command(baseline_cli.baseline)
deflection.add_command(export_cli.export)
webform.add_command(deflection)
webform.add_command(staff_cli.group)


@webform.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to what this version expects."""
    migration.upgrade(database())
    click.echo(f"tables are current in {current_app.config['INSTANCE']}")


@db.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def back_up(file: Path) -> None:
    """Copy the database, as it is at one moment, to FILE, while the form is open."""
    try:
        size = backup.copy(database(), file)
    except (backup.NoCopy, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{size} bytes in {file}; keep {current_app.config['INSTANCE'] / 'secret_key'} with it")


def main() -> None:
    """Run the command line: it ends with 0, or with 1 whatever went wrong; a bad setting is said in one line."""
    try:
        webform(obj=ScriptInfo(create_app=create_app))
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OperationalError as error:
        said = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
        click.echo(f"The database does not answer: {said}. WEBFORM_DATABASE_URL says which it is", err=True)
        sys.exit(1)
    except SystemExit as end:
        sys.exit(1 if end.code else 0)


if __name__ == "__main__":
    main()
