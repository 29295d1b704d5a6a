"""A baseline on the command line: ``webform deflection baseline FILE``."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from kb.drafts import is_language
from kb.web import database, suggester
from webform import answers, baselines, leases
from webform.baseline_figures import Figures, figures, savings, zone_of
from webform.baseline_files import as_json
from webform.baseline_runs import Progress, Run
from webform.baseline_topics import topics
from webform.baselines import Baseline, Order, Stage
from webform.gap_keeping import Keeping
from webform.mailbox_files import Mailbox, MailboxError
from webform.ours import own_addresses
from webform.web import tokens
from webform.worker import new_name

SECONDS_BETWEEN_LINES = 5.0
FIRST = "bring articles in with webform kb import, or write what is asked most, then read this mail again"
_AT_ONCE = timedelta(0)
STEPS = {"survey": "Looking at every mail", "read": "Reading questions", "ask": "Asking them"}


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--ours", multiple=True, help="An address or domain of your own, whose mails no customer wrote; may be given more than once.")
@click.option("--zone", default="UTC", help="Time zone of the busiest hours, for example Europe/Berlin.")
@click.option("--language", default="en", help="Language of texts that do not tell theirs.")
@click.option("--json", "machine", is_flag=True, help="Print one JSON object instead of words.")
@with_appcontext
def baseline(path: Path, ours: tuple[str, ...], zone: str, language: str, machine: bool) -> None:
    """Tell what share of old mail the articles would answer.

    FILE is an mbox, a Maildir, a folder of .eml files or a .csv. Run it again after it was interrupted, and it goes on where it was.
    """
    if not is_language(language):
        raise click.ClickException(f"--language {language}: say it by its code, such as en, ru or zh")
    try:
        zone_of(zone)
        mailbox = Mailbox(path)
    except (MailboxError, ValueError) as error:
        raise click.ClickException(f"{path.name}: {error}") from error
    order = Order(path.name, own_addresses(current_app.config, " ".join(ours)), zone, language)
    number = _carry_out(order, mailbox)
    with database().reading() as session:
        click.echo("\n".join(_told(session, number, machine=machine)))


def _carry_out(order: Order, mailbox: Mailbox) -> int:
    worker, clock = new_name(), leases.clock
    with database().writing() as session:
        found = baselines.take_up(session, order, mailbox.fingerprint, mailbox.size, worker, clock(session))
    with _progress() as progress:
        run = Run(database(), clock, worker, progress=progress)
        done = (found.stage == Stage.ASKING or run.read(found, mailbox)) and run.ask(found.id, suggester())
    if not done:
        raise click.ClickException("another process goes on with it")
    # The topics are groups of what was not answered; a round of grouping that is made elsewhere does as well.
    Keeping(database(), suggester(), partial(answers.mark, tokens()), clock, worker).attempt(every=_AT_ONCE)
    return found.id


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show how far each step is on standard error: a bar that grows on a terminal, a line now and then elsewhere."""
    bars: dict[str, click._termui_impl.ProgressBar[int]] = {}
    last = 0.0

    def tell(step: str, done: int, whole: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < (0.1 if sys.stderr.isatty() else SECONDS_BETWEEN_LINES) and done < whole:
            return
        last = now
        if not sys.stderr.isatty():
            click.echo(f"{STEPS[step]}: {100 * done // max(whole, 1)} %", err=True)
            return
        if step not in bars:
            for bar in bars.values():
                bar.render_finish()
            bars[step] = click.progressbar(length=1, label=STEPS[step], file=sys.stderr, show_eta=True)
        bars[step].length = max(1, done, whole)
        bars[step].update(done - bars[step].pos)

    yield tell
    for bar in bars.values():
        bar.render_finish()


def _told(session: Session, number: int, *, machine: bool) -> Iterator[str]:
    found = session.get_one(Baseline, number)
    counted = figures(session, found)
    named = topics(session, number, counted.whole.questions)
    config = current_app.config
    saved = savings(counted, config["COST_PER_CONTACT"])
    if machine:
        yield json.dumps(as_json(found, counted, named, saved, config["CURRENCY"]), ensure_ascii=False, indent=2)
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.kinds.items(), key=lambda each: -each[1]) if count)
    yield f"{found.mails} mails: {kinds}"
    yield _share_line(counted)
    if counted.rightly:
        low, high = counted.rightly.interval
        yield f"By {counted.looked} that were looked at, the right article for {counted.rightly.share:.1%}, 95 % between {low:.1%} and {high:.1%}"
    if counted.learned:
        yield f"{counted.learned} questions are left out of every share, for suggestions have learned from them"
    if saved:
        bounds = f"95 % between {saved.interval.low:,.0f} and {saved.interval.high:,.0f}"
        yield f"Expected savings: {saved.monthly:,.0f} {config['CURRENCY']} a month, {bounds}, at {saved.questions_monthly:,.0f} questions a month"
    for topic in named.topics:
        yield f"no article: {topic.questions} questions, {topic.language}, “{' '.join(topic.title.split())}”"
    if named.waiting:
        yield f"{named.waiting} questions without an answer are not grouped yet; the worker goes on with it"
    yield f"{config['BASE_URL']}/staff/baseline/{number}"


def _share_line(found: Figures) -> str:
    whole = found.whole
    if not whole.articles:
        return f"No article was published when the {whole.questions} questions were asked, so nothing could be shown: {FIRST}"
    if whole.share is None or whole.interval is None:
        return "No question was found"
    low, high = whole.interval
    return f"An article is shown for {whole.share:.1%} ({whole.answered} of {whole.questions} questions), 95 % between {low:.1%} and {high:.1%}"
