"""The event tap: all events on the bus, kept in memory, found by the keys that the system declares.

One rule, one queue, one background reader. Reading destroys nothing: every scenario sees all the
events about its keys. An event that the bus or the queue delivers again has the same id and is not a second one: both
deliver at least once, and a system that announces something twice makes two events.
The rule carries the lease of the run.

Messages are never hidden. They are received with a visibility timeout of 0 and deleted once they are stored, so a
lost answer hides none of them: the next one contains them again.
"""

import json
import threading
import time
import uuid
from bisect import insort
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.account import Account, LostAnswer, note_repetition
from acceptance.aws.lease import LEASE_SECONDS, PREFIX, RENEW_SECONDS, Change, Lease, answered_at
from acceptance.aws.watched import Key, Watched
from acceptance.masking import remember_secrets_in
from acceptance.trouble import Trouble
from acceptance.waiting import Pauses

EXPIRES_AFTER_SECONDS = 6 * 3600
MARKER_SOURCE, MARKER = "acceptance.tap", "Marker"
MARKER_SECONDS = 30.0
# A new rule takes a while to become effective on AWS; a sentinel event sent before that is lost.
MARKER_AGAIN_SECONDS = 1.0
# How long a call waits at the queue for an event, in s.
POLL_SECONDS = 2
# Queues keep no strict order: an event sent before a sentinel event may arrive so much later than that.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html gives no figure.
STRAGGLER_SECONDS = 1.0
# How often an event is sent whose answer is lost and which does not arrive.
SEND_TRIES = 3
# EventBridge's error codes for an event to be sent again; whether the first attempt took effect is not known.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
INTERNAL_FAILURE = "InternalFailure"
REPEATABLE = (INTERNAL_FAILURE, "ThrottlingException")
# So many events without a declared key are remembered, to detect that a declared path leads nowhere.
UNFILED_MOST = 1000
EVERYTHING = {"source": [{"prefix": ""}]}
# The resources of an event that a run has sent begin like this, followed by the run's id.
MARK = "acceptance-sending-"
SENDING = "acceptance sending"  # the key that finds these, beside the system's own keys
# AWS's name for it, in either of its protocols.
NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
GONE = ("ResourceNotFoundException", *NO_QUEUE)


@dataclass(frozen=True)
class Event:
    """One delivery of an event, as the system's declaration reads it: `sent_ms` is SQS's SentTimestamp (epoch ms)."""

    id: str
    source: str
    detail_type: str
    detail: Any = field(repr=False)  # it may contain a task token
    sent_ms: int
    sending: str = field(default="", repr=False)  # which call of this run has sent it, if one has
    received: "Event | None" = field(default=None, repr=False, compare=False)  # if read differently

    @property
    def as_delivered(self) -> "Event":
        """The event in the deployment's words, for messages and for the deployment's rules."""
        return self.received or self

    @property
    def envelope(self) -> Mapping[str, Any]:
        """The event as EventBridge delivers it, as far as it is stored: the input of paths and patterns."""
        told = self.as_delivered
        return {"id": self.id, "source": self.source, "detail-type": told.detail_type, "detail": told.detail}

    def __getitem__(self, key: str) -> Any:
        """Read one entry of the event's detail, or None."""
        return self.detail.get(key) if isinstance(self.detail, dict) else None


class EventTap:
    """A tap on one bus. Open it before the first event, close it at the end of the run."""

    def __init__(
        self,
        account: Account,
        bus: str,
        run_id: str,
        watched: Watched,
        *,
        far_away: bool = False,
        whole_bus: bool = False,
    ) -> None:
        """Prepare a tap. `watched` declares the keys that events are found by.

        `far_away`: rules take time, and queues keep no order, as on AWS. The tap receives its own events and those with
        a key of this run; all events of the bus if the declaration does not say which these are, or if the `whole_bus`
        is wanted.
        """
        self.watched = watched
        self._mark = f"{MARK}{run_id}-"
        ours = () if whole_bus else watched.patterns(run_id)
        # EventBridge needs at least two alternatives.
        self._pattern = {"$or": [{"resources": [{"prefix": self._mark}]}, *ours]} if ours else EVERYTHING
        self._account = account
        self._bus = bus
        self._far_away = far_away
        self.name = f"{PREFIX}-{int(time.time()) + EXPIRES_AFTER_SECONDS}-{run_id}"
        self._news = threading.Condition()
        self._by_key: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self._heard: list[Event] = []
        self._keys_met: set[str] = set()
        self._unfiled: deque[tuple[Event, frozenset[str]]] = deque(maxlen=UNFILED_MOST)
        self._seen_events: set[str] = set()
        self._end = threading.Event()
        self._failure: str | None = None
        self._lease = threading.Lock()
        self._put_back: Sequence[Change] = ()
        self._renew_at = 0.0
        self._thread: threading.Thread | None = None
        self._queue_url = ""

    def open(self) -> None:
        """Create the queue and the rule, and start reading. On AWS this returns once the rule is in force.

        Raises Trouble when it never is.
        """
        tags = {"created-by": "acceptance-suite", "expires": self._expiry()}
        bus = self._account.events.describe_event_bus(Name=self._bus)
        queue_arn = f"arn:aws:sqs:{self._account.region}:{bus['Arn'].split(':')[4]}:{self.name}"
        rule_arn = self._put_rule(answered_at(bus), Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
        try:
            self._queue_url = self._account.sqs.create_queue(
                QueueName=self.name,
                Attributes={
                    "VisibilityTimeout": "0",
                    "Policy": json.dumps(_policy(queue_arn, rule_arn)),
                },
                tags=tags,
            )["QueueUrl"]
        except ClientError:  # who may not create a queue may not look for one either; closing begins so
            self._account.events.delete_rule(Name=self.name, EventBusName=self._bus)
            raise
        answer = self._account.events.put_targets(
            Rule=self.name, EventBusName=self._bus, Targets=[{"Id": "tap", "Arn": queue_arn}]
        )
        if answer["FailedEntryCount"]:
            raise Trouble(f"The event tap could not be connected: {answer['FailedEntries'][0]['ErrorMessage']}")
        self._thread = threading.Thread(target=self._read, name="event-tap", daemon=True)
        self._thread.start()
        if self._far_away:  # an event sent before the rule is in force never arrives
            self._let_in(stragglers=False)
            self.check()

    def close(self) -> None:
        """Stop reading and remove the rule and the queue."""
        self._end.set()  # the reader ends with its call, or with the queue
        with self._lease:  # a renewal in progress would create the rule again
            remove_tap(self._account, self._bus, self.name)

    def check(self) -> None:
        """Raise Trouble when the tap is known to be lost: its later events prove nothing."""
        if self._failure:
            raise Trouble(self._failure)

    def must_put_back(self, changes: Sequence[Change]) -> None:
        """Note for other runs what to restore if this one is killed. Raises Trouble when the tap is lost."""
        with self._lease:
            self._put_back = tuple(changes)
            self._renew()
        self.check()

    def of_key(self, value: str, name: str = "") -> Sequence[Event]:
        """Return the events about a key, in the order of their arrival; `name` says which of the declared keys it is.

        Raises Trouble when no path to it is declared, and when the declared paths plainly lead nowhere.
        """
        key = self.watched.called(name)
        events = self._events(key.name, value)
        if not events and key.name not in self._keys_met:
            self._refuse_a_path_that_misses(key, value)
        return events

    def heard(self, first: int = 0) -> Sequence[Event]:
        """Return all received events but sentinel events, in the order of arrival, from this index on."""
        self.check()
        with self._news:
            return tuple(self._heard[first:])

    def pause(self, seconds: float) -> None:
        """Wait until there is a new event, for at most `seconds`."""
        with self._news:
            self._news.wait(seconds)

    @property
    def listening(self) -> Mapping[str, Any]:
        """The signal by which a Waiter listens to this tap. If no events are received, it cannot prove an absence."""
        heard = {"prove_listening": self.prove_listening} if self.watched.hears_events else {}
        return {"pause": self.pause, **heard}

    def prove_listening(self) -> None:
        """Send a sentinel event through the bus and wait until it arrives: all events sent before are known then.

        Raises Trouble when it does not arrive, and when no path to a key in events is declared: then silence would
        prove nothing.
        """
        self.watched.called("")
        self._let_in()

    def _let_in(self, *, stragglers: bool = True) -> None:
        """Wait until a sentinel event arrives, and then for the `stragglers`: messages overtake each other on AWS."""
        marker = self._new_sending()
        deadline = time.monotonic() + MARKER_SECONDS
        send_again_at = 0.0
        while not self._events(SENDING, marker):
            now = time.monotonic()
            if now > deadline:
                self._is_lost(f"a sentinel event did not come back within {MARKER_SECONDS:.0f} s")
            elif now >= send_again_at:
                if send_again_at:
                    self._look_after_it()
                self._send(marker)
                send_again_at = now + MARKER_AGAIN_SECONDS
            self.pause(0.05)
        late_until = time.monotonic() + STRAGGLER_SECONDS
        while self._far_away and stragglers and (left := late_until - time.monotonic()) > 0:
            self.pause(left)

    def send(self, source: str, detail_type: str, details: Sequence[str]) -> Sequence[Mapping[str, str]]:
        """Send at most ten events, and return the bus's answer for each: its EventId, or an ErrorCode.

        EventBridge cannot distinguish a repeated call from two intended ones. So when an answer is lost, the event is
        looked for in the tap, and sent again only if it is not there. Raises LostAnswer when that does not help.
        A throttled event is sent again after a pause. Raises Trouble when the bus keeps throttling.
        """
        entries = [self._entry(self._new_sending(), source, detail_type, detail) for detail in details]
        sendings = [entry["Resources"][0] for entry in entries]
        answers: dict[str, Mapping[str, str]] = {}
        waiting, lost = dict(zip(sendings, entries, strict=True)), list[LostAnswer]()
        for attempt in Pauses():
            if attempt > 1:
                note_repetition()
            try:
                told = self._account.events.put_events(Entries=list(waiting.values()))["Entries"]
                answers.update(zip(waiting, told, strict=True))
                unsure = [one for one in waiting if answers[one].get("ErrorCode") == INTERNAL_FAILURE]
            except LostAnswer as error:
                lost, unsure = [*lost, error], [*waiting]
            answers.update(self._came(unsure))
            waiting = {one: entry for one, entry in waiting.items() if _is_to_be_sent(answers.get(one))}
            if not waiting or len(lost) == SEND_TRIES:
                break
        if waiting and lost:
            raise lost[-1]
        if waiting:
            said = answers[next(iter(waiting))]
            raise Trouble(
                f"The event bus {self._bus} has not taken {len(waiting)} of {len(entries)} events in {attempt} tries "
                f"({said.get('ErrorCode')}: {said.get('ErrorMessage')}). Run again, or raise the account's limits."
            )
        return [answers[sending] for sending in sendings]

    def _came(self, sendings: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Return the answer to each event that has arrived although its call was not answered."""
        if not (asked := list(sendings)):
            return {}
        self._let_in()
        heard = {sending: self._events(SENDING, sending) for sending in asked}
        return {sending: {"EventId": events[0].id} for sending, events in heard.items() if events}

    def _send(self, marker: str) -> None:
        entry = self._entry(marker, MARKER_SOURCE, MARKER, "{}")
        try:
            self._account.events.put_events(Entries=[entry])
        except LostAnswer:
            pass  # it arrives, or it is sent again

    def _new_sending(self) -> str:
        return f"{self._mark}{uuid.uuid4().hex}"

    def _entry(self, sending: str, source: str, detail_type: str, detail: str) -> dict[str, Any]:
        return {
            "EventBusName": self._bus,
            "Source": source,
            "DetailType": detail_type,
            "Detail": detail,
            "Resources": [sending],
        }

    def _events(self, name: str, value: str) -> Sequence[Event]:
        self.check()
        with self._news:
            events = tuple(self._by_key.get((name, value), ()))
        ids: dict[str, str] = {}
        for event in events:
            if event.sending and event.detail_type != MARKER and ids.setdefault(event.sending, event.id) != event.id:
                raise Trouble(
                    f"The answer to a call was lost, so {event.detail_type} was sent once more, and has come twice. "
                    "What the system did twice is not its fault; run again."
                )
        return events

    def _read(self) -> None:
        sqs = self._account.client("sqs")
        try:
            while not self._end.is_set():
                self._keep_the_lease()
                self._receive(sqs)
        except (BotoCoreError, ClientError) as error:
            no_queue = isinstance(error, ClientError) and error.response["Error"]["Code"] in NO_QUEUE
            self._is_lost(f"its queue {self.name} was removed by someone else" if no_queue else str(error))

    def _is_lost(self, why: str) -> None:
        if not self._end.is_set() and not self._failure:
            self._failure = (
                f"The event tap was lost: {why}. Nothing can be said about the system from here on; run again."
            )
            with self._news:
                self._news.notify_all()

    def _keep_the_lease(self) -> None:
        if time.monotonic() >= self._renew_at:
            with self._lease:
                if not self._end.is_set():
                    self._renew()

    def _renew(self) -> None:
        now = self._find_rule()
        if not self._failure:  # otherwise it would be created again, and lead nowhere
            self._put_rule(now)

    def _put_rule(self, now: float, **more: Any) -> str:
        self._renew_at = time.monotonic() + RENEW_SECONDS
        answer = self._account.events.put_rule(
            Name=self.name,
            EventBusName=self._bus,
            EventPattern=json.dumps(self._pattern),
            Description=Lease(self.name, now + LEASE_SECONDS, self._put_back).words,
            **more,
        )
        return str(answer["RuleArn"])

    def _look_after_it(self) -> None:
        """Find out why no events arrive, if that is visible."""
        self._find_rule()
        try:
            targets = self._account.events.list_targets_by_rule(Rule=self.name, EventBusName=self._bus)["Targets"]
        except ClientError:  # the permission is optional; without it the tap is lost without a known reason
            return
        if not targets:
            self._is_lost(f"its rule {self.name} was detached from its queue by someone else")

    def _find_rule(self) -> float:
        """Check that the rule exists and is enabled, and return when that was (epoch s, the cloud's clock)."""
        answer = self._account.events.list_rules(EventBusName=self._bus, NamePrefix=self.name)
        rule = next((rule for rule in answer["Rules"] if rule["Name"] == self.name), None)
        if rule is None:
            self._is_lost(f"its rule {self.name} was removed by someone else")
        elif rule["State"] != "ENABLED":
            self._is_lost(f"its rule {self.name} was disabled by someone else")
        return answered_at(answer)

    def _receive(self, sqs: Any) -> None:
        messages = sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=POLL_SECONDS,
            VisibilityTimeout=0,
            MessageSystemAttributeNames=["SentTimestamp"],
        ).get("Messages", [])
        with self._news:
            for message in messages:
                self._keep(message)
            if messages:
                self._news.notify_all()
        if messages:
            # A message that cannot be deleted arrives again, and is recognized by its id. Only its last handle counts,
            # so messages are deleted before the queue is asked again.
            handles = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
            sqs.delete_message_batch(QueueUrl=self._queue_url, Entries=handles)

    def _keep(self, message: Any) -> None:
        try:
            body = json.loads(message["Body"])
            delivered = Event(
                id=body["id"],
                source=body["source"],
                detail_type=body["detail-type"],
                detail=body["detail"],
                sent_ms=int(message["Attributes"]["SentTimestamp"]),
                sending=next((one for one in body.get("resources", []) if str(one).startswith(MARK)), ""),
            )
        except (ValueError, KeyError, TypeError):
            return  # not an event: another sender wrote into the queue
        if delivered.id in self._seen_events:
            return
        self._seen_events.add(delivered.id)
        remember_secrets_in(delivered.detail)
        detail_type, detail = self.watched.reads(delivered.detail_type, delivered.detail)
        event = replace(delivered, detail_type=detail_type, detail=detail, received=delivered)
        if event.detail_type != MARKER:
            self._heard.append(event)
        keys = [(key.name, value) for key in self.watched.keys for value in key.in_event(body)]
        self._keys_met.update(name for name, _ in keys)
        if not keys and not event.sending:
            self._unfiled.append((event, frozenset(_texts_in(event.detail))))
        for one in [*keys, *([(SENDING, event.sending)] if event.sending else [])]:
            # An event that was read later, because an answer was lost, takes its place before others.
            insort(self._by_key[one], event, key=lambda one: one.sent_ms)

    def _refuse_a_path_that_misses(self, key: Key, value: str) -> None:
        """Raise Trouble when a key stands elsewhere in events, and no key was ever found where it is declared.

        That nothing was ever found by a path proves nothing by itself: there may have been no events.
        """
        with self._news:
            event = next((event for event, texts in self._unfiled if value in texts), None)
        if event:
            raise Trouble(
                f"{event.detail_type} from {event.source} names {value}, and not at {' or '.join(key.events)}, where "
                f"no event of this run has had anything. Declare where the key “{key.name}” stands in events."
            )

    def _expiry(self) -> str:
        return datetime.fromtimestamp(int(self.name.split("-")[2]), UTC).isoformat()


def _is_to_be_sent(answer: Mapping[str, str] | None) -> bool:
    """Whether the bus rejected an event that it may accept the next time."""
    return answer is None or answer.get("ErrorCode") in REPEATABLE


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)
    else:
        yield str(value)


def _policy(queue_arn: str, rule_arn: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
            }
        ],
    }


def remove_tap(account: Account, bus: str, name: str) -> None:
    """Remove a tap's rule and queue; missing ones are ignored."""
    steps: tuple[Callable[[], Any], ...] = (
        # The rule is removed last: a sweep finds the queue by it when this is interrupted.
        lambda: account.sqs.delete_queue(QueueUrl=account.sqs.get_queue_url(QueueName=name)["QueueUrl"]),
        lambda: account.events.remove_targets(Rule=name, EventBusName=bus, Ids=["tap"]),
        lambda: account.events.delete_rule(Name=name, EventBusName=bus),
    )
    for step in steps:
        try:
            step()
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
