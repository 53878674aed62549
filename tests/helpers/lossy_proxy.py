"""A proxy that loses answers: between a run and its account, it cuts every n-th call of each kind off.

Either before the call has reached the account, or after it has taken effect there, or one as often as the other. Or it
answers as a gateway does that has lost patience: with a page about HTTP status 504, after the call has taken effect.
As a program it says where it listens and goes on until its standard input ends; then it says what it has cut off:

    python -m tests.helpers.lossy_proxy http://127.0.0.1:4566 --every 20 --when after --only PutEvents StartExecution

An embedded account answers it if both have the same ACCEPTANCE_EMBEDDED_SECRET.
"""

import argparse
import contextlib
import http.client
import re
import socket
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from acceptance.aws.secret import HEADER, SECRET

BEFORE, AFTER, BOTH, GATEWAY = "before", "after", "both", "gateway"
PAGE = b"<html><h1>504 Gateway Time-out</h1></html>"
HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "date", "server")
ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
SECONDS = 60


class LossyProxy:
    """A proxy in front of an account. `url` is its own address; `lost` counts what was cut off, by kind and moment."""

    def __init__(self, url, every, when=BOTH, only=(), port=0):
        self.every, self.when, self.only = every, when, frozenset(only)
        self.seen, self.lost = Counter(), Counter()
        self._lock = threading.Lock()
        target = urlsplit(url)

        class Handler(_Handler):
            proxy = self
            account = (target.hostname, target.port)

        self._server = _Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def fate(self, action):
        """Decide what becomes of the next call of a kind: BEFORE, AFTER or GATEWAY, or "" if nothing happens to it."""
        with self._lock:
            self.seen[action] += 1
            if not self.every or (self.only and action not in self.only) or self.seen[action] % self.every:
                return ""
            lost_so_far = sum(self.lost[action, moment] for moment in (BEFORE, AFTER))
            fate = (AFTER, BEFORE)[lost_so_far % 2] if self.when == BOTH else self.when
            self.lost[action, fate] += 1
            return fate

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextlib.contextmanager
def lossy(url, every, when=BOTH, only=()):
    """Put a proxy in front of an account for a while."""
    proxy = LossyProxy(url, every, when, only)
    try:
        yield proxy
    finally:
        proxy.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Whoever is cut off may hang up in the middle of anything."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    _upstream = None

    def setup(self):
        super().setup()
        self._upstream = http.client.HTTPConnection(*self.account, timeout=SECONDS)

    def finish(self):
        self._upstream.close()
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fate = self.proxy.fate(self._action(body))
        if fate == BEFORE:
            return self._cut_off()
        status, headers, answer = self._forward(body)
        if fate == AFTER:
            return self._cut_off()
        if fate == GATEWAY:
            status, headers, answer = 504, [("Content-Type", "text/html")], PAGE
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP or name.lower() == "date":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        return self.wfile.flush()

    do_GET = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_POST

    def log_message(self, *_):
        """Say nothing."""

    def _action(self, body):
        """Name the call as AWS does, or else by its method and the first word of its path."""
        target = self.headers.get("X-Amz-Target")
        if target:
            return target.rpartition(".")[2]
        url = urlsplit(self.path)
        named = ACTION.search(body) or parse_qs(url.query).get("Action")
        if named:
            return named[1].decode() if isinstance(named, re.Match) else named[0]
        if self.command == "POST" and url.path.endswith("/invocations"):
            return "Invoke"
        return f"{self.command} {'_user_request_' if '_user_request_' in url.path else url.path.split('/')[2:3]}"

    def _forward(self, body):
        for fresh in (False, True):
            try:
                # What is signed is signed for this proxy, so it says on behalf of the run that it comes from there.
                headers = {**self.headers, "Host": "{}:{}".format(*self.account), HEADER: SECRET}
                self._upstream.request(self.command, self.path, body, headers)
                answer = self._upstream.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError):  # an idle connection that was closed
                self._upstream.close()
                if fresh:
                    raise
        raise AssertionError("unreachable")

    def _cut_off(self):
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def main():
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="address of the account")
    parser.add_argument("--every", type=int, required=True, help="which call of each kind is cut off: every n-th")
    parser.add_argument("--when", choices=(BEFORE, AFTER, BOTH, GATEWAY), default=BOTH)
    parser.add_argument("--only", nargs="*", default=(), help="the only calls that are cut off, such as PutEvents")
    wanted = parser.parse_args()
    with lossy(wanted.url, wanted.every, wanted.when, wanted.only) as proxy:
        sys.stdout.write(f"{proxy.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        for (action, moment), times in sorted(proxy.lost.items()):
            sys.stdout.write(f"{times} {action} cut off {moment}\n")


if __name__ == "__main__":
    main()
