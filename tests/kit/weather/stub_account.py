"""An account that answers every call, and counts them by operation; and clients that call it through a station."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

from acceptance.aws.secret import HEADER


@contextmanager
def stub_account(answers=None):
    """Serve an account. What it answers to an operation is in `answers`, `{}` to any other one."""
    asked, secrets = Counter(), []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            operation = self.headers.get("X-Amz-Target", self.path).rpartition(".")[2]
            asked[operation] += 1
            secrets.append(self.headers.get(HEADER))
            body = json.dumps((answers or {}).get(operation, {})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    server.url, server.asked, server.secrets = f"http://127.0.0.1:{server.server_port}", asked, secrets
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def client(service, url, secret, attempts=1):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key=secret,
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}, read_timeout=10),
    )
