"""The processes that the crash tests kill: the real server, and real workers, each started anew as soon as it is gone.

Starting Python with everything it needs takes seconds; a parent that has loaded the application and forks makes it
milliseconds, so that hundreds of kills fit into minutes.
"""

import os
import sys

from flask import Flask

from kb.suggest import Answer
from kb.web import DATABASE, SUGGESTER
from webform import create_app, outbox_cli, serving, topics
from webform.worker import Worker


def work_for_ever(app: Flask) -> None:
    """Fork a worker, and another when it has died."""
    while True:
        child = os.fork()
        if not child:
            with app.app_context():
                Worker(outbox_cli.new_courier(app), parent=os.getppid()).run(said=lambda words: None)
            os._exit(0)
        os.waitpid(child, 0)


class NothingToSay:
    """A suggester without articles: what is shown here is that nothing is lost, whatever is suggested."""

    def suggest_within(self, seconds: float, subject: str, message: str, *, language: str = "", limit: int = 3) -> Answer:
        return Answer((), 0.0, language, 0, False)


if __name__ == "__main__":
    site = create_app()
    site.extensions[SUGGESTER] = NothingToSay()
    if sys.argv[1] == "worker":
        work_for_ever(site)
    with site.extensions[DATABASE].writing() as session:
        topics.load_defaults(session)
    serving.Server(site).run()
