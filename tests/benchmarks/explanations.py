"""Measure what an explanation costs beside a suggestion, in time of the processor: ``python -m tests.benchmarks.explanations --articles 1000``."""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from statistics import median

from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.kb.many_articles import publish_many

TEXT = "the pump hums and the light is green but no water comes out of the drippers since I moved the tank to the other side of the garden"
LENGTHS = (3, 20, 200, 1000)
TURNS = 15


def cost(work: Callable[[], object]) -> float:
    """Give the median of the milliseconds that a piece of work takes."""
    work()
    found = []
    for _ in range(TURNS):
        begun = time.process_time()
        work()
        found.append(1000 * (time.process_time() - begun))
    return round(median(found), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    add_choice(parser)
    asked = parser.parse_args()
    with ground(asked.database) as (folder, _, database):
        with database.writing() as session:
            publish_many(session, datetime.now(UTC), asked.articles)
        suggester = Suggester(database, folder / "index", gate=0.01)
        suggester.ensure_ready(lesson=True)
        figures = {}
        for length in LENGTHS:
            text = " ".join(list(islice(cycle(TEXT.split()), length)))
            suggest, explain = cost(lambda text=text: suggester.suggest("", text)), cost(lambda text=text: suggester.explain(text))  # type: ignore[misc]
            figures[length] = {"suggest_ms": suggest, "explain_ms": explain, "ratio": round(explain / suggest, 1)}
        suggester.close()
    print(json.dumps({"articles": asked.articles, "by_words": figures}))


if __name__ == "__main__":
    main()
