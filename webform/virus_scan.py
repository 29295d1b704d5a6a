"""Scanning files for viruses by clamd, where an installation has one: asked by its own small protocol, with no library between."""

import socket
import struct
from enum import StrEnum

CHUNK = 256 * 1024
LONGEST_ANSWER = 4096
SECONDS = 20.0


class Verdict(StrEnum):
    """What the scanner says of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    SILENT = "silent"


def scan(address: str, content: bytes, seconds: float = SECONDS) -> Verdict:
    """Let clamd look at a file, by INSTREAM: chunks led by their length, an empty one at the end, one line as the answer.

    :param address: ``host:port``, or the path of a socket.
    :param seconds: for each step; a scanner that takes longer, cannot be reached or says anything else is silent.

    Source: clamd(8).
    """
    try:
        with _connected(address, seconds) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(bytes(4))
            answer = _answer(line)
    except OSError:
        return Verdict.SILENT
    if answer == b"stream: OK":
        return Verdict.CLEAN
    return Verdict.INFECTED if answer.startswith(b"stream: ") and answer.endswith(b" FOUND") else Verdict.SILENT


def _connected(address: str, seconds: float) -> socket.socket:
    if "/" not in address:
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(seconds)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        answer += more
    return answer.partition(b"\0")[0].strip()
