"""Items as DynamoDB writes them, and as Python does. Numbers are Decimals on the way back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_DESERIALIZER, _SERIALIZER = TypeDeserializer(), TypeSerializer()


def typed(item: Mapping[str, Any]) -> dict[str, Any]:
    """Write an item in DynamoDB's notation."""
    return {name: _SERIALIZER.serialize(value) for name, value in item.items()}


def plain(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read an item from DynamoDB's notation."""
    return {name: _DESERIALIZER.deserialize(value) for name, value in item.items()}


def as_json(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write an item's numbers as JSON has them: integers, and others as floats."""

    def number(value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return int(value) if value == value.to_integral_value() else float(value)

    return {name: number(value) for name, value in item.items()}
