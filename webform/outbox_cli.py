"""The outbox and its worker on the command line."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from deflection import census_keeping, ledger_keeping
from kb import import_keeping
from kb.builder import attend
from kb.web import database, suggester
from webform import answers, baseline_keeping, gap_keeping, hook_courier, leases, outbox, self_check_keeping, ticket_day_keeping, worker_keeping
from webform.deliveries import Courier, deliver_due
from webform.gap_keeping import Keeping
from webform.hook_courier import HookCourier
from webform.mail_folder import MailFolder
from webform.mailer import Mailer
from webform.outbox import OutboxMessage
from webform.rounds import Rounds
from webform.schedule import schedule
from webform.smtp_mailer import SmtpMailer, seconds_for_one
from webform.terms import terms
from webform.web import tokens
from webform.worker import Worker, in_words, new_name

group = AppGroup("outbox", help="Look after the messages that wait to be sent.")
LEASES_OVER_SENDING = 2


@click.command()
@click.option("--parent", type=int, default=0, help="Stop when this process is no longer the one that started it.")
@with_appcontext
def worker(parent: int) -> None:
    """Send mail, keep the index and the gaps current, carry out imports and read old mail, until stopped."""
    app = _app()

    def work(keeper: int) -> None:
        courier = new_courier(app)
        keeping = Keeping(database(), suggester(), partial(answers.mark, tokens()), courier.clock, courier.name)
        rounds = Rounds(database(), terms(app.config, tokens()), courier.clock, app.config["CLAMD_SOCKET"])
        imports = import_keeping.attend(database(), courier.clock, courier.name)
        told = hook_courier.attend(new_hook_courier(app, courier))
        checked = self_check_keeping.attend(new_self_check(app, courier))
        counts = ledger_keeping.attend(database(), days=app.config["VISIT_DAYS"])
        index, gaps, census = attend(database(), app.config["INSTANCE"] / "index"), gap_keeping.attend(keeping), census_keeping.attend(database())
        old_mail = baseline_keeping.attend(database(), suggester(), courier.clock, courier.name)
        days = ticket_day_keeping.attend(database(), courier.name, courier.clock)
        with index, gaps, census, imports, told, counts, checked, old_mail, days:
            Worker(courier, rounds=rounds, parent=keeper).run(said=_say)

    worker_keeping.keep(work, parent=parent, said=_say)


@group.command()
def deliver() -> None:
    """Send what is due, once."""
    tally = deliver_due(new_courier(_app()))
    click.echo(in_words(tally) or "nothing is due")
    if tally.unreachable:
        sys.exit(1)


@group.command("list")
@click.option("--sent", type=click.IntRange(0), default=0, help="Also list the last so many that were sent.")
def list_messages(sent: int) -> None:
    """List what failed and what waits, with the server's words."""
    with database().reading() as session:
        now = leases.clock(session)
        total = outbox.summary(session, now)
        messages = [*outbox.failed(session), *outbox.waiting(session), *outbox.recent(session, sent)]
        words = outbox.last_words(session, messages)
        click.echo(f"{total.failed} failed, {total.waiting} waiting, {total.sent_last_day} sent in the last 24 hours")
        for message in messages:
            click.echo("\t".join([str(message.id), _state(message), message.reference, message.kind, words.get(message.id, "")]))


@group.command()
@click.argument("number", type=int, required=False)
@click.option("--failed", is_flag=True, help="Every message that failed.")
def retry(number: int | None, failed: bool) -> None:
    """Make a message due at once: the one with this NUMBER, or all that failed."""
    if (number is None) == (not failed):
        raise click.UsageError("Say which: a NUMBER from `webform outbox list`, or --failed.")
    with database().writing() as session:
        now = leases.clock(session)
        if number is None:
            click.echo(f"{outbox.retry_failed(session, now)} due now")
        elif outbox.retry(session, number, now):
            click.echo(f"{number} is due now")
        else:
            click.echo(f"{number} cannot be retried: it was sent, is being sent, or does not exist", err=True)
            sys.exit(1)


def open_mailer(app: Flask) -> Mailer:
    """Give the mailer of the settings: an SMTP server, or files in the instance folder where none is named."""
    return SmtpMailer(app) if app.config["MAIL_SERVER"] else MailFolder(app.config["INSTANCE"] / "mail")


def new_courier(app: Flask) -> Courier:
    """Make a courier from the settings.

    Its lease is twice the time that a message can take, so that it never ends while somebody still sends.
    """
    lease = timedelta(seconds=LEASES_OVER_SENDING * seconds_for_one(app.config))
    return Courier(database(), open_mailer(app), schedule(app.config), new_name(), lease, leases.clock)


def new_hook_courier(app: Flask, courier: Courier) -> HookCourier:
    """Make a courier of webhooks from the settings, under the name of another one."""
    return HookCourier(database(), tokens(), schedule(app.config), courier.name, app.config["WEBHOOK_HOSTS"], courier.clock)


def new_self_check(app: Flask, courier: Courier) -> self_check_keeping.Keeping:
    """Make the self-check from the settings, under the name of a courier."""
    asker, limits = self_check_keeping.asker(app.config, tokens()), self_check_keeping.limits(app.config)
    return self_check_keeping.Keeping(database(), asker, limits, terms(app.config, tokens()), courier.clock, courier.name)


def _state(message: OutboxMessage) -> str:
    if message.is_being_sent:
        return "being sent"
    if message.status == outbox.Delivery.WAITING and message.attempts:
        return f"waiting until {message.next_attempt_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return message.status


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _say(words: str) -> None:
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {words}")
    sys.stdout.flush()
