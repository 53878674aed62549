"""Stands between a system's programs and the embedded account, and can disturb what they ask: as AWS does on a bad day.

A call is handed on only if it is signed with the secret of the run, as the account itself demands it.
"""

from __future__ import annotations

import contextlib
import hmac
import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from acceptance.aws.secret import HEADER, SECRET

SECONDS = 60
# The checksum is that of an undisturbed answer.
NOT_HANDED_ON = ("connection", "keep-alive", "transfer-encoding", "content-length", "date", "server", "x-amz-crc32")
AWAY = 500, b'{"__type": "InternalServerError", "message": "It is away for a while."}'
REFUSED = 403, b'{"__type": "AccessDeniedException", "message": "Sign with the secret of the run."}'
# From a call's name and its answer, a status and a body, what is answered instead.
Disturb = Callable[[str, int, bytes], tuple[int, bytes]]


class Intermediary:
    """Answers calls at `url` as the account at another address does, or as `disturb` says while that is set."""

    def __init__(self, account: str) -> None:
        self.disturb: Disturb | None = None
        target = urlsplit(account)

        class Handler(_Handler):
            intermediary = self
            upstream = (str(target.hostname), target.port or 80)

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()


def is_away(_call: str, _status: int, _answer: bytes) -> tuple[int, bytes]:
    """Disturb by answering every call with an error that AWS asks callers to repeat."""
    return AWAY


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A program that is ended hangs up in the middle of anything."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    intermediary: ClassVar[Intermediary]
    upstream: ClassVar[tuple[str, int]]

    def do_POST(self) -> None:
        """Answer a call."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._is_signed(body):
            return self._answer(*REFUSED)
        status, answer = self._ask(body)
        if disturb := self.intermediary.disturb:
            status, answer = disturb(self.headers.get("X-Amz-Target", "").rpartition(".")[2], status, answer)
        return self._answer(status, answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _ask(self, body: bytes) -> tuple[int, bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        with contextlib.closing(http.client.HTTPConnection(*self.upstream, timeout=SECONDS)) as account:
            account.request("POST", self.path, body, {**headers, HEADER: SECRET})
            answer = account.getresponse()
            return answer.status, answer.read()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _is_signed(self, body: bytes) -> bool:
        """Whether a call is signed with the secret of the run, as botocore signs."""
        with contextlib.suppress(KeyError, ValueError):
            _, _, parts = self.headers.get("Authorization", "").partition(" ")
            told = dict(part.strip().split("=", 1) for part in parts.split(","))
            key, _, region, service, _ = told["Credential"].split("/")
            signed = {name: self.headers.get(name, "") for name in told["SignedHeaders"].split(";")}
            request = AWSRequest("POST", f"{self.intermediary.url}{self.path}", signed, body)
            request.context["timestamp"] = self.headers.get("X-Amz-Date", "")
            auth = SigV4Auth(Credentials(key, SECRET), service, region)
            wanted = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
            return hmac.compare_digest(wanted, told["Signature"])
        return False
