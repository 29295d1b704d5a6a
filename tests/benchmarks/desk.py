"""What writers wait for at ten thousand articles: opening, saving, publishing, previews, work and languages: ``python -m tests.benchmarks.desk``.

Each page is asked of the whole application through its test client, signed in, with visits behind the health of the articles.
Printed as one JSON object: for each the median and the worst of the runs in milliseconds on the server, and the processor's
time, which is what a machine that has nothing else to do would take. A preview is that of a text in which one paragraph was
changed since the last one, as while somebody types; ``all new`` is one of which nothing was seen before.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deflection.census import count
from kb import front_matter, sample
from kb.web import DATABASE
from tests.benchmarks.article_lists import stock
from tests.webform.conftest import make_member, sign_in
from tests.webform.editing import SCRIPT, fields
from webform import create_app, migration
from webform.staff import RoleName

SIZES = (3_000, 30_000, 90_000)


def text_of(size: int, language: str = "en") -> str:
    """Put a text of so many bytes together from the articles of the sample."""
    folder = Path(sample.__file__).parent / "sample" / "articles" / language
    bodies = [front_matter.read(path.read_text("utf-8")).body for path in sorted(folder.glob("*.md"))]
    whole = "\n\n".join(bodies * (1 + size // sum(len(body.encode()) for body in bodies)))
    return whole.encode()[:size].decode(errors="ignore")


def measure(ask: Callable[[int], TestResponse], runs: int) -> dict[str, float]:
    """Ask some times, each time for something a little different."""
    spent, working = [], []
    for number in range(runs):
        begun, worked = time.perf_counter(), time.process_time()
        answer = ask(number)
        spent.append(1000 * (time.perf_counter() - begun))
        working.append(1000 * (time.process_time() - worked))
        assert answer.status_code < 400, answer.status
    return {"median_ms": round(statistics.median(spent), 1), "worst_ms": round(max(spent), 1), "processor_ms": round(statistics.median(working), 1)}


def write(client: FlaskClient, article: int, runs: int) -> dict[str, dict[str, float]]:
    """Open, save and publish an article of 3 kB, and save one of 90 kB."""
    place = f"/staff/articles/{article}/en"
    form: dict[str, str] = {}

    def send(act: str, size: int, number: int) -> TestResponse:
        form["body"] = f"{text_of(size)}\n\nOnce more: {act} {number}."
        answer = client.post(place, data={**form, "act": act}, headers=SCRIPT)
        form["version"] = str(answer.get_json()["version"])
        form.update({f"base-{name}": value for name, value in answer.get_json()["wording"].items()})
        return answer

    opened = measure(lambda _: client.get(place), runs)
    form |= fields(client.get(place))
    return {
        "open": opened,
        "save 3 kB": measure(lambda number: send("save", 3_000, number), runs),
        "publish 3 kB": measure(lambda number: send("publish", 3_000, number), runs),
        "save 90 kB": measure(lambda number: send("save", 90_000, number), runs),
        "revisions": measure(lambda _: client.get(f"{place}/revisions"), runs),
    }


def look(client: FlaskClient, runs: int) -> dict[str, dict[str, float]]:
    """Preview texts of some sizes, in two languages."""
    found = {}
    opened = fields(client.get("/staff/articles/new"))
    for language in ("en", "ru"):
        for size in SIZES:
            text = text_of(size, language)
            middle = text.find("\n\n", len(text) // 2)

            def changed(number: int, text: str = text, middle: int = middle, language: str = language) -> TestResponse:
                body = f"{text[:middle]}\n\nTyped {number}.{text[middle:]}"
                return client.post("/staff/preview", data=opened | {"language": language, "title": "A title", "body": body})

            def new(number: int, text: str = text, language: str = language) -> TestResponse:
                body = "\n\n".join(f"{paragraph} {number}" for paragraph in text.split("\n\n"))
                return client.post("/staff/preview", data=opened | {"language": language, "title": "A title", "body": body})

            changed(-1)
            found[f"preview {size // 1000} kB {language}"] = measure(changed, runs)
            found[f"preview {size // 1000} kB {language}, all new"] = measure(new, runs)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    now = datetime.now(UTC)
    with TemporaryDirectory() as folder:
        app = create_app({"INSTANCE": folder, "SAMPLE_KB": "0", "LOG_LEVEL": "error"}, environ={})
        database = app.extensions[DATABASE]
        migration.upgrade(database)
        with database.writing() as session:
            stock(session, asked.articles, asked.visits, now)
        client = app.test_client()
        sign_in(client, make_member(database, RoleName.WRITER, now))
        count(database, now)
        middle = asked.articles // 2
        pages = {
            "list": "articles", "work list": "work", "languages": "translations", "gaps": "gaps",
            "health": f"articles/{middle}/health",
        }  # fmt: skip
        told = {name: measure(lambda _, path=path: client.get(f"/staff/{path}"), asked.runs) for name, path in pages.items()}
        print(json.dumps(told), file=sys.stderr, flush=True)
        told |= write(client, middle, asked.runs) | look(client, asked.runs)
        database.close()
    print(json.dumps({"articles": asked.articles, "visits": asked.visits, "pages": told}, indent=2))


if __name__ == "__main__":
    main()
