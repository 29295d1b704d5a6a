"""What tests of the editor do to it: send its form as the page has it, with some fields changed."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SCRIPT = {"Accept": "application/json"}


class Fields(HTMLParser):
    """Reads the fields of the editor's form as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "input" and name and name not in self.values:
            self.values[name] = found.get("value") or ""
        if tag == "textarea" and name:
            self._area, self.values[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""


def fields(response: TestResponse) -> dict[str, str]:
    """Give what the form of a page holds."""
    return Fields(response.text).values


def send(client: FlaskClient, address: str, *, script: bool = False, opened: dict[str, str] | None = None, **changes: str) -> TestResponse:
    """Open the editor, unless that was done, change some fields and press a button."""
    values = opened or fields(client.get(address))
    return client.post(address, data=values | changes, headers=SCRIPT if script else None)
