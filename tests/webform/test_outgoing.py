"""Outgoing HTTP: only where it may go, to the address that was found, and never longer or larger than we say."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from tests.webform.hook_receiver import Receiver, receiving
from webform import outgoing
from webform.outgoing import Refused, Unanswered

NOBODY: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_open_internet_is_refused_however_it_is_found(address: str) -> None:
    assert not outgoing.is_public(ip_address(address))
    with pytest.raises(Refused):
        outgoing.post("https://hooks.example.com/", b"", {}, allowed=NOBODY, resolve=lambda _host, _port: ["93.184.215.14", address])
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        outgoing.read(f"https://{host}/", NOBODY)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_may_be_asked(address: str) -> None:
    assert outgoing.is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://x.example/", "http://x.example/", "//x.example/", "https://", "https://a:b@x.example/", "https://a@x.example/", "https://x.example/#a",
        "https://x.example:99999/", "https://x.example/\r\nX: y", "https://x.example/a b", "https://пример.example/", "https://[::1", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_of_another_server_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        outgoing.read(url, NOBODY)


def test_a_listed_host_may_be_private_and_without_tls_but_no_other_port_of_it() -> None:
    allowed = frozenset({"10.0.0.5:8080", "hooks.intranet"})
    assert outgoing.read("http://10.0.0.5:8080/a?b=c", allowed).path == "/a?b=c"
    assert outgoing.read("http://HOOKS.intranet:9/", allowed).is_allowed
    with pytest.raises(Refused):
        outgoing.read("http://10.0.0.5:8081/", allowed)


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_found(receiver: Receiver) -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.1"]

    port = receiver.server_address[1]
    url = f"http://hooks.invalid:{port}/ok?a=1"
    assert outgoing.post(url, b"{}", {"X-A": "b"}, allowed=frozenset({f"hooks.invalid:{port}"}), resolve=resolve, seconds=60).status == 204
    assert asked == [("hooks.invalid", port)]
    path, headers, body = receiver.taken[-1]
    assert (path, headers["Host"], headers["X-A"], body) == ("/ok?a=1", f"hooks.invalid:{port}", "b", b"{}")


def test_an_answer_has_neither_time_nor_room_without_end_and_leads_nowhere(receiver: Receiver) -> None:
    allowed = frozenset({receiver.host})
    with pytest.raises(Unanswered):
        outgoing.post(receiver.url("slow"), b"{}", {}, allowed=allowed, seconds=0.5)
    with pytest.raises(Unanswered):
        outgoing.post(receiver.url("nonsense"), b"{}", {}, allowed=allowed, seconds=60)
    assert outgoing.post(receiver.url("endless"), b"{}", {}, allowed=allowed, seconds=60).status == 200
    before = len(receiver.taken)
    assert outgoing.post(receiver.url("redirecting"), b"{}", {}, allowed=allowed, seconds=60).status == 302
    assert len(receiver.taken) == before + 1


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unanswered):
        outgoing.post("http://127.0.0.1:1/", b"{}", {}, allowed=frozenset({"127.0.0.1:1"}), seconds=60)
    with pytest.raises(Unanswered):
        outgoing.post("https://hooks.invalid/", b"{}", {}, allowed=NOBODY, seconds=60)
