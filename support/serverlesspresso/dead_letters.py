"""The messages that nobody in the café could serve, in the queues that its rules name."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.queues import kept_for, unwatched
from acceptance.trouble import Trouble
from support.serverlesspresso.bus import Bus

# The most messages that SQS hands out at a time, and how long it hides them then, in s.
PAGE, HIDDEN_SECONDS = 10, 1


class DeadLetters:
    """The dead letters of one café. Its functions keep theirs in the same queues."""

    def __init__(self, account: Account, event_bus: str, bus: Bus) -> None:
        self._account = account
        self._event_bus = event_bus
        self._bus = bus
        self._seen: dict[str, Any] = {}
        self._sought: set[str] = set()

    def of(self, order_id: str) -> Sequence[str]:
        """Return the types of the messages about an order."""
        self._sought.add(order_id)
        return [str(one["detail-type"]) for one in self._read(order_id)]

    def not_sought(self, order_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return the type and the order of each message about one of these orders that no scenario has looked for."""
        sought, read = self._sought, self._read("")
        orders = [one for one in order_ids if one not in sought]
        return [(str(one["detail-type"]), order) for one in read for order in orders if order in json.dumps(one)]

    def send_again(self, order_id: str) -> None:
        """Put the messages about an order onto the bus again, as Mo does."""
        for one in self._read(order_id):
            self._bus.send_again(order_id, one["detail-type"], one["detail"])

    def unwatched(self) -> Sequence[str]:
        """Return the queues for which no alarm goes off when one message is in them. Raises Trouble without queues."""
        queues = self._queues()
        if not queues:
            raise Trouble("No rule of the café's keeps what it cannot hand on: there are no dead letters.")
        return unwatched(self._account, queues)

    def shortest_kept(self) -> timedelta | None:
        """Return how long a message stays in the queue that keeps its messages for the shortest time; None without."""
        urls = [self._account.sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in self._queues()]
        return min((kept_for(self._account, url) for url in urls), default=None)

    def _read(self, order_id: str) -> Sequence[Any]:
        """Return the messages about an order, those read before too: a queue hides for a while what it has shown."""
        for name in self._queues():
            url = self._account.sqs.get_queue_url(QueueName=name)["QueueUrl"]
            hidden = {"QueueUrl": url, "MaxNumberOfMessages": PAGE, "VisibilityTimeout": HIDDEN_SECONDS}
            while messages := self._account.sqs.receive_message(**hidden).get("Messages"):
                for message in messages:
                    told = json.loads(message["Body"])
                    # A rule keeps the event itself, a function puts it among what has become of it.
                    self._seen[message["MessageId"]] = told.get("requestPayload", told)
        return [one for one in self._seen.values() if order_id in json.dumps(one)]

    def _queues(self) -> Sequence[str]:
        events, bus = self._account.events, self._event_bus
        rules = events.list_rules(EventBusName=bus)["Rules"]
        targets = [
            target
            for rule in rules
            for target in events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]
        ]
        kept = {target.get("DeadLetterConfig", {}).get("Arn", "") for target in targets}
        return sorted(arn.rpartition(":")[2] for arn in kept if arn)
