"""Gaps: ``python -m tests.benchmarks.gaps DIR [SET …]`` groups the texts of labelled sets as requests that met nothing good.

The labels are the truth: adjusted Rand index, normalised mutual information and purity of the groups, and the share of
requests whose group kept its number from one part of the stream to the next. With ``--scale N`` it groups N requests instead,
made of the sets' texts with words exchanged, and prints time, memory, and what the page costs then. One JSON object a line.
"""

import argparse
import itertools
import json
import random
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sqlalchemy import insert, select

from kb.database import Database
from tests.benchmarks.ground import add_choice, ground
from webform import gap_lists
from webform.gap_rounds import Rounds
from webform.gaps import GapRequest
from webform.tickets import Ticket, TicketStatus

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = 10
COUNTER = itertools.count(1)

Labelled = tuple[str, str, str]
"""A text, its language, and what it is about."""


def send(database: Database, texts: Sequence[Labelled], minutes: int = 1) -> None:
    """Store requests without a visit: nothing was shown to any."""
    rows = []
    for text, language, _ in texts:
        number = next(COUNTER)
        fixed = {"name": "", "email": "a@customer.example", "subject": "", "topic": "", "predicted_topic": "", "status": TicketStatus.NEW.value}
        keys = {"reference": f"T-{number}", "submission_key": str(number), "visit_token": f"v{number}", "message_id": f"<{number}@x>"}
        at = BEGIN + timedelta(minutes=minutes * number)
        rows.append(
            fixed | keys | {"message": text, "language": language, "interface_language": language, "created_at": at, "updated_at": at, "search_text": ""}
        )
    with database.writing() as session:
        session.execute(insert(Ticket), rows)


def standing(database: Database) -> dict[int, int]:
    """Tell the gap of each request that has one."""
    with database.reading() as session:
        rows = session.execute(select(GapRequest.ticket_id, GapRequest.gap_id).where(GapRequest.gap_id.is_not(None)))
        return {ticket: gap for ticket, gap in rows if gap is not None}


def purity(truth: Sequence[int], found: Sequence[int]) -> float:
    """Tell the share of texts that are about what most of their group are about."""
    pairs, counts = np.unique(np.stack([found, truth]), axis=1, return_counts=True)
    return float(sum(counts[pairs[0] == group].max() for group in np.unique(pairs[0])) / len(truth))


def quality(name: str, texts: Sequence[Labelled], kind: str) -> dict[str, Any]:
    """Group texts in ten parts, as if each came after the other."""
    shares = []
    with ground(kind) as (_, _, database):
        rounds, before = Rounds(database, str), dict[int, int]()
        for part in np.array_split(np.arange(len(texts)), PARTS):
            send(database, [texts[place] for place in part.tolist()])
            rounds.make(BEGIN + timedelta(days=400))
            now = standing(database)
            if before:
                shares.append(sum(now.get(ticket) == gap for ticket, gap in before.items()) / len(before))
            before = now
        with database.reading() as session:
            ids = list(session.scalars(select(Ticket.id).order_by(Ticket.id)))
    alone = itertools.count(-1, -1)
    found = [before.get(ticket) or next(alone) for ticket in ids]
    truth = np.unique([about for _, _, about in texts], return_inverse=True)[1].tolist()
    return {
        "set": name,
        "texts": len(texts),
        "labels": len(set(truth)),
        "groups": len(set(before.values())),
        "alone_share": round(1 - len(before) / len(ids), 3),
        "adjusted_rand": round(float(adjusted_rand_score(truth, found)), 3),
        "mutual_information": round(float(normalized_mutual_info_score(truth, found)), 3),
        "purity": round(purity(truth, found), 3),
        "kept_number_share": round(float(np.mean(shares)), 4),
        "kept_number_least": round(min(shares), 4),
    }


def scale(texts: Sequence[Labelled], number: int, kind: str) -> Iterator[dict[str, Any]]:
    """Group many requests, and time the first round, one more for a single request, and the page."""
    drawn = random.Random(1)
    many = [_varied(drawn, texts) for _ in range(number)]
    with ground(kind) as (_, _, database):
        for start in range(0, number, 5000):
            send(database, many[start : start + 5000])
        rounds, now = Rounds(database, str), BEGIN + timedelta(minutes=number)
        begun, spent = time.monotonic(), time.process_time()
        tally = rounds.make(now)
        whole, spent = time.monotonic() - begun, time.process_time() - spent
        send(database, many[:1])
        begun = time.process_time()
        rounds.make(now)
        one = time.process_time() - begun
        page = []
        with database.reading() as session:
            for sort in gap_lists.Sort:
                begun = time.process_time()
                found = gap_lists.page(session, gap_lists.Wanted(sort=sort), now=now)
                page.append(time.process_time() - begun)
        yield {
            "requests": number,
            "groups": found.total,
            "joined": tally.joined,
            "seconds": round(whole, 1),
            "processor_seconds": round(spent, 1),
            "requests_per_processor_second": round(number / spent),
            "one_more_processor_seconds": round(one, 3),
            "page_processor_ms": round(1000 * max(page), 1),
            "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }


def _varied(drawn: random.Random, texts: Sequence[Labelled]) -> Labelled:
    """Make a text of the words of two: mostly of one."""
    (text, language, about), (other, _, _) = drawn.choice(texts), drawn.choice(texts)
    words, others = text.split(), other.split()
    return " ".join(drawn.choice(others) if drawn.random() < 0.2 else word for word in words), language, about


def read(folder: Path, split: str) -> list[Labelled]:
    """Read the queries of a labelled set, or the paragraphs of its articles where there are none."""
    file = folder / "queries.jsonl"
    if file.exists():
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return [(row["text"], row["lang"], row["article_ids"][0]) for row in rows if row["split"] == split and row["article_ids"]]
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    return [(piece.strip(), row["lang"], row["id"]) for row in articles for piece in row["body"].split("\n\n") if len(piece.strip()) > 12 and piece[0] != "#"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*", default=["banking77", "clinc150", "rzd", "gnomehelp"])
    parser.add_argument("--split", default="test", choices=("train", "test"))
    parser.add_argument("--most", type=int, default=2000, help="texts of each set and language at most")
    parser.add_argument("--scale", type=int, default=0)
    add_choice(parser)
    chosen = parser.parse_args()
    everything: list[Labelled] = []
    for name in chosen.sets:
        texts = read(chosen.folder / name, chosen.split)
        random.Random(1).shuffle(texts)
        everything += texts
        for language in sorted({language for _, language, _ in texts}) if not chosen.scale else ():
            part = [text for text in texts if text[1] == language][: chosen.most]
            print(json.dumps(quality(f"{name}/{language}", part, chosen.database)), flush=True)
    if chosen.scale:
        for found in scale(everything, chosen.scale, chosen.database):
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
