"""Makes calls to the embedded account fail or take longer, on demand, so that a part of a system fails half-way.

`Disturber` stands in front of MiniStack, inside of the account's process; `acceptance.aws.disturbances` asks it. A call
is meant by its operation and by a text that stands in it, such as the id of one order. The tasks of workflows, whose
calls MiniStack makes by itself, are disturbed as well (`acceptance.aws.workflow_tasks`); their text is what the
workflow was started with. So are the events that a bus hands on, and the runs of functions
(`acceptance.aws.handing_on`).
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

PATH = "/_acceptance/disturbances/"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "ExecuteStatement")
READS = ("GetItem", "Query", "TransactGetItems", "BatchGetItem")
EVERY = ("*",)
# Operations of any service that only read. Their answers are late: the state they report may have changed by then.
LOOKS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "List", "Describe")
# What only happens inside of the account: a function runs, and a bus hands an event on, “HandOn” and its detail-type.
RUN, HAND_ON = "Run", "HandOn "
# A durable function notes its progress. If that fails, nothing of what it goes on to do is known of, as after a crash.
CHECKPOINT = "CheckpointDurableExecution"
# A program, no workflow, puts events onto a bus, which takes the call and refuses the events.
TELL = "Tell"
# EVERY does not mean these.
SPECIAL = (RUN, HAND_ON, CHECKPOINT, TELL)
# The longest time that a call is held if its disturbance is never removed.
HOLD_SECONDS = 10.0
# Real errors: one that affects one write and that no client retries by itself, and that of a throttled table.
CODE, THROTTLED = "ItemCollectionSizeLimitExceeded", "ProvisionedThroughputExceeded"
# What is said where an answer is lost: DynamoDB's InternalServerError leaves open whether a write has taken effect.
UNSAID = "InternalServerError"
WORDS = "This was made to fail by a test."

# What happens to calls: they fail by a code; they are late; they wait until the disturbance is taken back; they are
# carried out, and their callers are told of an error of the server; reads that do not ask for the latest state are
# answered by what was before the last write.
FAIL, LATE, HOLD, LOSE_ANSWER, BEHIND = "fail", "late", "hold", "lose answer", "behind"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass
class Disturbance:
    """Which calls match, and what happens to them.

    Calls of these `operations` are meant (EVERY: of all), and `of_tasks` those that a workflow's task makes, if they
    contain one of the texts (none: whatever they contain), and `also` this one.
    The first `after` of them pass. The `effect` meets the next `times` (None: all), or those of the next `lasting`
    seconds from the first one. Those that FAIL do so by a `code`; those with a `delay` are LATE: they take between half
    of it and all of it (ms), by a `seed`.
    """

    containing: Sequence[str] = ()
    operations: Sequence[str] = WRITES
    of_tasks: Sequence[str] = ()
    after: int = 0
    times: int | None = None
    effect: str = FAIL
    delay: float = 0.0
    seed: int = 0
    code: str = CODE
    lasting: float | None = None
    also: str = ""
    seen: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.delay:
            self.effect = LATE
        self._delayed: Counter[str] = Counter()
        self._over = threading.Event()
        self._since = 0.0

    def means(self, operation: str, text: str, *, task: bool = False) -> bool:
        """Tell whether a call is meant, and count it."""
        every = tuple(self.operations) == EVERY and not operation.startswith(SPECIAL)
        if not (every or operation in self.operations or (task and operation in self.of_tasks)):
            return False
        if self.also not in text or (self.containing and not any(one in text for one in self.containing)):
            return False
        self.seen += 1
        if self.lasting is not None and self.after < self.seen:
            self._since = self._since or time.monotonic()
            return time.monotonic() - self._since < self.lasting
        return self.after < self.seen and (self.times is None or self.seen <= self.after + self.times)

    def next_delay(self, operation: str) -> float:
        """Draw how long the next call of an operation takes (ms).

        The n-th one takes the same time for the same seed, regardless of other operations in between.
        """
        self._delayed[operation] += 1
        chance = random.Random(f"{self.seed} {operation} {self._delayed[operation]}")  # noqa: S311 - keeps no secret
        return chance.uniform(self.delay / 2, self.delay)

    def wait_until_over(self) -> None:
        """Wait until the disturbance is removed."""
        self._over.wait(HOLD_SECONDS)

    def end(self) -> None:
        """Release the calls that are held."""
        self._over.set()


@dataclass(frozen=True)
class Disturbed:
    """What happens to one call.

    It fails by a code, or is held by some, or is late (s), at its begin or its answer; or its answer is lost, or behind
    what is stored.
    """

    fails: str = ""
    loses_answer: bool = False
    is_behind: bool = False
    held_by: Sequence[Disturbance] = ()
    begins_late: float = 0.0
    answers_late: float = 0.0


class Disturber:
    """An application that forwards undisturbed calls to `app`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._wanted: dict[str, Disturbance] = {}
        self._one_at_a_time = threading.Lock()

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
        disturbed = self.disturb(operation, text) if operation else Disturbed()
        if disturbed.fails:
            await _answer(send, 200 if operation == TELL else 400, _failure(operation, text, disturbed.fails))
            return
        for one in disturbed.held_by:
            await asyncio.to_thread(one.wait_until_over)
        await asyncio.sleep(disturbed.begins_late)
        if disturbed.loses_answer:
            await self._app(scope, receive, _lose)
            await _answer(send, 500, _failure("", text, UNSAID))
            return
        with reading_behind(disturbed.is_behind):
            await self._app(scope, receive, _late(send, disturbed.answers_late))

    def disturb(self, operation: str, text: str, *, task: bool = False) -> Disturbed:
        """Return what happens to a call of an operation whose content, or whose workflow's input, contains a text.

        `task`: whether it is a task of a workflow.
        """
        if not self._wanted:
            return Disturbed()
        with self._one_at_a_time:  # workflows run in threads of their own
            text = _plain(text)
            meant = [one for one in list(self._wanted.values()) if one.means(operation, text, task=task)]
            late = sum(one.next_delay(operation) for one in meant if one.effect == LATE) / 1000
        looks = operation.startswith(LOOKS)
        return Disturbed(
            fails=next((one.code for one in meant if one.effect == FAIL), ""),
            loses_answer=any(one.effect == LOSE_ANSWER for one in meant),
            is_behind=any(one.effect == BEHIND for one in meant),
            held_by=[one for one in meant if one.effect == HOLD],
            begins_late=0.0 if looks else late,
            answers_late=late if looks else 0.0,
        )

    async def _take_up(self, method: str, name: str, body: bytes, send: Send) -> None:
        if method == "PUT":
            self._wanted[name] = Disturbance(**json.loads(body))
        known = self._wanted.get(name)
        if method == "DELETE" and known:
            del self._wanted[name]
            known.end()
        await _answer(send, 200, {"seen": known.seen if known else 0})


_behind: ContextVar[bool] = ContextVar("behind", default=False)


@contextmanager
def reading_behind(is_behind: bool) -> Iterator[None]:
    """Let the calls meanwhile be behind, or not."""
    before = _behind.set(is_behind)
    try:
        yield
    finally:
        _behind.reset(before)


def is_behind() -> bool:
    """Whether the call that is answered now is behind."""
    return _behind.get()


async def _lose(_: Message) -> None:
    """Send an answer to nobody."""


def _late(send: Send, seconds: float) -> Send:
    """Delay an answer by this many seconds."""
    if not seconds:
        return send
    waited = False

    async def send_late(message: Message) -> None:
        nonlocal waited
        if not waited:
            waited = True
            await asyncio.sleep(seconds)
        await send(message)

    return send_late


def _operation(scope: Message) -> str:
    """Return the DynamoDB operation of a call, TELL for EventBridge's PutEvents, CHECKPOINT, "" for any other."""
    if scope["path"].startswith("/2025-12-01/durable-executions/") and scope["path"].endswith("/checkpoint"):
        return CHECKPOINT
    target = next((value for name, value in scope["headers"] if name.lower() == b"x-amz-target"), b"").decode()
    service, _, operation = target.partition(".")
    if target == "AWSEvents.PutEvents":
        return TELL
    return operation if service.startswith("DynamoDB_") else ""


def _plain(body: str) -> str:
    """Decode a body's JSON escapes, so that a text of any script is found in it."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body


def _failure(operation: str, body: str, code: str) -> dict[str, Any]:
    """Return the answer to a call that fails. In a transaction it names the last of its writes as the cause."""
    if operation == CHECKPOINT:
        return {"__type": "InvalidParameterValueException", "message": f"Invalid checkpoint token: {WORDS}"}
    if operation == TELL:
        entries = [{"ErrorCode": code, "ErrorMessage": WORDS} for _ in json.loads(body)["Entries"]]
        return {"FailedEntryCount": len(entries), "Entries": entries}
    if operation != "TransactWriteItems":
        name = code if code == UNSAID else f"{code}Exception"
        return {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": WORDS}
    others = len(json.loads(body).get("TransactItems", [None])) - 1
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{code}]",
        "CancellationReasons": [*[{"Code": "None"}] * others, {"Code": code, "Message": WORDS}],
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
