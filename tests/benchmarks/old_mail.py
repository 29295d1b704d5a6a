"""A baseline of old mail: ``python -m tests.benchmarks.old_mail --mails 10000`` makes an mbox, reads it against the sample, and prints one JSON object.

The generator knows of every mail what it is: precision and recall of the filters follow from that, and the planted share of questions that
an article answers is told beside the one found. ``--extrapolate N`` adds how long N mails would take at the same pace; it is no measurement.
"""

import argparse
import json
import resource
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from kb.sample import load_sample
from kb.suggest import Suggester
from tests.benchmarks.ground import add_choice, ground
from tests.webform.old_mails import COMPANY, Planted, write
from webform import baselines, leases, mailbox_heads
from webform.baseline_figures import figures
from webform.baseline_runs import Run
from webform.baselines import Baseline, Order
from webform.gap_rounds import Rounds
from webform.mailbox_files import Mailbox
from webform.mailbox_kinds import kind_of
from webform.mailbox_survey import Terms, survey

KINDS = ("customer", "ours", "automatic", "bounce", "newsletter", "spam")


def filters(mailbox: Mailbox, told: list[Planted]) -> dict[str, Any]:
    """Tell precision and recall of each kind, and of finding the mails with which customers begin."""
    now = datetime.now(UTC)
    truth = ["customer" if planted.kind == "later" else planted.kind for planted in told]
    found = [kind_of(mailbox_heads.read(letter, now), (COMPANY,)).value for letter in mailbox.letters()]
    both, there, said = Counter(one for one, other in zip(truth, found, strict=True) if one == other), Counter(truth), Counter(found)
    kinds = {kind: {"precision": round(both[kind] / max(said[kind], 1), 4), "recall": round(both[kind] / max(there[kind], 1), 4)} for kind in KINDS}
    begun = set(survey(mailbox, Terms((COMPANY,), "en", now)).begun)
    planted = {place for place, each in enumerate(told) if each.kind == "customer"}
    return kinds | {"first of a thread": {"precision": round(len(begun & planted) / len(begun), 4), "recall": round(len(begun & planted) / len(planted), 4)}}


def measure(mails: int, seed: int, kind: str) -> dict[str, Any]:
    """Make a mailbox, and time each step of a baseline of it."""
    with ground(kind) as (folder, _, database):
        told = write(folder / "old.mbox", mails, seed=seed)
        mailbox = Mailbox(folder / "old.mbox")
        with database.writing() as session:
            load_sample(session, datetime.now(UTC))
        suggester = Suggester(database, folder / "index")
        suggester.ensure_ready(learn=True)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        order = Order("old.mbox", (COMPANY,), "UTC", "en")
        with database.writing() as session:
            baseline = baselines.take_up(session, order, mailbox.fingerprint, mailbox.size, "one", leases.clock(session))
        run, begun, spent = Run(database, leases.clock, "one"), time.monotonic(), time.process_time()
        assert run.read(baseline, mailbox)
        read = time.monotonic() - begun
        assert run.ask(baseline.id, suggester)
        asked = time.monotonic() - begun - read
        Rounds(database, str).make(datetime.now(UTC))
        spent = time.process_time() - spent
        grouped = time.monotonic() - begun - read - asked
        with database.reading() as session:
            found = figures(session, session.get_one(Baseline, baseline.id))
        suggester.close()
        questions = [planted for planted in told if planted.kind == "customer"]
        interval = found.whole.interval or (0.0, 1.0)
        planted = sum(each.answerable for each in questions) / len(questions)
        seconds = read + asked + grouped
        return {
            "database": kind, "mails": mails, "megabytes": round(mailbox.size / 1e6, 1),
            "questions": found.whole.questions, "planted_questions": len(questions),
            "seconds": {"read": round(read, 1), "ask": round(asked, 1), "group": round(grouped, 1), "all": round(seconds, 1), "of_processor": round(spent, 1)},
            "mails_per_second": round(mails / seconds, 1),
            "megabytes_before": before // 1024, "megabytes_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "answered_share": round(found.whole.share or 0, 4), "interval": [round(bound, 4) for bound in interval],
            "planted_answerable_share": round(planted, 4),
            "busiest": found.busiest, "filters": filters(mailbox, told),
        }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extrapolate", type=int, default=0)
    add_choice(parser)
    asked = parser.parse_args()
    found = measure(asked.mails, asked.seed, asked.database)
    if asked.extrapolate:
        found["extrapolated_not_measured"] = {"mails": asked.extrapolate, "minutes": round(asked.extrapolate / found["mails_per_second"] / 60, 1)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
