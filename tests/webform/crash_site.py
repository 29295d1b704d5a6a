"""The processes that the crash tests kill: the real server, and real workers, each started anew as soon as it is gone.

Starting Python with everything it needs takes seconds; a parent that has loaded the application and forks makes it
milliseconds, so that hundreds of kills fit into minutes.
"""

import sys

from flask import Flask

from kb.suggest import Answer
from kb.web import DATABASE, SUGGESTER
from webform import create_app, outbox_cli, serving, topics, worker_keeping
from webform.worker import Worker


def work_for_ever(app: Flask) -> None:
    """Keep a worker, as the command does, without its second of rest."""
    worker_keeping.SECONDS_BEFORE_ANOTHER = 0.05
    with app.app_context():
        worker_keeping.keep(lambda keeper: Worker(outbox_cli.new_courier(app), parent=keeper).run(said=print), parent=0, said=print)


class NothingToSay:
    """A suggester without articles: what is shown here is that nothing is lost, whatever is suggested."""

    def suggest_within(self, seconds: float, subject: str, message: str, *, language: str = "", topic: str = "", limit: int = 3) -> Answer:
        return Answer((), 0.0, language, 0, False)


if __name__ == "__main__":
    site = create_app()
    site.extensions[SUGGESTER] = NothingToSay()
    if sys.argv[1] == "worker":
        work_for_ever(site)
    with site.extensions[DATABASE].writing() as session:
        topics.load_defaults(session)
    serving.Server(site).run()
