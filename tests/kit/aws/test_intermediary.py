"""What stands between programs and the account hands signed calls on, disturbs them when asked, and refuses others."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from acceptance.aws.intermediary import Intermediary, is_away
from acceptance.aws.secret import HEADER, SECRET


class Account(BaseHTTPRequestHandler):
    """An account that answers each call with its own secret header's being there."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"TableNames": ["let in" if self.headers[HEADER] == SECRET else "not"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-crc32", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served():
    server = HTTPServer(("127.0.0.1", 0), Account)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def intermediary():
    with served() as account:
        between = Intermediary(account)
        yield between
        between.close()


def tables(between, secret=SECRET):
    client = boto3.client(
        "dynamodb",
        endpoint_url=between.url,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )
    return client.list_tables()["TableNames"]


def test_a_signed_call_is_handed_on(intermediary):
    assert tables(intermediary) == ["let in"]


def test_what_is_disturbed_is_answered_otherwise_and_then_as_before(intermediary):
    intermediary.disturb = is_away
    with pytest.raises(ClientError, match="InternalServerError"):
        tables(intermediary)
    intermediary.disturb = lambda call, status, answer: (status, json.dumps({"TableNames": [call]}).encode())
    assert tables(intermediary) == ["ListTables"]
    intermediary.disturb = None
    assert tables(intermediary) == ["let in"]


def test_a_call_that_is_signed_by_another_secret_is_refused(intermediary):
    with pytest.raises(ClientError, match="AccessDenied"):
        tables(intermediary, secret="another")


@pytest.mark.parametrize("authorization", ["", "AWS4-HMAC-SHA256 Credential=x", "Bearer x", None])
def test_a_call_that_is_not_signed_is_refused(intermediary, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    assert requests.post(intermediary.url, b"{}", headers=headers, timeout=10).status_code == 403
