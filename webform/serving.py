"""Serving: preparing an installation at its start, and running server and worker together."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import func, select

from kb import rules, sample
from kb import web as kb_web
from kb.articles import Article, Translation
from kb.database import Database
from kb.visibility import readable
from webform import health_views, migration, staff, topics

LOADED_LATE = ("scipy.optimize", "scipy.special", "scipy.stats", "sklearn.cluster", "sklearn.feature_extraction.text", "sklearn.linear_model", "sklearn.svm")
"""What learning loads when it is needed, so that commands that do not learn begin at once."""
PROCESSES = 2
THREADS = 8


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around an application that is loaded once, before the processes part."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        """Choose threads over more processes: most of a request's time is one commit."""
        options = {
            "bind": self._app.config["BIND"],
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "graceful_timeout": 20,
            "timeout": 60,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application, without any connection that two processes would share."""
        self._app.extensions[kb_web.DATABASE].close()
        health_views.share_counts(self._app)
        return self._app


def prepare(app: Flask, now: datetime) -> tuple[str, str] | None:
    """Make an installation ready to serve: tables, topics, rules of tact, sample, first member of staff, index.

    :return: address and password of the first member of staff, if this call made one.
    """
    database: Database = app.extensions[kb_web.DATABASE]
    migration.upgrade(database)
    with database.writing() as session:
        topics.load_defaults(session)
        rules.load_defaults(session, language=app.config["LANGUAGE"], now=now)
        if app.config["SAMPLE_KB"] and session.scalar(select(Article.id).limit(1)) is None:
            sample.load_sample(session, now)
    with database.writing() as session:
        first = staff.ensure_first_admin(session, app.config["ADMIN_ADDRESS"], now)
    app.extensions[kb_web.SUGGESTER].ensure_ready(lesson=True)
    warm_up(app)
    return first


def warm_up(app: Flask) -> None:
    """Ask once in every language: what is only made or loaded for a first text is there before the processes part, and no customer waits for it."""
    for name in LOADED_LATE:
        import_module(name)
    with app.extensions[kb_web.DATABASE].reading() as session:
        titles = session.execute(select(Translation.language, func.min(Translation.title)).where(readable()).group_by(Translation.language))
        asked = [(language, title) for language, title in titles]
    for language, title in asked:
        app.extensions[kb_web.SUGGESTER].suggest("", title, language=language)


def banner(app: Flask, first: tuple[str, str] | None) -> str:
    """Say where everything is, for the person who started the server."""
    config = app.config
    mail = f"to {config['MAIL_SERVER']}:{config['MAIL_PORT']}" if config["MAIL_SERVER"] else f"kept as .eml files in {_short(config['INSTANCE'] / 'mail')}"
    lines = [
        f"Form      {config['BASE_URL']}/",
        f"Help      {config['BASE_URL']}/help",
        f"Staff     {config['BASE_URL']}/staff/sign-in",
        f"Mail      {mail}; staff read it at {config['BASE_URL']}/staff/outbox",
    ]
    if first:
        lines.insert(3, f"          {first[0]} with the password {first[1]} (shown only now)")
    if config["HOLDOUT_SHARE"]:
        lines.append(f"Holdout   {config['HOLDOUT_SHARE']:.0%} of visits see a plain form, for comparison; opening the form again is a new visit")
    return "\n".join(lines)


@contextmanager
def beside_worker(app: Flask) -> Iterator[None]:
    """Run the worker as a process of its own, which ends when this one does."""
    environment = dict(os.environ, WEBFORM_INSTANCE=str(app.config["INSTANCE"]))
    worker = subprocess.Popen([sys.executable, "-m", "webform.cli", "worker", "--parent", str(os.getpid())], env=environment)  # noqa: S603 - our own program
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(60)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
