"""``POST /suggestions`` against an empty route of the same server, in pairs: ``python -m tests.benchmarks.round_trips``.

The server is the one that ``webform run`` starts, with its two processes, and one route more, which reads a form and answers
204. Several clients keep their connections and ask both in turn; the figure is the ratio of what got through.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import request

from kb.web import SUGGESTER
from tests.benchmarks.suggesters import stock
from tests.benchmarks.vocabulary import Vocabulary
from webform import create_app, serving
from webform.tokens import Tokens

LANGUAGE, SECRET = "en", "only for this benchmark, and long enough"
LONGEST = 40
"""Words of a message: what people type into a form."""
Spent = dict[str, list[float]]


def serve(folder: str, port: str) -> None:
    """Be the server."""
    database = f"sqlite:///{Path(folder) / 'webform.db'}"
    limits = {"SUGGESTIONS_PER_MINUTE": "100000", "HOLDOUT_SHARE": "0", "SAMPLE_KB": "0", "SECRET_KEY": SECRET, "LOG_LEVEL": "error"}
    app = create_app({"INSTANCE": folder, "DATABASE_URL": database, "BIND": f"127.0.0.1:{port}", **limits}, {})

    def empty() -> tuple[str, int]:
        request.form.to_dict()
        return "", 204

    app.add_url_rule("/empty", "empty", empty, methods=["POST"])
    app.extensions[SUGGESTER].ensure_ready(lesson=True)
    serving.Server(app).run()


def ask(port: int, path: str, bodies: list[str], seconds: float, spent: list[float], faults: list[int]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    until = time.perf_counter() + seconds
    for body in cycle(bodies):
        begun = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {200, 204} or answer.headers.get("X-Cut-Short"):
            faults.append(answer.status)
        spent.append(1000 * (time.perf_counter() - begun))
        if time.perf_counter() > until:
            connection.close()
            return


def round_of(port: int, path: str, bodies: list[str], clients: int, seconds: float, faults: list[int]) -> tuple[float, list[float]]:
    """Let clients ask for some time; give requests a second, and how long each took."""
    spent: list[float] = []
    parts = [bodies[number::clients] for number in range(clients)]
    threads = [threading.Thread(target=ask, args=(port, path, part, seconds, spent, faults)) for part in parts]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(spent) / (time.perf_counter() - begun), spent


def compare(port: int, bodies: list[str], asked: argparse.Namespace) -> dict[str, Any]:
    ratios, rates, faults = [], {"/empty": [], "/suggestions": []}, []
    spent: Spent = {"/empty": [], "/suggestions": []}
    for turn in range(asked.pairs + 1):
        for path in spent:
            rate, each = round_of(port, path, bodies, asked.clients, asked.seconds, faults)
            if turn:  # The first pair only warms up.
                rates[path].append(rate)
                spent[path] += each
        if turn:
            ratios.append(rates["/suggestions"][-1] / rates["/empty"][-1])
    milliseconds = {path: {f"p{part}": round(float(np.percentile(each, part)), 1) for part in (50, 95, 99)} for path, each in spent.items()}
    per_second = {path: round(statistics.median(each), 1) for path, each in rates.items()}
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(each, 3) for each in ratios],
        "per_second": per_second,
        "milliseconds": milliseconds,
    } | {"late_or_refused": len(faults)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--keep", type=Path, help="folder for the database and the index, which stay")
    asked = parser.parse_args()
    with TemporaryDirectory() as temporary, socket.socket() as free:
        folder = (asked.keep or Path(temporary)) / f"{asked.articles}-{LANGUAGE}"
        database, topics = stock(folder, LANGUAGE, asked.articles)
        database.close()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        texts = [" ".join(text.split()[:LONGEST]) for text in Vocabulary(LANGUAGE, seed=3).messages(topics, 400)]
        visits = [Tokens(SECRET).new_visit() for _ in range(40)]
        bodies = [urlencode({"message": text, "visit": visit, "language": LANGUAGE}) for text, visit in zip(texts, cycle(visits), strict=False)]
        command = "import sys; from tests.benchmarks.round_trips import serve; serve(sys.argv[1], sys.argv[2])"
        server = subprocess.Popen([sys.executable, "-c", command, str(folder), str(port)], stdout=subprocess.DEVNULL, env=dict(os.environ, OMP_NUM_THREADS="1"))
        try:
            wait_for(port, server)
            print(json.dumps({"articles": asked.articles, "clients": asked.clients, **compare(port, bodies, asked)}))
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not start")


if __name__ == "__main__":
    main()
