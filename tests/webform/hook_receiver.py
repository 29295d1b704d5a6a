"""A real HTTP server that takes webhooks, and behaves as the path says."""

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

ENDLESS = 200


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it was sent; ``slow`` answers byte by byte, ``held`` not before it is let go."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.came, self.let_go = threading.Event(), threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}/{path}"

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.taken]


class _Taking(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.server.came.set()
        with contextlib.suppress(OSError):
            getattr(self, f"_{self.path.strip('/').partition('?')[0]}")()

    def _ok(self) -> None:
        self._say(204)

    def _failing(self) -> None:
        self._say(500)

    def _gone(self) -> None:
        self._say(410)

    def _redirecting(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/ok")
        self.end_headers()

    def _slow(self) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * ENDLESS:
            self.wfile.write(bytes([letter]))
            time.sleep(0.05)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def _nonsense(self) -> None:
        self.wfile.write(b"\0\1\2 no answer at all\r\n\r\n")

    def _held(self) -> None:
        self.server.let_go.wait(120)
        self._say(200)

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(30)
