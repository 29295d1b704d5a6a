"""The floor under the suggestions: ``python -m tests.benchmarks.quality DIR`` evaluates labelled sets and fails below it.

DIR holds one folder for each set. Prints one JSON object a line; a set that is not there is left out and named.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kb.evaluation import evaluate
from kb.labelled import read_labelled_set


class Trial(NamedTuple):
    """One evaluation, and the least it must come to."""

    name: str
    removed: bool
    cold: bool
    least: dict[str, float]
    most_false: float | None


TRIALS = (
    Trial("rzd", True, True, {"recall_at_3": 0.85}, 0.13),
    Trial("rzd", True, False, {"recall_at_3": 0.9}, 0.13),
    Trial("banking77", False, False, {"recall_at_1": 0.921, "recall_at_3": 0.979}, None),
)


def figures(folder: Path, trial: Trial) -> dict[str, Any]:
    removed = folder / trial.name / "oos_by_removal.json" if trial.removed else None
    started = time.monotonic()
    found = evaluate(read_labelled_set(folder / trial.name, remove=removed, cold=trial.cold))
    kept = ("articles", "queries", "no_answer", "recall_at_1", "recall_at_3", "mrr", "gate", "answered_at_3", "false_show_share")
    return {"set": trial.name, "removed": trial.removed, "cold": trial.cold, **{name: found[name] for name in kept}, "seconds": time.monotonic() - started}


def shortfalls(trial: Trial, found: dict[str, Any]) -> Iterator[str]:
    for name, least in trial.least.items():
        if found[name] < least:
            yield f"{trial.name}: {name} is {found[name]:.4f}, the floor is {least}"
    if trial.most_false is not None and found["false_show_share"] > trial.most_false:
        yield f"{trial.name}: false_show_share is {found['false_show_share']:.4f}, the most allowed is {trial.most_false}"


def main(folder: Path) -> int:
    below = []
    for trial in TRIALS:
        if not (folder / trial.name).is_dir():
            print(json.dumps({"set": trial.name, "missing": True}))
            continue
        found = figures(folder, trial)
        print(json.dumps(found), flush=True)
        below += shortfalls(trial, found)
    print("\n".join(below) or "every figure is above its floor")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
