"""Outgoing HTTP: one POST to an address that a lead has named, without being led anywhere else.

The name is resolved once and the connection goes to what was found; an address of this machine or of a private network is
refused unless the settings allow the host. No redirect is followed, and neither time nor size of an answer is up to
the other side.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from webform.mailer import clean

SECONDS = 10.0
MOST_BYTES = 4096
TRANSLATED = IPv6Network("64:ff9b::/96")  # An IPv4 address behind a translator (RFC 6052).
PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """An address may not be asked; the message says why."""


class Unanswered(Exception):
    """Nobody answered in time, or what came was no answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: ``is_allowed`` says that the settings name the host, so that it may be private and without TLS."""

    host: str
    port: int
    path: str
    secure: bool
    is_allowed: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    reason: str


Resolve = Callable[[str, int], Iterable[str]]


def read(url: str, allowed: frozenset[str]) -> Target:
    """Read where a URL leads.

    :param allowed: hosts, as ``host`` or ``host:port``, that may be private and without TLS.
    :raises Refused: if it is nothing that may be asked.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Refused("This is no address of a page.") from None
    if parts.scheme not in PORTS or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("An address begins with https:// and a host, in ASCII letters.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("An address has no password and no fragment.")
    is_allowed = host in allowed or f"{host}:{port}" in allowed
    if parts.scheme != "https" and not is_allowed:
        raise Refused("An address begins with https://.")
    target = Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), parts.scheme == "https", is_allowed)
    if (literal := _literal(host)) and not is_allowed and not is_public(literal):
        raise Refused("An address of a private network may not be asked.")
    return target


def post(url: str, body: bytes, headers: Mapping[str, str], *, allowed: frozenset[str], resolve: Resolve | None = None, seconds: float = SECONDS) -> Answer:
    """Send a body and give the answer's status.

    :param resolve: gives the addresses of a host; the system's resolver unless given.
    :param seconds: within which the whole exchange must be over.
    :raises Refused: if the address may not be asked.
    :raises Unanswered: if no answer came in time.
    """
    target = read(url, allowed)
    try:
        found = list((resolve or _resolve)(target.host, target.port))
    except OSError as error:
        raise Unanswered(f"The host {target.host} was not found: {type(error).__name__}") from None
    if not found or not (target.is_allowed or all(is_public(ip_address(each)) for each in found)):
        raise Refused(f"The host {target.host} is in a private network.")
    connection = _Pinned(target, found[0], seconds)
    watch = threading.Timer(seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body, {**headers, "Connection": "close"})
        response = connection.getresponse()
        response.read(MOST_BYTES)
        return Answer(response.status, clean(response.reason or "")[:100])
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(clean(f"{type(error).__name__}: {error}")[:200]) from None
    finally:
        watch.cancel()
        connection.close()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address, and any IPv4 address inside it, belongs to the open internet."""
    if isinstance(address, IPv6Address):
        if address in TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address.is_site_local or any(each is not None and not is_public(each) for each in inner):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_, address in found]


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was found, whatever the name may mean a moment later."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._address, self._secure, self._is_cut = (address, target.port), target.secure, False

    def connect(self) -> None:
        self.sock = socket.create_connection(self._address, self.timeout)
        if self._secure:
            # The handshake comes after the wrapping, so that it can be cut short too.
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()
        if self._is_cut:
            raise TimeoutError("timed out")

    def cut(self) -> None:
        """End the exchange from another thread."""
        self._is_cut = True
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It has ended by itself.
