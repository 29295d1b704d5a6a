"""Tokens: what the server signs so that a public page needs no cookie."""

import hashlib
import hmac
import secrets
import time
from datetime import datetime

from itsdangerous import BadData, BadSignature, URLSafeSerializer, URLSafeTimedSerializer

VISIT_BYTES = 16
LONGEST_KEY = 200
AHEAD_SECONDS = 300
"""How far the clock that signed may be ahead: those of two machines differ, and a clock may be set back. A second would refuse the page after sending."""
PROBE = "probe."
"""How the visits of the self-check begin; the random part of any other has no dot."""


class TokenError(Exception):
    """A token is missing, forged or from another installation."""


class TokenExpired(TokenError):
    """A token was good once."""


def is_probe(visit: str) -> bool:
    """Tell whether a visit is the self-check's, which is counted nowhere."""
    return visit.startswith(PROBE)


class Tokens:
    """Signs and reads every token of an installation; each purpose has its own salt."""

    def __init__(self, secret: str) -> None:
        """Take the key of the installation."""
        self._secret = secret
        self._serializers: dict[str, URLSafeTimedSerializer] = {}

    def new_visit(self) -> str:
        """Sign a fresh random visit; the form carries it and every event names it."""
        return self.visit_token(secrets.token_urlsafe(VISIT_BYTES))

    def visit_token(self, name: str) -> str:
        """Sign a visit that has a name already."""
        return self._serializer("visit").dumps(name)

    def read_visit(self, token: str, *, hours: int) -> str:
        """Give the random part of a visit token: the name under which the visit is stored.

        :raises TokenExpired: if it is older than ``hours``.
        :raises TokenError: if it was not signed here.
        """
        return self._read("visit", token, hours * 3600)

    def opened_at(self, token: str) -> datetime | None:
        """Tell when a visit's token was signed, which is when its form was opened; nothing for one that was not signed here."""
        try:
            opened: datetime = self._serializer("visit").loads(token, return_timestamp=True)[1]
        except BadSignature:
            return None
        return opened

    def new_challenge(self, text: str) -> str:
        """Sign what is asked of a browser or its owner."""
        return self._serializer("challenge").dumps(text)

    def read_challenge(self, challenge: str, *, minutes: int) -> str:
        """Give what a challenge asks.

        :raises TokenExpired: if it is older than ``minutes``.
        :raises TokenError: if it was not signed here.
        """
        return self._read("challenge", challenge, minutes * 60)

    def request_key(self, reference: str) -> str:
        """Sign the key that opens the customer's page of a request."""
        return self._serializer("request").dumps(reference)

    def read_request_key(self, key: str, *, days: int) -> str:
        """Give the reference that a key opens.

        :raises TokenExpired: if it is older than ``days``.
        :raises TokenError: if it was not signed here.
        """
        return self._read("request", key, days * 86400)

    def file_key(self, number: int) -> str:
        """Sign the key that gives the team a file which its mail could not carry."""
        return self._serializer("file").dumps(number)

    def read_file_key(self, key: str, *, days: int) -> int:
        """Give the number of the file that a key opens.

        :raises TokenExpired: if it is older than ``days``.
        :raises TokenError: if it was not signed here.
        """
        return int(self._read("file", key[:LONGEST_KEY], days * 86400))

    def skip_key(self, number: int) -> str:
        """Sign the key of a link by which somebody goes straight to a person; it holds until the link is taken back."""
        return self._plain("skip").dumps(number)

    def read_skip_key(self, key: str) -> int:
        """Give the number that a key names; 0 for one that was not signed here."""
        try:
            number = self._plain("skip").loads(key[:LONGEST_KEY])
        except BadData:
            return 0
        return number if isinstance(number, int) and not isinstance(number, bool) else 0

    def digest(self, purpose: str, text: str) -> str:
        """Hash a text with the installation's key, so that it can be compared but not read back.

        :return: 64 hexadecimal digits.
        """
        return hmac.new(self._secret.encode(), f"{purpose}\0{text}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _plain(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"webform.{purpose}")

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        if (kept := self._serializers.get(purpose)) is None:
            kept = self._serializers[purpose] = URLSafeTimedSerializer(self._secret, salt=f"webform.{purpose}")
        return kept

    def _read(self, purpose: str, token: str, seconds: int) -> str:
        try:
            text, signed = self._serializer(purpose).loads(token, return_timestamp=True)
        except BadSignature as error:
            raise TokenError(purpose) from error
        if not -AHEAD_SECONDS <= int(time.time()) - int(signed.timestamp()) <= seconds:
            raise TokenExpired(purpose)
        return str(text)
