"""Values of settings: how each kind of text is read, and what is said when it cannot be."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from kb.database import normalise

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


def folder(text: str) -> Path:
    """Read a folder; it need not exist yet."""
    if not text.strip():
        raise ValueError("a folder is needed, for example `instance`")
    return Path(text).expanduser().resolve()


def line(text: str) -> str:
    """Read one line of text without control characters."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("control characters and line breaks cannot be used here")
    return text.strip()


def yes_no(text: str) -> bool:
    """Read a switch."""
    lowered = text.strip().lower()
    if lowered in YES:
        return True
    if lowered in NO:
        return False
    raise ValueError(f"{text!r} is neither yes nor no: use 1 or 0")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Read a whole number between two bounds, both allowed."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a whole number: use one from {low} to {high}") from None
        if not low <= number <= high:
            raise ValueError(f"{number} is out of range: use a number from {low} to {high}")
        return number

    return parse


def share(low: float, high: float) -> Callable[[str], float]:
    """Read a share between two bounds, both allowed."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a number: use one from {low:g} to {high:g}") from None
        if not low <= number <= high:
            raise ValueError(f"{text} is out of range: use a number from {low:g} to {high:g}")
        return number

    return parse


def optional_share(text: str) -> float | None:
    """Read a share from 0 to 1, or nothing."""
    return share(0, 1)(text) if text.strip() else None


def seconds(text: str) -> float:
    """Read a time-out of at most ten seconds."""
    return share(0.01, 10)(text)


def currency(text: str) -> str:
    """Read the code of a currency."""
    code = text.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError(f"{text!r} is no code of a currency: use three letters, for example EUR")
    return code


def minutes(text: str) -> tuple[float, ...]:
    """Read some numbers of minutes, each at most an hour."""
    parse = share(0.01, 60)
    numbers = tuple(parse(part) for part in text.replace(",", " ").split())
    if not numbers:
        raise ValueError("at least one number of minutes is needed, for example `1 5 15`")
    return numbers


def one_of(*choices: str) -> Callable[[str], str]:
    """Read one of a few words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"{text!r} is not known: use one of {', '.join(choices)}")
        return text

    return parse


def address(text: str) -> str:
    """Read an e-mail address, as it can stand in a header."""
    try:
        return validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an e-mail address: {str(error).rstrip('.')}") from None


def optional_address(text: str) -> str:
    """Read an e-mail address, or nothing."""
    return address(text) if text.strip() else ""


def host_port(text: str) -> str:
    """Read ``host:port``."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} is not host:port: use for example 127.0.0.1:8000")
    return text


def socket_address(text: str) -> str:
    """Read ``host:port`` or the path of a socket, or nothing."""
    address = text.strip()
    return address if not address or address.startswith("/") else host_port(address)


def base_url(text: str) -> str:
    """Read the public address of the site, without a closing slash, or nothing."""
    if not text.strip():
        return ""
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{text!r} is not an address of a site: use for example https://help.example.com")
    return text.strip().rstrip("/")


def database_url(text: str) -> str:
    """Read a database URL, or nothing."""
    if not text.strip():
        return ""
    try:
        url = make_url(normalise(text.strip()))
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError("the URL is not of a kind that works: use sqlite:///file or postgresql://user:password@host/name")
    try:
        url.get_dialect().import_dbapi()
    except ImportError as error:
        raise ValueError(f"{error.name} is not installed: use postgresql:// and install the extra `postgres`, as ./run does") from error
    return text.strip()


def hosts(text: str) -> frozenset[str]:
    """Read some hosts, each with or without a port."""
    names = frozenset(text.lower().replace(",", " ").split())
    for name in names:
        host, _, port = name.partition(":") if name.count(":") == 1 else (name, "", "")
        if not host or "/" in name or (port and not port.isdigit()):
            raise ValueError(f"{name!r} is neither host nor host:port: use for example hooks.intranet or 10.0.0.5:8080")
    return names
