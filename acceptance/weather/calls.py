"""Calls of AWS's services and their answers in transit: the service, the operation, the protocol."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from multidict import CIMultiDict

JSON, QUERY, REST, HTTP_API = "json", "query", "rest", "http api"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/[^/]*/([^/]+)/aws4_request")
# Services whose calls are named by method and path, as botocore calls them.
_REST_SERVICES = ("lambda", "apigateway")
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
# A service's name in its operations, if no signature names it.
_TARGETS = {"AWSCognitoIdentityProviderService": "cognito-idp"}
# The form of a REST API's own addresses at an emulator.
_OWN_API = "_user_request_"
_CHECKSUMS = ("x-amz-crc32", "etag", "content-md5")


@dataclass(frozen=True)
class Call:
    """One call. `path` holds the query, `key` is the access key id that it is signed with, "" for none."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    operation: str
    protocol: str
    key: str = ""

    @cached_property
    def given(self) -> Mapping[str, Any]:
        """The parameters of a call in JSON; empty for any other one."""
        return _read(self.body)

    def giving(self, **parameters: Any) -> Call:
        """Return this call with other parameters, in JSON."""
        return replace(self, body=json.dumps({**self.given, **parameters}).encode())

    def asking_for(self, operation: str, given: Mapping[str, Any]) -> Call:
        """Return a call of another operation of the same service, in JSON, by the same caller."""
        prefix = self.headers.get("X-Amz-Target", "").rpartition(".")[0]
        headers = CIMultiDict(self.headers)
        headers["X-Amz-Target"] = f"{prefix}.{operation}"
        return replace(self, headers=headers, body=json.dumps(given).encode(), operation=operation)


@dataclass(frozen=True)
class Answer:
    """What is answered: HTTP status, headers and body."""

    status: int
    headers: Sequence[tuple[str, str]] = field(default=())
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.status < 300

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """Its JSON body; empty if it is not JSON."""
        return _read(self.body)

    def telling(self, **parts: Any) -> Answer:
        """Return this answer with other parts, in JSON. Its checksums no longer hold, so they are left out."""
        headers = [(name, value) for name, value in self.headers if name.lower() not in _CHECKSUMS]
        told = {name: value for name, value in {**self.told, **parts}.items() if value is not None}
        return replace(self, headers=headers, body=json.dumps(told).encode())


# What is answered, in JSON, where the account is not asked.
NOTHING = Answer(200, [("Content-Type", "application/x-amz-json-1.0")], b"{}")
Ask = Callable[[Call], Awaitable[Answer]]


def read_call(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Read the service and the operation of a call. `headers` are matched in any case."""
    signed = _CREDENTIAL.search(headers.get("Authorization", ""))
    key, service = (signed[1], signed[2]) if signed else ("", "")
    protocol, operation = JSON, ""
    target = headers.get("X-Amz-Target", "")
    action = _ACTION.search(body) or _ACTION.search(urlsplit(path).query.encode())
    if target:
        prefix, _, operation = target.rpartition(".")
        service = service or _TARGETS.get(prefix, prefix)
    elif action:
        protocol, operation = QUERY, action[1].decode()
    elif _OWN_API in path:
        service, protocol, operation = "execute-api", HTTP_API, f"{method} {_OWN_API}"
    else:
        protocol, operation = REST, _rest_operation(service, method, urlsplit(path).path)
    return Call(method, path, headers, body, service, operation, protocol, key)


def form(call: Call) -> Mapping[str, str]:
    """Return the parameters of a call in the query protocol."""
    return {name: values[0] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}


def _rest_operation(service: str, method: str, path: str) -> str:
    for verb, pattern, name in _rest_operations(service) if service in _REST_SERVICES else ():
        if verb == method and pattern.fullmatch(unquote(path)):
            return name
    return f"{method} {'/'.join(path.split('/')[:3])}"


@cache
def _rest_operations(service: str) -> Sequence[tuple[str, re.Pattern[str], str]]:
    """Return method, path and name of each operation; the most specific paths come first."""
    model = botocore.session.get_session().get_service_model(service)
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        uri = http["requestUri"].partition("?")[0]
        parts = re.split(r"\{[^}]+\}", uri)
        found.append((len("".join(parts)), http["method"], re.compile(".+".join(map(re.escape, parts)) + "/?"), name))
    return [(method, pattern, name) for _, method, pattern, name in sorted(found, key=lambda one: -one[0])]


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
