"""Probing: asking the form over HTTP, as a customer's browser does; what it answers is counted nowhere."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from deflection.visits import Arm, draw_arm
from webform.mailer import clean
from webform.probes import Probe
from webform.self_check import Reply, Sight
from webform.tokens import PROBE, Tokens

SECONDS = 15.0
BUDGET_SECONDS = 600.0
"""What is not asked within this time comes first the next time."""
TRIES = 3
SECONDS_BETWEEN_TRIES = 5.0
MOST_BYTES = 1_000_000
NUDGE = "Is anybody there, and does the form answer?"
Told = TypeVar("Told")


class Silence(Exception):
    """The form does not answer as it should; the message says how."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How the form is asked.

    :ivar base: address of the server, without a closing slash.
    :ivar pause: waits some seconds before something is tried again.
    """

    base: str
    tokens: Tokens
    holdout_share: float
    secret: str
    pause: Callable[[float], object] = time.sleep

    def ask(self, probe: Probe) -> Reply:
        """Ask one probe as a visit of its own that sees suggestions.

        :raises Silence: if there is no answer.
        """
        began = time.monotonic()
        headers, told = self._exchange(probe.text, probe.language)
        took = time.monotonic() - began
        shown = tuple(int(each["article"]) for each in told.get("suggestions", []))
        return Reply(probe.id, probe.article_id, shown, took, headers.get("X-Cut-Short") == "1")

    def generation(self) -> int:
        """Tell from which publication the form answers: it notices a newer one when it is asked.

        :raises Silence: if there is no answer.
        """
        headers, _ = self._exchange(NUDGE, "en")
        told = headers.get("X-Generation", "")
        return int(told) if told.isascii() and told.isdigit() else 0

    def _visit(self) -> str:
        while True:
            name = f"{PROBE}{secrets.token_urlsafe(12)}"
            if draw_arm(name, holdout_share=self.holdout_share, secret=self.secret) is Arm.TREATMENT:
                return self.tokens.visit_token(name)

    def _exchange(self, text: str, language: str) -> tuple[http.client.HTTPMessage, dict[str, Any]]:
        fields = {"message": text, "language": language, "visit": self._visit()}
        parts = urlsplit(self.base)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        try:
            connection.request("POST", f"{parts.path}/suggestions", urlencode(fields), headers)
            response = connection.getresponse()
            body = response.read(MOST_BYTES)
            if response.status != 200:
                raise Silence(f"{response.status} {clean(response.reason or '')}".strip())
            told = json.loads(body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Silence(type(error).__name__) from None
        finally:
            connection.close()
        return response.headers, told if isinstance(told, dict) else {}


def look(asker: Asker, probes: Sequence[Probe], *, articles: int, generation: int) -> Sight:
    """Ask every probe; a server that is just being started anew is given some seconds.

    :param articles: that are published.
    :param generation: how many publications there were.
    """
    try:
        _patiently(asker, asker.generation)
        until = time.monotonic() + BUDGET_SECONDS
        replies = tuple(_patiently(asker, partial(asker.ask, probe)) for probe in probes if time.monotonic() < until)
        return Sight(articles, replies, stale=_is_stale(asker, generation))
    except Silence as error:
        return Sight(articles, down=str(error))


def _is_stale(asker: Asker, wanted: int) -> bool:
    """Tell whether the form still answers from before a publication that was there when asking began."""
    for rest in reversed(range(TRIES)):
        if asker.generation() >= wanted:
            return False
        if rest:
            asker.pause(SECONDS_BETWEEN_TRIES)
    return True


def _patiently(asker: Asker, ask: Callable[[], Told]) -> Told:
    for rest in reversed(range(TRIES)):
        try:
            return ask()
        except Silence:
            if not rest:
                raise
            asker.pause(SECONDS_BETWEEN_TRIES)
    raise AssertionError("the last try returns or raises")
