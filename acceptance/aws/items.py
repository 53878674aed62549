"""Items as DynamoDB writes them, and as Python does. Numbers are Decimals on the way back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from acceptance.trouble import Trouble
from acceptance.waiting import Pauses

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
AT_ONCE = 25

_DESERIALIZER, _SERIALIZER = TypeDeserializer(), TypeSerializer()


def typed(item: Mapping[str, Any]) -> dict[str, Any]:
    """Write an item in DynamoDB's notation."""
    return {name: _SERIALIZER.serialize(value) for name, value in item.items()}


def plain(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read an item from DynamoDB's notation."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}


def write_all(dynamodb: Any, table: str, requests: Sequence[Mapping[str, Any]]) -> None:
    """Write to a table by BatchWriteItem, as many at a time as DynamoDB allows. `dynamodb` is a boto3 client.

    Unprocessed items are retried after a pause. Raises Trouble when that does not help.
    """
    for start in range(0, len(requests), AT_ONCE):
        left: Any = {table: requests[start : start + AT_ONCE]}
        for _ in (pauses := Pauses()):
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems") or {}
            if not left:
                break
        else:
            raise Trouble(
                f"DynamoDB has left {len(left.get(table, ()))} writes to {table} undone in {pauses.most} attempts: it "
                "throttles them. Run again, or raise the table's capacity."
            )


def as_json(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write an item's numbers as JSON has them: integers, and others as floats."""

    def number(value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return int(value) if value == value.to_integral_value() else float(value)

    return {name: number(value) for name, value in item.items()}
