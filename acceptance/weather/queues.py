"""Deliveries of rules and queues: not at once, not in order, and at least once.

A message that has been seen is kept here until its time has come. The queue is polled as its reader polls it: it may
deliver a message again while that is kept, which then counts once. Queues that promise an order (.fifo) are left alone.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from acceptance.weather.calls import JSON, NOTHING, Answer, Ask, Call
from acceptance.weather.draws import Draws
from acceptance.weather.weathers import Weather

FIFO = ".fifo"
MOST = 10  # messages that one call receives, as SQS says
# The prefix of the handles of repeated messages: they are not the queue's own.
AGAIN = "again-"
_LOOK_AGAIN = 0.05


@dataclass
class _Kept:
    message: Mapping[str, Any]
    due: float  # monotonic, s


@dataclass
class _Queue:
    kept: list[_Kept] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    deaf_until: float = 0.0  # s of the epoch


class Queues:
    """The queues of one account, and the rules that feed them."""

    def __init__(self, weather: Weather, draws: Draws) -> None:
        self._weather, self._draws = weather, draws
        self._queues: dict[tuple[str, str], _Queue] = defaultdict(_Queue)

    async def __call__(self, call: Call, ask: Ask) -> Answer:
        """Deliver late, in another order, or twice; forward any other call."""
        if call.protocol != JSON:
            return await ask(call)
        if call.operation == "PutTargets":
            return await self._connect(call, ask)
        name = str(call.given.get("QueueUrl", "")).rpartition("/")[2]
        if not name or name.endswith(FIFO):
            return await ask(call)
        if call.operation == "ReceiveMessage":
            return await self._receive(self._queues[call.key, name], call, ask)
        if call.operation in ("DeleteMessage", "DeleteMessageBatch"):
            return await _delete(call, ask)
        return await ask(call)

    async def _connect(self, call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        if answer.ok:
            deaf = self._weather.rule_deafness * (0.5 + self._draws.next("deaf rule").random() / 2)
            for target in call.given.get("Targets", ()):
                self._queues[call.key, str(target.get("Arn")).rpartition(":")[2]].deaf_until = time.time() + deaf
        return answer

    async def _receive(self, queue: _Queue, call: Call, ask: Ask) -> Answer:
        end = time.monotonic() + float(call.given.get("WaitTimeSeconds") or 0)
        most = int(call.given.get("MaxNumberOfMessages") or 1)
        names = [*call.given.get("MessageSystemAttributeNames", call.given.get("AttributeNames", ())), "SentTimestamp"]
        wider = call.giving(MaxNumberOfMessages=MOST, MessageSystemAttributeNames=list(dict.fromkeys(names)))
        while True:
            wait = 0 if queue.kept else int(max(0.0, end - time.monotonic()))
            answer = await ask(wider.giving(WaitTimeSeconds=wait))
            if not answer.ok:
                return answer
            await self._take(queue, answer.told.get("Messages", ()), call, ask)
            due = self._due(queue, most)
            left = end - time.monotonic()
            if due or left <= 0:
                return answer.telling(Messages=due or None)
            await asyncio.sleep(min(left, _LOOK_AGAIN))

    async def _take(self, queue: _Queue, messages: Any, call: Call, ask: Ask) -> None:
        deaf = [one for one in messages if int(one["Attributes"]["SentTimestamp"]) < 1000 * queue.deaf_until]
        if deaf:  # it never came here
            entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(deaf)]
            given = {"QueueUrl": call.given["QueueUrl"], "Entries": entries}
            await ask(call.asking_for("DeleteMessageBatch", given))
        for one in messages:
            if one not in deaf:
                self._keep(queue, one)

    def _keep(self, queue: _Queue, message: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if message["MessageId"] in queue.seen:
            known = next((one for one in queue.kept if _is_the_same(one.message, message)), None)
            if known is None:
                queue.kept.append(_Kept(message, now))
            else:
                known.message = message  # only the latest handle counts
            return
        queue.seen.add(message["MessageId"])
        chance, delay = self._draws.next("message"), self._weather.message_delay / 1000
        due = now + delay * chance.random()
        queue.kept.append(_Kept(message, due))
        if chance.random() < self._weather.twice_by_queue:
            queue.kept.append(_Kept(_again(message), due + delay * chance.random()))
        if chance.random() < self._weather.twice_by_bus:
            other = {**_again(message), "MessageId": str(uuid.uuid4())}
            queue.kept.append(_Kept(other, due + delay * chance.random()))

    def _due(self, queue: _Queue, most: int) -> list[Mapping[str, Any]]:
        now = time.monotonic()
        due = [one for one in queue.kept if one.due <= now]
        self._draws.next("order").shuffle(due)
        for one in due[:most]:
            queue.kept.remove(one)
        return [one.message for one in due[:most]]


def _is_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["MessageId"] == other["MessageId"]) and not _comes_again(one)


def _comes_again(named: Mapping[str, Any]) -> bool:
    """Whether a message, or a call about one, has one of our handles."""
    return str(named.get("ReceiptHandle")).startswith(AGAIN)


def _again(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**message, "ReceiptHandle": f"{AGAIN}{uuid.uuid4().hex}"}


async def _delete(call: Call, ask: Ask) -> Answer:
    """Delete the queue's messages from the queue; repeated ones are already gone."""
    if call.operation == "DeleteMessage":
        return NOTHING if _comes_again(call.given) else await ask(call)
    entries = call.given.get("Entries", ())
    again = [{"Id": one["Id"]} for one in entries if _comes_again(one)]
    others = [one for one in entries if not _comes_again(one)]
    if not again:
        return await ask(call)
    answer = await ask(call.giving(Entries=others)) if others else NOTHING.telling(Failed=[])
    return answer.telling(Successful=[*answer.told.get("Successful", ()), *again]) if answer.ok else answer
