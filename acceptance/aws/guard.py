"""Keeps callers who do not know the run's secret out of the embedded account.

An ASGI application around MiniStack, which itself authenticates no caller: any program that reaches its port could
create a function and run it as the user who runs the suite. A signed call proves by its signature that its sender
knows the secret (or the secret of a key that IAM or STS has issued in here); a call without a signature carries the
secret in a header, which is not forwarded. A page in a browser knows neither, and is also refused by its `Origin`,
or by the `Host` that a rebound name leaves there.

The time of a signature is not checked: other machines cannot listen on the loopback interface, a clock that is set
during a run is no reason to end it, and S3 itself checks the expiry of its presigned addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
import urllib.request
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.core.responses import _account_from_sts_session, get_account_id
from ministack.core.sigv4 import (
    HeaderSignature,
    decode_header_value,
    header_signature_failure,
    parse_header_signature,
    parse_query_signature,
)

from acceptance.aws.secret_header import HEADER

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

ACCOUNT = re.compile(r"\d{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
# The system's own HTTP APIs and functions' addresses: they alone say which pages may read their answers.
OWN_CORS = ("/restapis/", "/_aws/execute-api/", "/_aws/lambda-url/")
# Where CloudFormation is answered: only the recipient knows the UUID at the end, as with a presigned address on AWS.
ANSWERS, SIGNALS = "/_ministack/cfn-response/", "/_ministack/cfn-signal/"
# What is public on AWS, too, for an account with guests from outside the run.
SIGN_IN = (
    b"AWSCognitoIdentityProviderService.InitiateAuth",
    b"AWSCognitoIdentityProviderService.RespondToAuthChallenge",
)
WHAT_TO_DO = (
    "Only the run that has started this account may call it: sign with the AWS_SECRET_ACCESS_KEY of its programs "
    "and functions."
)


class Guard:
    """An application that forwards the run's own calls to `app`, and answers 403 to any other."""

    def __init__(self, app: App, port: int, secret: str, *, public: bool = False) -> None:
        """`public`: the system's HTTP APIs and the sign-in at Cognito are open, as they are on AWS."""
        self._app = app
        self._hosts = {host.encode() for host in _hosts(port)}
        self._origins = {b"http://" + host for host in self._hosts}
        self._secret = secret
        self._header = HEADER.lower().encode()
        self._public = public

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._why_foreign(scope["headers"])
        if not refusal and not self._is_let_in(scope):
            body, receive = await _read(receive) if scope["type"] == "http" and _is_signed(scope) else (b"", receive)
            refusal = self._why_unproved(scope, body)
        if refusal:
            await _refuse(scope, f"{refusal} {WHAT_TO_DO}", send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != self._header]
        keeps_cors = scope["path"].startswith(OWN_CORS)
        await self._app({**scope, "headers": headers}, receive, send if keeps_cors else _without_cors(send))

    def _why_foreign(self, headers: Sequence[tuple[bytes, bytes]]) -> str:
        hosts, origins = _all_of(headers, b"host"), _all_of(headers, b"origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return f"Expected the Host {_words(sorted(self._hosts))}, received {_words(hosts)}."
        if any(origin.lower() not in self._origins for origin in origins):
            return f"Expected no Origin of another page, received {_words(origins)}."
        return ""

    def _is_let_in(self, scope: Message) -> bool:
        headers, path = scope["headers"], str(scope["path"])
        if any(hmac.compare_digest(given, self._secret.encode()) for given in _all_of(headers, self._header)):
            return True
        if scope.get("method") == "PUT" and path.startswith((ANSWERS, SIGNALS)):
            return _is_awaited(path)
        if not self._public:
            return False
        return path.startswith(OWN_CORS) or any(target in SIGN_IN for target in _all_of(headers, b"x-amz-target"))

    def _why_unproved(self, scope: Message, body: bytes) -> str:
        """Return why a call does not prove that its sender knows the secret; "" if it does."""
        try:
            query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
            headers = _joined(scope["headers"])
            if "AWSAccessKeyId" in query or headers.get("authorization", "").startswith("AWS "):
                return self._why_unproved_to_s3(scope, query, headers)
            presigned = "authorization" not in headers
            signature = parse_query_signature(query) if presigned else parse_header_signature(headers)
            if not isinstance(signature, HeaderSignature):
                return f"Expected a signature or the header {HEADER}, received neither."
            secret = self._secret_of(signature.access_key_id)
            if not secret:
                return f"The access key id {signature.access_key_id} is not known here."
            promised = headers.get("x-amz-content-sha256", "")
            if SHA256.fullmatch(promised) and promised != hashlib.sha256(body).hexdigest():
                return "The body is not the one that was signed."
            method, path = scope.get("method", "GET"), scope["raw_path"].decode("ascii")
            if header_signature_failure(signature, secret, method, path, query, headers, body, presigned=presigned):
                return "The signature is not one by the secret of this run."
        except (ValueError, LookupError) as error:
            return f"The signature cannot be read: {error}."
        return ""

    def _why_unproved_to_s3(self, scope: Message, query: dict[str, list[str]], headers: dict[str, str]) -> str:
        """Check the older signature by which boto3 still signs an address of S3 that is passed to others."""
        given = query.get("AWSAccessKeyId") or [headers["authorization"].removeprefix("AWS ").partition(":")[0]]
        path = scope["raw_path"].decode("ascii")
        signed = path if path.count("/") > 1 else f"{path.rstrip('/')}/"  # a bucket is signed as a folder
        request = iam_evaluator.SignedRequest(given[0], scope["method"], path, query, headers, auth_path=signed)
        found = iam_evaluator._sigv2_check(request, _account_of(given[0]))
        return "" if isinstance(found, iam_evaluator.ResolvedCredential) else f"{found.message.rstrip('.')}."

    def _secret_of(self, key: str) -> str:
        """Return the secret of an access key: an account's number has the run's, any other one was issued here."""
        if ACCOUNT.fullmatch(key):
            return self._secret
        found = iam_evaluator.resolve_credential(key, _account_of(key))
        return found.secret_access_key if isinstance(found, iam_evaluator.ResolvedCredential) else ""


def _account_of(key: str) -> str:
    if ACCOUNT.fullmatch(key):
        return key
    return str(_account_from_sts_session(key) or iam_evaluator.find_iam_access_key_account(key) or get_account_id())


def let_own_calls_in(port: int, secret: str) -> None:
    """Let MiniStack call itself: API Gateway, for one, fetches Cognito's keys with urllib."""

    class Own(urllib.request.BaseHandler):
        def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
            if request.host in _hosts(port):
                request.add_unredirected_header(HEADER, secret)
            return request

    urllib.request.install_opener(urllib.request.build_opener(Own))


def _hosts(port: int) -> list[str]:
    return [f"{name}:{port}" for name in ("127.0.0.1", "localhost")]


def _is_signed(scope: Message) -> bool:
    """Whether a call claims to be signed; the body of any other call is not read."""
    return bool(_all_of(scope["headers"], b"authorization")) or b"Signature=" in scope["query_string"]


def _is_awaited(path: str) -> bool:
    """Whether CloudFormation waits for this answer."""
    token = path.rpartition("/")[2]
    resources = sys.modules.get("ministack.services.cloudformation.custom_resource")
    conditions = sys.modules.get("ministack.services.cloudformation.wait_conditions")
    if path == f"{ANSWERS}{token}":
        return resources is not None and token in resources._pending
    return path == f"{SIGNALS}{token}" and conditions is not None and conditions.has_handle(token)


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Read a body, and return it with a function that replays it."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # the sender has disconnected
            return b"".join(parts), _then(message, receive)
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(parts)
    return body, _then({"type": "http.request", "body": body, "more_body": False}, receive)


def _then(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _without_cors(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if "headers" in message:
            kept = [(n, value) for n, value in message["headers"] if not n.lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return sent


async def _refuse(scope: Message, why: str, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = _joined(scope["headers"])
    authorization, form = headers.get("authorization", ""), headers.get("content-type", "")
    for_s3 = authorization.startswith("AWS ") or "/s3/aws4_request" in authorization
    if for_s3 or "form-urlencoded" in form:
        kind = b"text/xml"
        said = (
            f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{escape(why)}</Message></Error></ErrorResponse>"
        )
    else:
        kind = b"application/json"
        said = json.dumps({"__type": "AccessDeniedException", "message": why})
    answer = said.encode()
    start = {
        "type": "http.response.start",
        "status": 403,
        "headers": [
            (b"content-type", kind),
            (b"content-length", str(len(answer)).encode()),
            (b"x-amzn-errortype", b"AccessDeniedException"),
            (b"connection", b"close"),  # the body was not read
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": answer})


def _all_of(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _joined(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers by their names, repeated ones joined as signatures need them."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), decode_header_value(value)
        found[key] = f"{found[key]},{text}" if key in found else text
    return found


def _words(values: Sequence[bytes]) -> str:
    return " or ".join(repr(value.decode("latin-1")) for value in values) or "none"
