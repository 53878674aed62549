"""Lets calls to the embedded account fail or take their time, on demand, so that a part of a system fails half-way.

`Disturber` stands in front of MiniStack, inside of the account's process; `acceptance.aws.disturbances` asks it. A call
is meant by its operation and by a text that stands in it, such as the id of one order: so sessions side by side do not
disturb each other.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PATH = "/_acceptance/disturbances/"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "ExecuteStatement")
READS = ("GetItem", "Query", "TransactGetItems", "BatchGetItem")
# A real error that strikes one write and that no client tries again by itself.
CODE, WORDS = "ItemCollectionSizeLimitExceeded", "This write was made to fail by a test."

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass
class Disturbance:
    """Which calls are meant, and what happens to them.

    Calls of these `operations` of DynamoDB are meant that contain one of the texts. The first `after` of them pass.
    The next `times` (None: all) fail or, with a `delay`, take between half of it and all of it (ms), by a `seed`.
    """

    containing: Sequence[str]
    operations: Sequence[str] = WRITES
    after: int = 0
    times: int | None = None
    delay: float = 0.0
    seed: int = 0
    seen: int = 0
    chance: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - no secret hangs on it

    def means(self, operation: str, body: str) -> bool:
        """Tell whether a call is meant, and count it."""
        if operation not in self.operations or not any(text in body for text in self.containing):
            return False
        self.seen += 1
        return self.after < self.seen and (self.times is None or self.seen <= self.after + self.times)


class Disturber:
    """An application that hands on to `app` what nobody wants disturbed."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._wanted: dict[str, Disturbance] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http" or not (self._wanted or scope["path"].startswith(PATH)):
            await self._app(scope, receive, send)
            return
        body, receive = await _read(receive)
        if scope["path"].startswith(PATH):
            await self._take_up(scope["method"], scope["path"].removeprefix(PATH), body, send)
            return
        operation = _operation(scope)
        text = body.decode("utf-8", "replace")
        for one in [one for one in self._wanted.values() if operation and one.means(operation, _plain(text))]:
            if not one.delay:
                await _answer(send, 400, _failure(operation, text))
                return
            await asyncio.sleep(one.chance.uniform(one.delay / 2, one.delay) / 1000)
        await self._app(scope, receive, send)

    async def _take_up(self, method: str, name: str, body: bytes, send: Send) -> None:
        if method == "PUT":
            self._wanted[name] = Disturbance(**json.loads(body))
        else:
            self._wanted.pop(name, None)
        await _answer(send, 200, {})


def _operation(scope: Message) -> str:
    """Return the operation of DynamoDB that a call wants, "" for another service's."""
    target = next((value for name, value in scope["headers"] if name.lower() == b"x-amz-target"), b"").decode()
    service, _, operation = target.partition(".")
    return operation if service.startswith("DynamoDB_") else ""


def _plain(body: str) -> str:
    """Write a body without JSON's escapes, so that a text of any script is found in it."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body


def _failure(operation: str, body: str) -> dict[str, Any]:
    """Return the answer to a write that fails. In a transaction it is the last of its writes, as far as it tells."""
    if operation != "TransactWriteItems":
        return {"__type": f"com.amazonaws.dynamodb.v20120810#{CODE}Exception", "message": WORDS}
    others = len(json.loads(body).get("TransactItems", [None])) - 1
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{CODE}]",
        "CancellationReasons": [*[{"Code": "None"}] * others, {"Code": CODE, "Message": WORDS}],
    }


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    waiting: list[Message] = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return b"".join(parts), again


async def _answer(send: Send, status: int, content: Any) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/x-amz-json-1.0"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
