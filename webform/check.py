"""The check before opening day: what a support lead would otherwise learn from the first lost request."""

import smtplib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from kb.articles import Status, Translation
from kb.database import Database
from kb.gate_choices import last_choice
from kb.gates import basis_words, kept_calibration
from webform import migration, self_check_tile, staff
from webform.settings import SETTINGS
from webform.staff import RoleName

SAMPLE_COMPANY = next(setting.default for setting in SETTINGS if setting.name == "COMPANY")
PLACEHOLDERS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it should be, and what was seen or has to be done."""

    good: bool
    words: str


def findings(database: Database, config: Mapping[str, Any]) -> Iterator[Finding]:
    """Look at everything an installation needs, in the order in which it is needed."""
    for look in (_tables, _articles, _gate, _staff, _addresses, _company, _site, _mail_server, _self_check):
        yield from _safely(look, database, config)


def setting_lines() -> Iterator[str]:
    """List every setting with its default and its purpose."""
    for setting in SETTINGS:
        yield f"WEBFORM_{setting.name}={setting.default or '(empty)'}\n    {setting.help}"


def _safely(look: Callable[[Database, Mapping[str, Any]], Finding], database: Database, config: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        yield look(database, config)
    except (SQLAlchemyError, OSError) as error:
        yield Finding(False, f"{look.__name__.strip('_').replace('_', ' ')}: {type(error).__name__}: {str(error).splitlines()[0]}")


def _tables(database: Database, _config: Mapping[str, Any]) -> Finding:
    if migration.is_current(database):
        return Finding(True, "the tables are current")
    return Finding(False, "the tables are not current: run `webform db upgrade`")


def _articles(database: Database, _config: Mapping[str, Any]) -> Finding:
    with database.reading() as session:
        counts = session.execute(
            select(Translation.language, func.count())
            .where(Translation.status == Status.PUBLISHED)
            .group_by(Translation.language)
            .order_by(Translation.language)
        ).all()
    if not counts:
        return Finding(False, "no article is published: run `webform kb import FOLDER`")
    return Finding(True, "published articles: " + ", ".join(f"{language} {number}" for language, number in counts))


def _staff(database: Database, _config: Mapping[str, Any]) -> Finding:
    with database.reading() as session:
        admins = [user.email for user in staff.members(session) if user.active and user.role is RoleName.ADMIN]
    invented = [email for email in admins if email.endswith(PLACEHOLDERS)]
    if not admins:
        return Finding(False, "nobody is an admin: run `webform staff add YOU@YOURS --role admin`")
    if invented:
        return Finding(False, f"{invented[0]} may sign in as admin: run `webform staff add YOU@YOURS --role admin`, then `webform staff revoke {invented[0]}`")
    return Finding(True, f"admins: {', '.join(admins)}")


def _gate(database: Database, config: Mapping[str, Any]) -> Finding:
    calibration = kept_calibration(config["INSTANCE"] / "index")
    if calibration is None:
        return Finding(True, "the gate is not calibrated yet: the first start does it, or `webform kb train`")
    with database.reading() as session:
        choice = last_choice(session)
    words = f"calibrated gate {calibration.gate:.3f}: {basis_words(calibration)}"
    if config["GATE"] is not None:
        words += f"; WEBFORM_GATE puts {config['GATE']:.3f} in force"
    elif choice is not None and choice.gate is not None:
        words += f"; {choice.chosen_by} has put {choice.gate:.3f} in force"
    return Finding(True, words)


def _addresses(_database: Database, config: Mapping[str, Any]) -> Finding:
    invented = [name for name in ("TEAM_ADDRESS", "MAIL_SENDER") if config[name].endswith(PLACEHOLDERS)]
    if invented:
        return Finding(False, f"{' and '.join(f'WEBFORM_{name}' for name in invented)}: still the invented address; set your own")
    return Finding(True, f"requests go to {config['TEAM_ADDRESS']}")


def _company(_database: Database, config: Mapping[str, Any]) -> Finding:
    if config["COMPANY"] == SAMPLE_COMPANY:
        return Finding(False, f"WEBFORM_COMPANY is still {SAMPLE_COMPANY}, the company of the sample: pages and mails carry its name")
    return Finding(True, f"the company is {config['COMPANY']}")


def _site(_database: Database, config: Mapping[str, Any]) -> Finding:
    if config["BASE_URL"] == f"http://{config['BIND']}":
        return Finding(False, f"WEBFORM_BASE_URL is empty: links in mails lead to {config['BASE_URL']}")
    return Finding(True, f"links in mails lead to {config['BASE_URL']}")


def _mail_server(_database: Database, config: Mapping[str, Any]) -> Finding:
    if not config["MAIL_SERVER"]:
        return Finding(False, "WEBFORM_MAIL_SERVER is empty: mail is only written to files")
    kind = smtplib.SMTP_SSL if config["MAIL_USE_SSL"] else smtplib.SMTP
    with kind(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=config["MAIL_TIMEOUT_SECONDS"]) as server:
        code, _ = server.noop()
    return Finding(code == 250, f"the mail server {config['MAIL_SERVER']}:{config['MAIL_PORT']} answers {code}")


def _self_check(database: Database, _config: Mapping[str, Any]) -> Finding:
    with database.reading() as session:
        found = self_check_tile.tile(session, datetime.now(UTC))
    if found.troubles:
        return Finding(False, f"the self-check found: {', '.join(trouble.fault for trouble in found.troubles)}; see /staff/self-check")
    if found.overdue:
        return Finding(False, "the self-check was not made for hours: look whether `webform worker` runs")
    if not found.probes:
        return Finding(True, "the self-check asks nothing yet: keep some questions at /staff/self-check")
    run = found.run
    return Finding(
        True, f"the self-check found {run.hits} of {run.questions} answers" if run else "the self-check was not made yet: the worker makes it within the hour"
    )
