"""A real HTTP server on 127.0.0.1 that plays sources, in the layout of a mirror: /HOST/PATH?QUERY.

    with Loopback() as server:
        server.answer("huggingface.co", "/data.json", Answer(status=500), Answer({"a": 1}, etag='"v1"'))

A list of answers is given in turn and the last one repeats; a function gets the request and returns the answer. A path
with a query answers that query only. Unknown paths get 404. `server.requests` tells what was asked.
"""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Literal, Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked, in outside words."""

    time: float
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the server sends, and how badly.

    Attributes:
        body: bytes, text, or anything else as JSON.
        status: of the answer; conditions and ranges are looked at for 200 only.
        headers: beside those that follow from the other fields.
        etag: answered with 304 when If-None-Match has it.
        last_modified: answered with 304 when If-Modified-Since has it and no If-None-Match was sent.
        accept_ranges: answer Range (with If-Range) with 206.
        stall_seconds: silence before the headers.
        drip_seconds: pause after each `drip_bytes` of the body.
        drip_bytes: size of a dripped piece.
        cut_at: stop after so many bytes of the body, though Content-Length speaks of all.
        after_cut: what then happens to the connection.
        no_answer: close the connection without a word.
        chunked: send the body in chunks, without Content-Length.
    """

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    accept_ranges: bool = False
    stall_seconds: float = 0.0
    drip_seconds: float = 0.0
    drip_bytes: int = 1
    cut_at: int | None = None
    after_cut: Literal["close", "reset", "stall"] = "close"
    no_answer: bool = False
    chunked: bool = False

    @classmethod
    def redirect(cls, location: str, status: int = 302, **fields: Any) -> Self:
        return cls(status=status, headers={"Location": location, **fields.pop("headers", {})}, **fields)

    @property
    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


Given = Answer | Callable[[Request], Answer]


class Loopback:
    """The server; starts in `with`, stops at its end whatever a handler is doing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._answers: dict[tuple[str, str], list[Given]] = {}
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.loopback = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.002,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # the client has gone
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def answer(self, host: str, path: str, *answers: Given) -> None:
        """Give these answers from now on, in turn."""
        with self._lock:
            self._answers[host, path] = list(answers)

    def asked(self, path: str) -> list[Request]:
        """The requests for a path."""
        return [request for request in self.requests if request.path == path]

    def _find(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            given = self._answers.get((request.host, f"{request.path}?{request.query}"))
            given = given or self._answers.get((request.host, request.path))
            if not given:
                return Answer(b"not here", status=404)
            one = given.pop(0) if len(given) > 1 else given[0]
        return one if isinstance(one, Answer) else one(request)


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128  # `trends probe` asks all hosts at once: of the usual 5 some wait or are turned away
    daemon_threads = False  # server_close waits for the handlers, so none outlives its test
    loopback: Loopback

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # The reply goes out at once: headers and body in small pieces would wait for each other.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.server.loopback._lock:
            self.server.loopback._connections.add(self.connection)

    def finish(self) -> None:
        with self.server.loopback._lock:
            self.server.loopback._connections.discard(self.connection)
        with suppress(OSError):  # the client has gone
            super().finish()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        _, host, *rest = urlsplit(self.path).path.split("/", 2)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(
            time.monotonic(),
            self.command,
            host,
            "/" + "/".join(rest),
            urlsplit(self.path).query,
            dict(self.headers.items()),
            body,
        )
        try:
            self._play(self.server.loopback._find(request))
        except OSError:  # the client has gone
            self.close_connection = True

    do_POST = do_HEAD = do_PUT = do_GET

    def _play(self, answer: Answer) -> None:
        if answer.no_answer:
            self.close_connection = True
            return
        self.server.loopback.stopped.wait(answer.stall_seconds)
        status, body, headers = self._select(answer)
        self.send_response(status)
        if answer.chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif status != 304:
            headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self._send(answer, body)

    def _select(self, answer: Answer) -> tuple[int, bytes, dict[str, str]]:
        """Apply the conditions and the range of the request."""
        body, headers = answer.payload, dict(answer.headers)
        if answer.etag:
            headers["ETag"] = answer.etag
        if answer.last_modified:
            headers["Last-Modified"] = answer.last_modified
        if answer.accept_ranges:
            headers["Accept-Ranges"] = "bytes"
        if answer.status != 200:
            return answer.status, body, headers
        if self._is_known(answer):
            return 304, b"", headers
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        fresh = self.headers.get("If-Range") in (None, answer.etag, answer.last_modified)
        if not (answer.accept_ranges and asked and fresh):
            return 200, body, headers
        start, end = int(asked[1]), int(asked[2] or len(body) - 1)
        if start >= len(body):
            return 416, b"", headers | {"Content-Range": f"bytes */{len(body)}"}
        return 206, body[start : end + 1], headers | {"Content-Range": f"bytes {start}-{end}/{len(body)}"}

    def _is_known(self, answer: Answer) -> bool:
        if "If-None-Match" in self.headers:
            return answer.etag is not None and self.headers["If-None-Match"] in (answer.etag, "*")
        return answer.last_modified is not None and self.headers.get("If-Modified-Since") == answer.last_modified

    def _send(self, answer: Answer, body: bytes) -> None:
        sent = body if answer.cut_at is None else body[: answer.cut_at]
        step = answer.drip_bytes if answer.drip_seconds else max(1, len(sent))
        for start in range(0, len(sent), step):
            piece = sent[start : start + step]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
            if self.server.loopback.stopped.wait(answer.drip_seconds):
                break
        if answer.cut_at is None:
            self.wfile.write(b"0\r\n\r\n" if answer.chunked else b"")
            return
        self.close_connection = True
        if answer.after_cut == "stall":
            self.server.loopback.stopped.wait()
        elif answer.after_cut == "reset":
            time.sleep(0.05)  # let the client read what was sent: a reset drops what is still on its way
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
