"""The changes of a table's records, from its stream, if it has one.

The stream is read from its position at the start of the run. DynamoDB stamps a change to the second. The reader moves
on only after an answer has arrived, so a lost answer is asked for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.account import SERVER_ERROR
from acceptance.aws.items import plain
from acceptance.aws.watched import Key
from acceptance.trouble import Trouble

SECRET = "TaskToken"  # noqa: S105 - the attribute's name
# A stream may answer with nothing while there is more to come; several empty answers in a row are its end.
EMPTY_PAGES = 2


@dataclass(frozen=True)
class Change:
    """One change of a record: its name, its time (epoch ms, to the second), and the changed attributes.

    `key` is that of the record. `before` and `after` are the whole record; empty if there was or is none, or if the
    stream does not contain it.
    """

    event: str
    created_ms: int
    attributes: Sequence[str]
    key: str = ""
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)  # it may contain a task token
    after: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> str:
        """The change in a few words."""
        if self.event == "INSERT":
            return "stored"
        if self.event == "REMOVE":
            return "removed"
        return f"{', '.join(self.attributes) or 'nothing'} changed"


class RecordChanges:
    """Reads the stream of one table. A table without a stream has no known changes."""

    def __init__(self, dynamodb: Any, streams: Any, table: str, key: Key) -> None:
        """Take boto3 clients of DynamoDB and of its streams, the table's name, and the key of its records.

        Raises Trouble when no path to the key in records is declared.
        """
        if not key.records:
            raise Trouble(
                f"No path to the key “{key.name}” in records is declared. "
                "Declare one (Key.records), such as the attribute reference."
            )
        self._key = key
        self._dynamodb = dynamodb
        self._streams = streams
        self._table = table
        self._arn: str | None = None  # not known yet; "" if there is none that may be read
        self._places: dict[str, str | None] = {}
        self._last: dict[str, str] = {}
        self._changes: dict[str, list[Change]] = defaultdict(list)
        self._all: list[Change] = []

    def open(self) -> None:
        """Remember the stream's current position. If it cannot be read, no changes are reported."""
        self._as_far_as_possible(self._open)

    def _open(self) -> None:
        for shard in self._shards():
            self._places[shard] = self._iterator(shard, "LATEST")

    def of_key(self, key: str) -> Sequence[Change]:
        """Return the changes of a key's records that the stream contains by now, the oldest first."""
        self._as_far_as_possible(self._read_on)
        return tuple(self._changes[key])

    def heard(self, first: int = 0) -> Sequence[Change]:
        """Return the changes of all records that the stream contains by now, the oldest first, from this index on."""
        self._as_far_as_possible(self._read_on)
        return tuple(self._all[first:])

    def _as_far_as_possible(self, read: Callable[[], None]) -> None:
        """Read what can be read; errors are ignored, since it only adds to a picture."""
        try:
            read()
        except BotoCoreError:
            pass  # the next read continues from the same position
        except ClientError as error:
            if not _passes(error):
                self._arn = ""  # it will not be readable the next time either

    def _read_on(self) -> None:
        for shard in self._shards():
            if shard not in self._places:  # opened since, so all of it is new
                self._places[shard] = self._iterator(shard, "TRIM_HORIZON")
            self._read(shard)

    def _shards(self) -> Sequence[str]:
        if self._arn is None:
            described = self._dynamodb.describe_table(TableName=self._table)["Table"]
            self._arn = str(described.get("LatestStreamArn", ""))
        if not self._arn:
            return []
        shards: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = self._streams.describe_stream(StreamArn=self._arn, **after)["StreamDescription"]
            shards += [shard["ShardId"] for shard in page["Shards"]]
            if not page.get("LastEvaluatedShardId"):
                return shards
            after = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}

    def _iterator(self, shard: str, kind: str, **more: str) -> str:
        answer = self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard, ShardIteratorType=kind, **more)
        return str(answer["ShardIterator"])

    def _iterator_again(self, shard: str) -> str:
        """Continue after the last record. A position that was unused for a quarter of an hour is no longer valid."""
        last = self._last.get(shard)
        if last:
            return self._iterator(shard, "AFTER_SEQUENCE_NUMBER", SequenceNumber=last)
        return self._iterator(shard, "LATEST")

    def _read(self, shard: str) -> None:
        empty = 0
        while (place := self._places[shard]) and empty < EMPTY_PAGES:
            try:
                page = self._streams.get_records(ShardIterator=place)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ExpiredIteratorException":
                    raise
                self._places[shard] = self._iterator_again(shard)
                continue
            for record in page["Records"]:
                self._keep(record)
                self._last[shard] = record["dynamodb"].get("SequenceNumber", "")
            empty = 0 if page["Records"] else empty + 1
            self._places[shard] = page.get("NextShardIterator")

    def _keep(self, record: Mapping[str, Any]) -> None:
        told = record["dynamodb"]
        before, after = told.get("OldImage", {}), told.get("NewImage", {})
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        key = self._key.in_record(plain({**before, **after, **told["Keys"]}))
        if key is None:
            return
        change = Change(
            event=record["eventName"],
            created_ms=int(told["ApproximateCreationDateTime"].timestamp() * 1000),
            attributes=tuple("pass" if name == SECRET else name for name in changed),
            key=key,
            before=plain(before),
            after=plain(after),
        )
        self._changes[key].append(change)
        self._all.append(change)


def _passes(error: ClientError) -> bool:
    """Return whether a refusal is temporary: too many calls, or a fault of the service itself."""
    code = error.response["Error"]["Code"]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= SERVER_ERROR or "Throttl" in code or "LimitExceeded" in code or "ThroughputExceeded" in code
